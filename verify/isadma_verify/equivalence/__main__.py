"""`python -m isadma_verify.equivalence BASE [CORE...]`: proves the working tree's cores equal to those of a base."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from isadma_tools import toolchain
from isadma_verify.equivalence.cores import CORES
from isadma_verify.equivalence.prover import compare
from isadma_verify.equivalence.trees import BaseError, rtl_of, write_cores

HOUSE = Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every core is proved equal, 1 if one differs, 2 if nothing could be compared."""
    parser = argparse.ArgumentParser(
        prog="isadma_verify.equivalence",
        description="Prove that the RTL of the working tree behaves as that of a base: every core, every clock.",
    )
    parser.add_argument("base", metavar="BASE", help="a git revision, or a folder with an rtl/ in it")
    parser.add_argument("cores", metavar="CORE", nargs="*", help=f"which; all of them unless told: {', '.join(CORES)}")
    parser.add_argument("--tree", type=Path, default=HOUSE, metavar="DIR", help="compare this tree")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the netlists, scripts and logs there")
    given = parser.parse_args(arguments)
    for name in given.cores:
        if name not in CORES:
            parser.error(f"no core {name!r}; there are {', '.join(CORES)}")
    try:
        with tempfile.TemporaryDirectory(prefix="isadma-equivalence-") as folder:
            return _prove(given.base, given.tree, given.cores or list(CORES), given.keep or Path(folder))
    except (BaseError, toolchain.ToolMissingError) as error:
        print(error, file=sys.stderr)
        return 2


def _prove(base: str, tree: Path, names: list[str], folder: Path) -> int:
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    cores = {name: CORES[name] for name in names}
    before = write_cores(rtl_of(base, house=HOUSE, folder=folder / "base"), cores, folder / "gold")
    after = write_cores(tree.resolve() / "rtl", cores, folder / "gate")
    width = max(map(len, names))
    counts = {"equal": 0, "differs": 0, "new": 0}
    for name in names:
        started = time.monotonic()
        if name in before and name not in after:
            said, detail = "new", f"not in the base: {before[name]}"
        elif name in after:
            said, detail = "differs", f"not in the tree: {after[name]}"
        else:
            verdict = compare(folder / "gold" / f"{name}.il", folder / "gate" / f"{name}.il", folder / name)
            said = "equal" if verdict.holds else "differs"
            detail = verdict.detail or f"{verdict.points} points, {time.monotonic() - started:.1f} s"
        counts[said] += 1
        print(f"{said:8} {name:{width}}  {detail}", flush=True)
    if counts["differs"]:
        return 1
    if not counts["equal"]:
        print(f"base {base!r} has none of these cores", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
