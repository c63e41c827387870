"""Run what the project judges itself by, and write docs/sign-off.md from it: `make sign-off`, or this with options.

Results stay in docs/sign-off.json, each with its command and the commit it was run on. What is not run again keeps the
result it had; what never ran with its present command says so on the page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from isadma_tools.files.whole import write_whole
from isadma_tools.processes.workers import run_child

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PAGE = ROOT / "docs" / "sign-off.json", ROOT / "docs" / "sign-off.md"
#: The real capture is not in the tree.
CAPTURE = "$ISADMA_CAPTURES/area5150_lake_effect_final_02.sr"
_PATIENCE = {False: 3600, True: 24 * 3600}
_SUMMARY = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected|xfailed|xpassed)")

#: What a program printed, and its exit status, in words; and whether it counts as passed.
Reader = Callable[[str, int], tuple[bool, str]]


def pytest_said(out: str, status: int) -> tuple[bool, str]:
    """Read the last line of pytest; nothing but skipped tests is no pass."""
    counts = {name: int(count) for count, name in _SUMMARY.findall((out.strip().splitlines() or [""])[-1])}
    told = ", ".join(f"{counts[name]:,} {name}" for name in counts if name != "deselected")
    return status == 0 and counts.get("passed", 0) > 0, told or f"exit status {status}, no summary"


def fuzz_said(out: str, status: int) -> tuple[bool, str]:
    """Clocks, differences and coverage of `isadma fuzz --json`."""
    told = json.loads(out)
    cover, differences = told["coverage"], len(told["differences"])
    return status == 0 and not differences, (
        f"{told['clocks']:,} clocks, {told['scenarios']:,} programs, {differences or 'no'} differences,"
        f" {cover['reached']} of {cover['reachable']} bins"
    )


def proofs_said(out: str, status: int) -> tuple[bool, str]:
    """Proofs and covers of `isadma prove --json`."""
    rules = json.loads(out)["properties"]
    reached, covers = (sum(rule[name] for rule in rules) for name in ("reached", "covers"))
    wrong = [rule["property"] for rule in rules if not (rule["proved"] and rule["covered"])]
    told = f"{len(rules) - len(wrong)} of {len(rules)} properties, {reached} of {covers} covers"
    return status == 0 and not wrong and bool(rules), told + (f"; not {', '.join(wrong)}" if wrong else "")


def mutants_said(out: str, status: int) -> tuple[bool, str]:
    """Fates of `isadma mutate --json`."""
    told = json.loads(out)
    return status == 0, (
        f"{told['mutants']} mutants: {told['noticed']} noticed, {len(told['without_effect'])} proved without effect,"
        f" {len(told['survivors'])} survive; {100 * told['share']:.1f} % of those with an effect noticed"
    )


def capture_said(out: str, status: int) -> tuple[bool, str]:
    """Clocks and lines of `isadma check --json`."""
    told = json.loads(out)
    judged, differ = (sum(line[name] for line in told["lines"].values()) for name in ("clocks", "differ"))
    return status == 0 and not differ and judged > 0, (
        f"{told['clocks']:,} captured clocks, {judged:,} judged values on {len(told['lines'])} lines, {differ} differ;"
        f" {told['granted_in_the_captured_clock']:,} of {told['requests']:,} grants in the captured clock"
    )


@dataclass(frozen=True)
class Line:
    """One line of the page.

    Attributes
    ----------
    name : str
        For `--only` and the JSON.
    group, what : str
        Heading, and what is judged.
    command : str
        As typed in the root of the tree, with .venv/bin on the path.
    read : callable
        Makes of its output what the page says.
    long : bool
        Left out unless asked for.
    """

    name: str
    group: str
    what: str
    command: str
    read: Reader
    long: bool = False

    def words(self) -> list[str]:
        """Split the command, with the environment's folders put in."""
        return [os.path.expandvars(word) for word in shlex.split(self.command)]


@dataclass(frozen=True)
class Result:
    """What came of a line: on which commit, in how many seconds, whether it passed, in words."""

    command: str
    commit: str
    seconds: float
    passed: bool
    said: str


def _tests(name: str, group: str, what: str, paths: str, *, long: bool = False) -> Line:
    mark = "long" if long else "not long"
    return Line(name, group, what, f"pytest -q -m '{mark}' {paths}", pytest_said, long)


