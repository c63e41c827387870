"""Breaks one rule of the board after the other, in a copy of the RTL, and insists that its bench notices."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from isadma_verify.equivalence.cores import CORES
from isadma_verify.equivalence.trees import write_cores

HOUSE = Path(__file__).resolve().parents[3]
MUTANTS = tomllib.loads((Path(__file__).parent / "board_mutants.toml").read_text())

#: Seconds for one mutant, its build included.
TIMEOUT = 600

#: Runs a module of benches on whatever RTL is imported, and tells which of them failed.
RUN = """
import json, sys
from pathlib import Path
from isadma.pc import PcAt
from isadma_verify.cosim.board import AT_PINS
from isadma_verify.cosim.common.build import build_core
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import clockings_of, run
folder = Path(sys.argv[1])
build = build_core(PcAt(), top="at", folder=folder)
failed = {}
for module in sys.argv[2:]:
    options = BenchOptions(per_state=clockings_of(module)[-1], pins=AT_PINS)
    outcome = run(build, module, options=options, folder=folder / module)
    name = module.rpartition(".")[2]
    for result in outcome:
        if not result.passed:
            failed.setdefault(f"{name}.{result.name.partition('/')[0]}", set()).add(result.exception)
(folder / "failed.json").write_text(json.dumps({bench: sorted(kinds) for bench, kinds in sorted(failed.items())}))
"""


def broken_rtl(name: str, folder: Path) -> Path:
    """Copy the RTL with one rule broken; return the folder to import it from."""
    rtl, mutant = folder / "rtl", MUTANTS[name]
    shutil.copytree(HOUSE / "rtl", rtl, ignore=shutil.ignore_patterns("__pycache__"))
    file = rtl / "isadma" / mutant["file"]
    text = file.read_text()
    found = text.count(mutant["line"])
    assert found == 1, f"{file.name} has {mutant['line']!r} {found} times: the RTL has changed, and {name} must follow"
    file.write_text(text.replace(mutant["line"], mutant["broken"]))
    return rtl


def benches_that_fail(rtl: Path, folder: Path, *modules: str) -> dict[str, list[str]]:
    """Run modules of benches on a board of this RTL; return those that failed, as module.name, and their exceptions."""
    path = os.pathsep.join(filter(None, [str(rtl), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder), *(f"isadma_verify.cosim.board.benches.{name}" for name in modules)],
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads((folder / "failed.json").read_text())


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_patches_one_line_that_is_there(name: str, tmp_path: Path):
    broken_rtl(name, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_noticed_by_its_bench(name: str, tmp_path: Path):
    killer = MUTANTS[name]["killer"]
    rtl = broken_rtl(name, tmp_path)
    # A mutant that is no board at all is an error of the table.
    assert not write_cores(rtl, {"at": CORES["at"]}, tmp_path / "cores")
    failed = benches_that_fail(rtl, tmp_path, killer.partition(".")[0])
    print(f"{name}: {', '.join(failed)}")
    assert failed.get(killer, ["AssertionError"]) == ["AssertionError"], f"{killer} crashed: {failed[killer]}"
    assert killer in failed, f"{killer} passes where {name} is broken; failed: {failed}"
