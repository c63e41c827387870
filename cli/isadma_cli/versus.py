"""`isadma bench --vs verilator`: the native engine, with memory and a device, beside Verilator on the bare AT."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from importlib import resources
from pathlib import Path

from rich.table import Table

from isadma_boards.verilog import export
from isadma_cli.errors import CommandError, UsageError
from isadma_cli.progress import errors
from isadma_cli.report import console
from isadma_sim import PC
from isadma_sim.bench.load import CHANNEL, start
from isadma_sim.engines.base import EngineError
from isadma_tools.processes.workers import run_child
from isadma_verify.cosim.common.simulators import SimulatorError, find_simulator

__all__ = ["SIMULATORS", "versus"]

#: What the native engine can be held against.
SIMULATORS = ("verilator",)
#: Both move in turns, so that they meet the same other load, and the best turn counts.
_TURNS = 6
_CLOCKS = 2_000_000
#: Seconds for a build, and for a turn.
_BUILD, _TURN = 600, 300
_OPTIONS = ("-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert", "-CFLAGS", "-O3 -march=native")


def versus(simulator: str, *, as_json: bool) -> None:
    """Time both and print clocks a second of CPU time.

    Parameters
    ----------
    simulator
        One of `SIMULATORS`.
    as_json
        One JSON object in place of the table.

    Raises
    ------
    UsageError
        There is no such simulator.
    CommandError
        It is not installed, or one of the two could not be built or run.
    """
    if simulator not in SIMULATORS:
        raise UsageError(f"--vs '{simulator}': there is {', '.join(SIMULATORS)} for the engine, lockstep for fuzz")
    with errors().status("building both"), tempfile.TemporaryDirectory(prefix="isadma-versus-") as name:
        program = _built(Path(name))
        try:
            pc = PC(engine="native")
        except EngineError as error:
            raise CommandError(str(error)) from error
        with pc:
            start(pc)
            pc.run(clocks=1000)
            native = theirs = 0.0
            moved = pc.stats.bytes[CHANNEL]
            for _ in range(_TURNS):
                begun = time.process_time()
                pc.run(clocks=_CLOCKS)
                native = max(native, _CLOCKS / (time.process_time() - begun))
                seconds, strobes = _turn(program)
                theirs = max(theirs, _CLOCKS / seconds)
            moved = (pc.stats.bytes[CHANNEL] - moved) // _TURNS
    if abs(moved - strobes) > _CLOCKS // 1000:
        raise CommandError(f"the two did not do the same: {moved} bytes a turn here, {strobes} there")
    found = {"clocks": _CLOCKS, "bytes": moved, "native": native, "verilator": theirs, "ratio": native / theirs}
    if as_json:
        print(json.dumps(found))
        return
    table = Table(title="One channel that never stops: 8237 clocks a second, of CPU time")
    for heading in ("", "clocks/s", "what runs"):
        table.add_column(heading, justify="right" if heading == "clocks/s" else "left")
    table.add_row("native", f"{native:,.0f}", "the AT, memory, a card, 8259As, timer")
    table.add_row("Verilator -O3", f"{theirs:,.0f}", "the exported AT alone")
    table.add_row("native / Verilator", f"{native / theirs:.2f}", f"{moved:,} bytes in {_CLOCKS:,} clocks, both")
    console().print(table)


def _built(folder: Path) -> Path:
    """Return the program that Verilator makes of the exported AT."""
    try:
        found = find_simulator("verilator")
    except SimulatorError as error:
        raise CommandError(str(error)) from error
    (folder / "at.v").write_text(export("at").verilog)
    (folder / "versus.cc").write_text((resources.files("isadma_cli") / "versus.cc").read_text())
    command = [
        found.program,
        "--cc",
        "--exe",
        "--build",
        *_OPTIONS,
        "-Wno-fatal",
        "--prefix",
        "Vat",
        "at.v",
        "versus.cc",
    ]
    try:
        done = run_child(
            command,
            cwd=folder,
            env={**os.environ, **found.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_BUILD,
        )
    except subprocess.TimeoutExpired:
        raise CommandError(f"Verilator did not build the exported AT within {_BUILD} s") from None
    if done.returncode:
        said = next((line for line in done.stdout.splitlines() if "rror" in line), "it said nothing")
        raise CommandError(f"Verilator could not build the exported AT: {said.strip()}")
    return folder / "obj_dir" / "Vat"


def _turn(program: Path) -> tuple[float, int]:
    """Return CPU seconds of a turn, and the bytes moved."""
    try:
        done = run_child([str(program), str(_CLOCKS)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_TURN)
    except subprocess.TimeoutExpired:
        raise CommandError(f"the AT under Verilator did not end within {_TURN} s") from None
    if done.returncode:
        raise CommandError(f"the AT under Verilator ended with status {done.returncode}")
    seconds, moved = done.stdout.split()
    return float(seconds), int(moved)
