"""Holds a core inside its wrapper against the property module: sby with a bound, and by induction where that closes."""

import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from isadma_tools import toolchain
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.prove.designs import DESIGNS
from isadma_verify.conform.prove.elaborate import in_verilog
from isadma_verify.conform.prove.files import INDUCTION, read, told_by_z, write
from isadma_verify.conform.run.turn import turn
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.formal.runner import SOLVER, install_tools

#: How the solver says that what it was given to assume cannot be.
_CONTRADICTION = "Assumptions are unsatisfiable"

PROVED, BOUNDED, REFUTED, UNDECIDED, LEFT_OUT = "proved", "bounded", "refuted", "undecided", "left out"


@dataclass(frozen=True)
class Proof:
    """
    What came of it.

    Parameters
    ----------
    rules
        Rule to `PROVED` (for all time), `BOUNDED` (no counterexample within `depth`), `REFUTED`, `UNDECIDED` (the time
        was over after others had been refuted) or `LEFT_OUT`.
    steps
        Refuted rule to the fabric clock of its counterexample.
    depth
        Fabric clocks from RESET on.
    reached
        Covers reached: that HRQ, AEN, a strobe and the end of a service come within them.
    covers
        Covers there are.
    folder
        Where sby's work is, with a trace for each refuted rule, ``RULE.vcd``.
    seconds
        Of wall time.
    """

    rules: Mapping[str, str]
    steps: Mapping[str, int]
    depth: int
    reached: int
    covers: int
    folder: Path
    seconds: float


def prove(
    laid: Laid,
    *,
    depth: int = 40,
    timeout: int = 600,
    folder: Path,
    say: Callable[[str], None] = lambda remark: None,
) -> Proof:
    """
    Hold a chip, or a board, against the rules of its pins.

    Parameters
    ----------
    laid
        The chip, its map laid on it.
    depth
        Fabric clocks from RESET on.
    timeout
        Seconds of wall time for each of sby's three tasks.
    folder
        Where sby's work goes.
    say
        Told that it waits for another run of the same.

    Raises
    ------
    ConformError
        Yosys cannot read it, or GHDL cannot make hardware of it; or there is no verdict in time.
    isadma_tools.toolchain.ToolMissingError
        Yosys, sby or the solver is not installed.
    """
    toolchain.find(SOLVER)
    place = (folder / "prove" / laid.core.top).resolve()
    with turn(place, say):
        return _prove(laid, depth, timeout, place)


def _prove(laid: Laid, depth: int, timeout: int, place: Path) -> Proof:
    started = time.monotonic()
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.vcd"):
        old.unlink()  # of a run before
    if laid.core.language == "vhdl":
        whole = replace(laid.core, parameters={**laid.map.parameters, **laid.core.parameters})
        core = in_verilog(whole, place, timeout)
        laid = replace(laid, core=core, map=replace(laid.map, parameters={}))
    blind = told_by_z(laid)
    sources = read(laid, place, timeout)
    against = DESIGNS[laid.map.kind]
    steps: dict[str, int] = {}
    given: set[str] = set()
    while True:
        write(sources, laid, place, depth, timeout, given, steps)
        bounded = _task("bmc", place, timeout)
        found = _failed(bounded)
        for rule in found:
            # The next round of sby clears its folder.
            shutil.copyfile(place / "proof_bmc" / "engine_0" / "trace.vcd", place / f"{rule}.vcd")
        # A rule that was refuted is taken as kept, as what breaks then is no consequence of it; but for one that the
        # core never keeps, without which there would be nothing to look at.
        never: set[str] = given if _CONTRADICTION in bounded else set()
        if not (found or never) or len(steps | found) == len(against.rules):
            steps |= found
            break
        steps |= found
        given = (given | set(found)) - never
    if re.search(r"ERROR", bounded) and not re.search(r"(Assert failed|Status: (passed|PASSED)|Timeout)", bounded):
        raise ConformError(f"Yosys cannot read {laid.core.top}: {sources.refused or _objection(place, bounded)}")
    if not steps and not re.search(r"Status: passed", bounded):
        raise ConformError(f"no verdict within {timeout} s: give more with --time, or fewer clocks with --depth")
    decided = len(steps) == len(against.rules) or bool(re.search(r"Status: passed", bounded))
    # Most cores hold their rules by what they never do, and induction does not know that: it is tried, briefly.
    write(sources, laid, place, depth, timeout, set(), steps)
    induction = _task("prove", place, min(timeout, INDUCTION)) if not steps else ""
    proved = bool(re.search(r"DONE \(PASS", induction))
    cover = _task("cover", place, timeout)
    verdicts = {}
    for rule in against.rules:
        if rule in steps:
            verdicts[rule] = REFUTED
        elif blind and rule in against.of_floating:
            verdicts[rule] = LEFT_OUT
        elif not decided:
            verdicts[rule] = UNDECIDED
        else:
            verdicts[rule] = PROVED if proved else BOUNDED
    reached = len(set(re.findall(r"summary: +reached cover statement (\S+) at", cover)))
    return Proof(verdicts, steps, depth, reached, 4, place, time.monotonic() - started)


def _task(task: str, place: Path, timeout: int) -> str:
    tools = {"smtbmc": "yosys-smtbmc", "witness": "yosys-witness"}
    paths = [part for flag, tool in tools.items() for part in (f"--{flag}", toolchain.find(tool))]
    with suppress(toolchain.ToolFailedError):  # its log says why
        toolchain.run(
            "sby",
            [*paths, "-f", "proof.sby", task],
            cwd=place,
            timeout=timeout + 60,
            extra_env={"PATH": _path(place)},
        )
    log = place / f"proof_{task}" / "logfile.txt"
    return log.read_text() if log.exists() else ""


def _objection(place: Path, log: str) -> str:
    """Return the line with which Yosys gave up: sby's own log has it in part."""
    design = place / "proof_bmc" / "model" / "design.log"
    lines = [*log.splitlines(), *(design.read_text().splitlines() if design.exists() else [])]
    said = [line.partition("ERROR: ")[2] for line in lines if "ERROR: " in line]
    if not said:
        return f"its log is {design}"
    # Z in a process is read as X, which drives.
    way = "; write what floats as assign pin = enable ? value : 'bz, outside of a process"
    return said[-1].rstrip(".") + (way if "multiple drivers" in said[-1] else "")


def _path(place: Path) -> str:
    return os.pathsep.join([install_tools(place), os.environ.get("PATH", "")])


def _failed(log: str) -> dict[str, int]:
    """Return each failed rule with the step in which it failed first."""
    steps: dict[str, int] = {}
    for found in re.finditer(r"failed assertion \S*?(\w+) at \S+ step (\d+)", log):
        rule = found[1].replace("_", "-")
        steps[rule] = min(int(found[2]), steps.get(rule, 1 << 30))
    return steps
