"""One module of benches on a build, in a process that is ended when it takes too long."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from json import dumps, loads
from pathlib import Path
from typing import Any

from isadma_tools.processes.workers import run_child
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.run.data import lay_beside
from isadma_verify.conform.run.hearing import HANGS, Heard, read_journal, running
from isadma_verify.cosim.common.build import Build
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import Result

#: How many times longer a simulation may take than its processor time, where the machine has other work to do.
_IDLE = 20

#: Benches of one module that may hang, and that may end the simulation, before the module is given up.
_HANGS, _ENDS = 3, 12

#: Bytes that a simulator may write where no waves are asked for, and that are kept at each end of its log.
LARGEST, _KEPT = 1 << 27, 1 << 20

#: What simulators say where a core ends the simulation, as a failed assertion or a value out of its range does.
_REASON = re.compile(
    r"(?:^\S*ghdl\S*:error: )?((?!.*simulation failed)(?:bound check failure|overflow|.*assertion (?:error|failure)"
    r"|.*was never analyzed"
    r"|%Error|.*\$(?:finish|stop|fatal)|.*\b(?:fatal|error): ).*)",
    re.IGNORECASE,
)


def reason_in(log: Path) -> str:
    """Return the line of a simulator's log that says why it ended, or an empty string."""
    for line in _ends_of(log).splitlines():
        found = _REASON.match(line.strip())
        if found is not None and "cocotb" not in line:
            return found[1][:200]
    return ""


def _ends_of(log: Path) -> str:
    """Return what a log begins and ends with: a core may have printed more than anybody reads."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        head = file.read(_KEPT)
        file.seek(max(len(head), log.stat().st_size - _KEPT))
        return (head + file.read()).decode(errors="replace")


def _shorten(log: Path) -> None:
    """Keep of a log that nobody reads in full its two ends."""
    if log.exists() and log.stat().st_size > 4 * _KEPT:
        log.write_text(_ends_of(log), errors="replace")


def run_module(
    build: Build,
    module: str,
    options: BenchOptions,
    folder: Path,
    *,
    leave_out: tuple[str, ...] = (),
    strict: bool = False,
    patience: float,
    endings: bool = True,
    data: Mapping[str, Path] | None = None,
) -> tuple[Heard, dict[str, str]]:
    """
    Run a module; without a bench that hangs, or under which the core ends the simulation, the others run again.

    Parameters
    ----------
    build, module, options, leave_out
        As for `isadma_verify.cosim.common.run.run`.
    folder
        Made anew; logs, journal and waves go there.
    strict
        Whether a bench ends at the first broken rule.
    patience
        Seconds of processor time.
    endings
        Whether a core may end the simulation: that is then its bench's verdict.
    data
        Files that the core reads, by the names that it has for them.

    Returns
    -------
    tuple of Heard and dict
        What was heard, and the benches that did not end, or not by themselves, with what is said of them.

    Raises
    ------
    ConformError
        The simulator itself failed.
    """
    stuck: dict[str, str] = {}
    ends = 0
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        lay_beside(folder, data or {}, folder.parent)
        journal = "" if strict else str(folder / "journal.jsonl")
        out = tuple(leave_out) + tuple(rf"\.{re.escape(name)}$" for name in stuck)
        job = {
            "build": {**asdict(build), "folder": str(build.folder)},
            "module": module,
            "options": asdict(options) | {"journal": journal},
            "leave_out": out,
            "seconds": max(1, round(patience)),
            "largest": 0 if build.waves else LARGEST,
        }
        (folder / "job.json").write_text(dumps(job))
        answer = _answer(folder, patience)
        _shorten(folder / "simulator.log")
        lines = read_journal(folder / "journal.jsonl")
        if answer is not None and answer["ended"] and endings:
            ends += 1
            why = reason_in(folder / "simulator.log")
            if re.match(r"bound check|overflow", why):
                why += ", a value that leaves its range: a netlist would go on with another"
            stuck[answer["ended"]] = f"the core ends the simulation{f': {why}' if why else ''}"
            if ends < _ENDS:
                continue
            results = [Result(**result) for result in answer["results"]]
            return Heard(module, results[: [one.name for one in results].index(answer["ended"])], lines), stuck
        if answer is not None and not answer["late"]:
            if answer["error"] and "has no test named" not in answer["error"]:
                raise ConformError(" ".join(str(answer["error"]).split())[:400])
            return Heard(module, [Result(**result) for result in answer["results"]], lines), stuck
        name = running(lines)
        stuck[name or f"{module.rpartition('.')[2]} (before any bench)"] = HANGS
        if name is None or len(stuck) - ends >= _HANGS:
            return Heard(module, [], lines), stuck


def _answer(folder: Path, patience: float) -> dict[str, Any] | None:
    """Run the job in a folder; None where it did not end in time."""
    command = [sys.executable, "-m", "isadma_verify.conform.run.worker", str(folder / "job.json")]
    try:
        done = run_child(
            command,
            cwd=folder,
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_IDLE * patience,
        )
    except subprocess.TimeoutExpired:
        return None
    file = folder / "answer.json"
    if not file.exists():
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        raise ConformError(f"the simulation ended with status {done.returncode}: {lines[-1] if lines else 'no word'}")
    answer: dict[str, Any] = loads(file.read_text())
    return answer
