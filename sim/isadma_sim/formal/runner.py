"""Proves one property with sby and z3, and says what came of it."""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma_tools import toolchain

_SCRIPT = """\
[tasks]
prove
cover

[options]
prove: mode prove
prove: depth {depth}
cover: mode cover
cover: depth {cover_depth}
timeout {timeout}

[engines]
smtbmc --unroll {solver} -- --noincr

[script]
prove: read_rtlil spec.il
cover: read_rtlil narrowed.il
prep -top spec

[files]
prove: spec.il
cover: narrowed.il
"""


@dataclass(frozen=True)
class Property:
    """
    One promise of the chip.

    Parameters
    ----------
    name
        Short, for the command line.
    sentence
        The promise in English.
    build
        Makes the specification: a component whose ports are free inputs, with `Assert` and `Cover` in it. Given True,
        it may assume more of its inputs, to reach its covers sooner: what few inputs reach, all of them reach.
    depth
        Steps of the induction.
    why
        The reason for that depth.
    cover_depth
        Clocks from reset within which every cover must be reached.
    """

    name: str
    sentence: str
    build: Callable[[bool], wiring.Component]
    depth: int
    why: str
    cover_depth: int


@dataclass(frozen=True)
class Verdict:
    """What came of a proof: ``detail`` is empty on success, else the line that says what failed."""

    proved: bool
    covered: bool
    seconds: float
    detail: str


def prove(rule: Property, *, timeout: int = 600, solver: str = "z3", keep: Path | None = None) -> Verdict:
    """
    Prove a property by induction and reach its covers.

    Parameters
    ----------
    rule
        What to prove.
    timeout
        Seconds of wall time for each of the two tasks.
    solver
        An SMT solver that sby knows and that is installed.
    keep
        A folder for the specification and sby's work, counterexamples among it; a temporary one if None.

    Returns
    -------
    Verdict

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError
        Yosys, sby or the solver is not installed.
    """
    toolchain.find(solver)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="isadma-prove-") as name:
        folder = Path(name) if keep is None else keep
        folder.mkdir(parents=True, exist_ok=True)
        for narrowed, file in ((False, "spec.il"), (True, "narrowed.il")):
            (folder / file).write_text(rtlil.convert(rule.build(narrowed), name="spec", platform="formal"))
        (folder / "spec.sby").write_text(
            _SCRIPT.format(depth=rule.depth, cover_depth=rule.cover_depth, timeout=timeout, solver=solver)
        )
        proved, proof_said = _task("prove", folder, timeout)
        covered, cover_said = _task("cover", folder, timeout)
    return Verdict(proved, covered, time.monotonic() - started, proof_said or cover_said)


def _task(task: str, folder: Path, timeout: int) -> tuple[bool, str]:
    """Run one sby task; return whether it passed, and sby's own word if it did not."""
    tools = {"yosys": "yosys", "smtbmc": "yosys-smtbmc", "witness": "yosys-witness"}
    paths = [part for flag, tool in tools.items() for part in (f"--{flag}", toolchain.find(tool))]
    environment = {"PATH": os.pathsep.join([str(Path(toolchain.find("z3")).parent), os.environ.get("PATH", "")])}
    try:
        toolchain.run("sby", [*paths, "-f", "spec.sby", task], cwd=folder, timeout=timeout + 60, extra_env=environment)
    except toolchain.ToolFailedError as error:
        log = folder / f"spec_{task}" / "logfile.txt"
        said = [
            line for line in log.read_text().splitlines() if "failed" in line.lower() or "unreached" in line.lower()
        ]
        return False, f"{task}: {said[-1].split('] ', 1)[-1] if said else error}"
    return True, ""
