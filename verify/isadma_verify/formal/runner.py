"""Proves one property with sby and Boolector, and says what came of it."""

import os
import re
import shlex
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma_tools import toolchain

#: The solver under sby: as fast as any here, and from PyPI for every machine that has Yosys from there.
SOLVER = "boolector"

_SCRIPT = """\
[tasks]
prove
cover

[options]
prove: mode prove
prove: depth {depth}
cover: mode cover
cover: depth {cover_depth}
cover: vcd {waves}
timeout {timeout}

[engines]
smtbmc --unroll {solver}

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
    One promise of the chip or of a board.

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
    """
    What came of a proof.

    Parameters
    ----------
    proved
        Whether the induction holds, and the first clocks from reset on.
    covers, reached
        How many covers there are, and how many of them were reached.
    prove_seconds, cover_seconds
        Wall time of either task.
    detail
        Empty on success, else sby's line that says what failed.
    """

    proved: bool
    covers: int
    reached: int
    prove_seconds: float
    cover_seconds: float
    detail: str

    @property
    def covered(self) -> bool:
        """Whether every cover was reached, of which there must be one."""
        return self.reached == self.covers > 0

    @property
    def holds(self) -> bool:
        """Whether the property is proved and every cover reached."""
        return self.proved and self.covered

    @property
    def seconds(self) -> float:
        """Wall time of both tasks."""
        return self.prove_seconds + self.cover_seconds


def prove(rule: Property, *, timeout: int = 600, keep: Path | None = None, cover: bool = True) -> Verdict:
    """
    Prove a property by induction and reach its covers.

    Parameters
    ----------
    rule
        What to prove.
    timeout
        Seconds of wall time for each of the two tasks.
    keep
        A folder for the specification and sby's work, waves of counterexamples and covers among it; None for a
        temporary one, and without the covers' waves, which take as long as to reach them.
    cover
        Whether the covers are to be reached; if not, there are none in the verdict.

    Returns
    -------
    Verdict

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError
        Yosys, sby or the solver is not installed.
    """
    toolchain.find(SOLVER)
    with tempfile.TemporaryDirectory(prefix="isadma-prove-") as name:
        folder = Path(name) if keep is None else keep.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for narrowed, file in ((False, "spec.il"), (True, "narrowed.il"))[: 1 + cover]:
            (folder / file).write_text(rtlil.convert(rule.build(narrowed), name="spec", platform="formal"))
        (folder / "spec.sby").write_text(
            _SCRIPT.format(
                depth=rule.depth,
                cover_depth=rule.cover_depth,
                waves="off" if keep is None else "on",
                timeout=timeout,
                solver=SOLVER,
            )
        )
        proof = _task("prove", folder, timeout)
        reached = _task("cover", folder, timeout) if cover else _Done(True, "", 0.0, "")
        covers = (folder / "narrowed.il").read_text().count('"cover"') if cover else 0
    return Verdict(
        proved=proof.passed,
        covers=covers,
        # As the solver reaches them: sby's own summary leaves some out.
        reached=len(set(re.findall(r"Reached cover statement in step \d+ at .*\((\S+)\)$", reached.log, re.MULTILINE))),
        prove_seconds=proof.seconds,
        cover_seconds=reached.seconds,
        detail=proof.detail or reached.detail,
    )


@dataclass(frozen=True)
class _Done:
    """One task of sby: whether it passed, its log, its wall time, and its own word if it did not pass."""

    passed: bool
    log: str
    seconds: float
    detail: str


def _task(task: str, folder: Path, timeout: int) -> _Done:
    tools = {"smtbmc": "yosys-smtbmc", "witness": "yosys-witness"}
    paths = [part for flag, tool in tools.items() for part in (f"--{flag}", toolchain.find(tool))]
    environment = {"PATH": os.pathsep.join([install_tools(folder), os.environ.get("PATH", "")])}
    started = time.monotonic()
    failure = ""
    try:
        toolchain.run("sby", [*paths, "-f", "spec.sby", task], cwd=folder, timeout=timeout + 60, extra_env=environment)
    except toolchain.ToolFailedError as error:
        failure = str(error)
    seconds = time.monotonic() - started
    file = folder / f"spec_{task}" / "logfile.txt"
    log = file.read_text() if file.exists() else ""
    if not failure:
        return _Done(True, log, seconds, "")
    said = [line for line in log.splitlines() if re.search("failed|unreached|timeout", line, re.IGNORECASE)]
    return _Done(False, log, seconds, f"{task}: {said[-1].split('] ', 1)[-1] if said else failure}")


def install_tools(folder: Path) -> str:
    """
    Put the solver and Yosys into a folder under the names that smtbmc and sby call them by.

    The solver from PyPI has a prefix. What it says on standard error goes to a file beside it: on its first run that it
    prepares itself, which smtbmc would take for an answer.

    Parameters
    ----------
    folder
        Where the new folder goes.

    Returns
    -------
    str
        That new folder, for ``PATH``.
    """
    scripts = folder.resolve() / "tools"
    scripts.mkdir(exist_ok=True)
    said = shlex.quote(str(scripts / "stderr.txt"))
    for name, command in (
        (SOLVER, f'{shlex.quote(toolchain.find(SOLVER))} "$@" 2>>{said}'),
        ("yosys", f'{shlex.join(toolchain.soonest_yosys())} "$@"'),
    ):
        script = scripts / name
        script.write_text(f"#!/bin/sh\nexec {command}\n")
        script.chmod(0o755)
    return str(scripts)