def _fuzz(clockings: Sequence[tuple[str, int]], clocks: str, *, long: bool) -> list[Line]:
    return [
        Line(
            f"fuzz-{target}-{per_state}-{clocks}",
            "Random programs beside a golden model",
            f"{target}, {per_state} fabric clock{'s' * (per_state > 1)} a state, {clocks}",
            f"isadma fuzz --target {target} --per-state {per_state} --clocks {clocks} --json",
            fuzz_said,
            long,
        )
        for target, per_state in clockings
    ]


_AFTERWORD = """\
Bins that no program can reach, and the mutants that survive, are explained in
[the guide](guide/13-fuzz.md); what each property says is printed by `isadma prove`.
"""

_TARGETS = (
    ("i8237", 1),
    ("i8237", 2),
    ("i8237", 4),
    ("82c37", 1),
    ("82c37", 2),
    ("82c37", 4),
    ("at", 1),
    ("at-refresh", 1),
    ("xt", 1),
    ("wishbone", 1),
    ("wishbone-bursts", 1),
    ("bridge", 1),
    ("socket", 1),
    ("i8237-noise", 1),
    ("i8237-noise", 2),
    ("at-noise", 1),
    ("xt-noise", 1),
)
_BENCHES, _PROOFS, _MUTANTS = "Benches", "Proofs", "Mutants"
_GATES, _SILICON, _FOREIGN = "Gate level", "Silicon", "Software and cores of others"

LINES: tuple[Line, ...] = (
    _tests("rtl", _BENCHES, "chip, boards, Wishbone, in Amaranth's simulator", "tests/rtl"),
    _tests("bench-chip", _BENCHES, "the chip at its pins, cocotb on Verilator", "tests/verify/cosim/test_benches.py"),
    _tests("bench-board", _BENCHES, "the PC/AT at its slots, cocotb", "tests/verify/cosim/test_board_benches.py"),
    _tests("lockstep", _BENCHES, "RTL and golden model in lockstep", "tests/verify/lockstep"),
    Line(
        "proofs", _PROOFS, "every property, with its covers", "isadma prove --jobs 2 --timeout 1200 --json", proofs_said
    ),
    *_fuzz(_TARGETS, "20M", long=False),
    *_fuzz(_TARGETS[:1], "1G", long=True),
    *_fuzz(_TARGETS[1:], "100M", long=True),
    _tests(
        "fuzz-finds", "Random programs beside a golden model", "bugs put into the RTL are found", "tests/verify/fuzz"
    ),
    _tests("mutants-chip", _MUTANTS, "rules broken by hand, chip", "tests/verify/mutation"),
    _tests("mutants-board", _MUTANTS, "rules broken by hand, board", "tests/verify/cosim/test_board_mutants.py"),
    *(
        Line(
            f"mutate-{target}",
            _MUTANTS,
            f"netlist of {target}, broken by Yosys",
            f"isadma mutate --target {target} --mutants {count} --least 97 --json",
            mutants_said,
            long=True,
        )
        for target, count in (
            ("i8237", 500),
            ("at", 300),
            ("xt", 250),
            ("wishbone", 250),
            ("socket", 250),
            ("bridge", 250),
        )
    ),
    _tests(
        "gates",
        _GATES,
        "the chip's iCE40 netlist on random programs",
        "tests/verify/cosim/test_gate_level.py -k random_programs",
        long=True,
    ),
    _tests("gates-all", _GATES, "iCE40 netlists on every bench", "tests/verify/cosim/test_gate_level.py", long=True),
    Line("silicon", _SILICON, "an IBM 5150's bus beside the RTL", f"isadma check {CAPTURE} --json", capture_said),
    _tests("captures", _SILICON, "the checker of captures itself", "tests/verify/captures"),
    _tests(
        "firmware",
        _FOREIGN,
        "port sequences of IBM's, SeaBIOS' and Linux' code (read off, not their binaries)",
        "tests/sim/reference/test_reference_post.py tests/driver/test_software_table.py",
    ),
    _tests(
        "foreign-pins",
        _FOREIGN,
        "the benches on a core and a board of other pin names",
        "tests/verify/cosim/test_another_core.py tests/verify/cosim/test_another_board.py",
    ),
)


def commit() -> str:
    """Return the commit at hand, and whether the tree has more than it, but for the page and its results."""
    head = _git("rev-parse", "--short=12", "HEAD").strip()
    changed = [line for line in _git("status", "--porcelain").splitlines() if "docs/sign-off." not in line]
    return f"{head}, with changes" if changed else head


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def run(line: Line) -> Result | None:
    """Run a line; None if its capture is not here."""
    if "$ISADMA_CAPTURES" in line.command and not Path(os.path.expandvars(CAPTURE)).is_file():
        return None
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    start, patience = time.monotonic(), _PATIENCE[line.long]
    try:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        done = run_child(line.words(), timeout=patience, cwd=ROOT, env={**os.environ, "PATH": path}, **pipes)
    except subprocess.TimeoutExpired:
        return Result(line.command, commit(), patience, False, f"not done after {patience:,} s")
    try:
        passed, said = line.read(done.stdout, done.returncode)
    except (ValueError, KeyError):
        passed, said = False, f"exit status {done.returncode}: {(done.stderr.strip().splitlines() or ['silent'])[-1]}"
    return Result(line.command, commit(), round(time.monotonic() - start, 1), passed, said)


def read_results(path: Path = RESULTS) -> dict[str, Result]:
    """Return the results by their lines' names; those of a line or command that is gone are left out."""
    if not path.exists():
        return {}
    stored: dict[str, Any] = json.loads(path.read_text())
    commands = {line.name: line.command for line in LINES}
    return {name: Result(**each) for name, each in stored.items() if each["command"] == commands.get(name)}


def page(results: dict[str, Result]) -> str:
    """Return the page."""
    wrong = [line for line in LINES if line.name in results and not results[line.name].passed]
    absent = [line for line in LINES if line.name not in results]
    text = [
        "# Sign-off\n",
        "What judges the RTL, what came of it, and the command for each line, typed in the root of the tree with"
        " `.venv/bin` on the path. `make sign-off` runs the quick lines and writes this page;"
        ' `make sign-off OPTIONS="--long"` runs all, `OPTIONS="--only proofs gates"` some, `OPTIONS=--page` writes'
        " it again from `docs/sign-off.json`. A line keeps its last result, with the commit it is of.\n",
        f"{len(LINES) - len(wrong) - len(absent)} of {len(LINES)} lines passed, {len(wrong)} failed,"
        f" {len(absent)} not run.\n",
    ]
    for group in dict.fromkeys(line.group for line in LINES):
        text += [
            f"## {group}",
            "| what | result | how much | commit | seconds | command |",
            "|---|---|---|---|---|---|",
        ]
        text += [_row(line, results.get(line.name)) for line in LINES if line.group == group]
        text.append("")
    return "\n".join([*text, _AFTERWORD])


def _row(line: Line, result: Result | None) -> str:
    command = f"`{line.command}`"
    if result is None:
        return f"| {line.what} | **not run** | {'long' if line.long else ''} | | | {command} |"
    verdict = "passed" if result.passed else "**failed**"
    said = result.said.replace("|", "/")
    return f"| {line.what} | {verdict} | {said} | {result.commit} | {result.seconds:,.0f} | {command} |"


def write(results: dict[str, Result]) -> None:
    """Write results and page, each whole."""
    ordered = {line.name: asdict(results[line.name]) for line in LINES if line.name in results}
    write_whole(RESULTS, (json.dumps(ordered, indent=2) + "\n").encode())
    write_whole(PAGE, page(results).encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the lines asked for, write after each, and return 1 if one of them failed."""
    parser = argparse.ArgumentParser(description="Run what the project is judged by, and write docs/sign-off.md.")
    parser.add_argument("--long", action="store_true", help="the long lines too (hours)")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[line.name for line in LINES])
    parser.add_argument("--page", action="store_true", help="run nothing, write the page again")
    asked = parser.parse_args(arguments)
    results, failed = read_results(), 0
    for line in [] if asked.page else LINES:
        if line.name not in asked.only if asked.only else line.long and not asked.long:
            continue
        print(f"{line.name}: {line.command}", flush=True)
        result = run(line)
        if result is None:
            print("  not run: the capture is not here, name its folder in ISADMA_CAPTURES")
            continue
        print(f"  {'passed' if result.passed else 'FAILED'} in {result.seconds:.0f} s: {result.said}", flush=True)
        failed += not result.passed
        results[line.name] = result
        write(results)
    write(results)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
