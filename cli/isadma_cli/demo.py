"""`isadma demo`: a file off a floppy, every byte through the DMA controller, and a report of what moved."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_cli.dump import Dump, save_file
from isadma_cli.errors import CommandError
from isadma_cli.fat12 import SECTOR, Layout, Volume
from isadma_cli.fat12_format import make_image
from isadma_cli.fat12_layouts import LAYOUTS
from isadma_cli.files import fill, reason, temporary_folder
from isadma_cli.machine import WatchedMachine, check_board, check_engine, powered
from isadma_cli.progress import progress_bar
from isadma_cli.registers import read_registers
from isadma_cli.report import Meter, console, registers_table, steps_table
from isadma_driver.channels.board import BOARDS
from isadma_driver.floppy import Floppy
from isadma_driver.floppy.codes import FLOPPY_DMA
from isadma_driver.kernel import Kernel

__all__ = ["DEFAULT_WAVES", "FILE", "known_file", "run_demo"]

#: Where the demo leaves its waveforms unless told otherwise.
DEFAULT_WAVES = Path("build/demo.fst")
#: What the machines are called.
TITLES = {"at": "PC/AT", "xt": "PC/XT"}
#: The file on the demo's floppy.
FILE = "ISADMA.TXT"
#: Its length in lines, and the clusters left free in the middle of it, so that its chain has to jump.
LINES = 15
SCATTER = (3, 4)


def known_file() -> bytes:
    """Return what the demo's file contains: numbered lines, no two alike, and no whole number of sectors."""
    lines = (
        f"{line:02d} of {LINES}: these bytes came off a floppy by DMA, channel 2, one by one\r\n"
        for line in range(LINES)
    )
    return "".join(lines).encode("ascii")


@dataclass(frozen=True)
class Outcome:
    """What one run of the demo found."""

    engine: str
    board: str
    data: bytes
    proc_dma: str
    before: dict[str, str]
    after: dict[str, str]
    meter: Meter
    clock_hz: int
    seconds: float

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it was read."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def matches(self) -> bool:
        """Whether the file is the one that was put on the disk."""
        return self.digest == hashlib.sha256(known_file()).hexdigest()


def run_demo(
    *,
    engine: str | None,
    waves: Path,
    as_json: bool,
    board: str = "at",
    begin: str | None = None,
    until: str | None = None,
    limit: str | None = None,
) -> None:
    """Carry out ``isadma demo``; see its help.

    Raises
    ------
    UsageError
        No such engine or board, or no such format of waveforms.
    CommandError
        A file could not be written, the transfer failed, or the file came out different.
    """
    engine = check_engine(engine)
    check_board(board)
    if waves.is_dir():
        waves = waves / DEFAULT_WAVES.name
    if waves == DEFAULT_WAVES:
        try:
            waves.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"cannot make the folder '{waves.parent}': {reason(error)}; name a place for waveforms with --waves"
            ) from None
    dump = Dump.asked(waves, begin=begin, until=until, limit=limit)
    if not as_json:
        size = len(known_file())
        print(f"A {TITLES[board]} (engine {engine}) around a 1.44M floppy with {FILE}, {size:,} bytes", flush=True)
    with temporary_folder() as folder:
        image = folder / "demo.img"
        fill(image, make_image({FILE: known_file()}, scatter=SCATTER))
        outcome = _read_by_dma(engine, image, dump, board)
    if as_json:
        print(json.dumps(_as_json(outcome, waves), indent=2))
    else:
        _show(outcome, waves)
    if dump is not None and dump.remark:
        print(dump.remark, file=sys.stderr)
    if not outcome.matches:
        raise CommandError(
            f"digest differs: {FILE} came out as sha256 {outcome.digest}; the waveforms are in '{waves}'"
        )


def _read_by_dma(engine: str, image: Path, dump: Dump | None, board: str) -> Outcome:
    """Boot the PC, find the file as an operating system would, and read it."""
    started = time.monotonic()
    layout = LAYOUTS["1.44M"]
    total = (3 + -(-len(known_file()) // SECTOR)) * SECTOR  # boot sector, table, directory, file
    seen: list[str] = []
    with powered(engine, image, dump, board=board) as pc, progress_bar(f"reading {FILE} by DMA", total) as show:

        def look() -> None:
            moved = pc.stats.bytes[FLOPPY_DMA]
            show(moved)
            if moved and not seen:
                seen.append(kernel.proc_dma())

        machine = WatchedMachine(pc, look)
        kernel = Kernel(machine, board=BOARDS[board])
        meter = Meter(pc, FLOPPY_DMA)
        before = read_registers(kernel, machine, FLOPPY_DMA)
        with Floppy(kernel, "1.44M", dma=True) as floppy:

            def read(lba: int, count: int) -> bytes:
                return meter.step(_area(layout, lba), lba, count, lambda: floppy.read(lba, count))

            volume = Volume(read)
            data = volume.read(volume.find(FILE))
            after = read_registers(kernel, machine, FLOPPY_DMA)
        hertz = pc.clock_hz
    return Outcome(engine, board, data, "".join(seen), before, after, meter, hertz, time.monotonic() - started)


def _area(layout: Layout, lba: int) -> str:
    """Say what lies at a sector of the demo's disk."""
    if lba < layout.reserved:
        return "boot sector"
    if lba < layout.root_lba:
        return "FAT"
    return "root directory" if lba < layout.data_lba else FILE


def _show(outcome: Outcome, waves: Path) -> None:
    total = outcome.meter.total()
    screen = console()
    print(f"\n/proc/dma while it runs:\n{outcome.proc_dma}")
    screen.print(steps_table(outcome.meter.steps, total, FLOPPY_DMA))
    seconds = total.clocks / outcome.clock_hz
    print("  clocks: from call to return, with head movement and rotation")
    print("  moving: of these, from the first byte to the last; bus held: by DMA")
    print(f"  {total.clocks:,} clocks at {outcome.clock_hz / 1e6:g} MHz are {seconds:.3f} s of the machine;", end=" ")
    print(f"this run took {outcome.seconds:.1f} s\n")
    screen.print(registers_table(outcome.before, outcome.after))
    save = save_file(waves)
    print(f"waveforms: {waves}" + (f", signals grouped in {save}" if save else ""))
    print(f"sha256 {hashlib.sha256(known_file()).hexdigest()} on disk")
    print(f"sha256 {outcome.digest} by DMA")
    if outcome.matches:
        print("digest matches")


def _as_json(outcome: Outcome, waves: Path) -> dict[str, Any]:
    return {
        "engine": outcome.engine,
        "board": outcome.board,
        "file": FILE,
        "bytes": len(outcome.data),
        "sha256": {"known": hashlib.sha256(known_file()).hexdigest(), "read": outcome.digest},
        "matches": outcome.matches,
        "proc_dma": outcome.proc_dma.splitlines(),
        "steps": [step.as_json() for step in outcome.meter.steps],
        "total": outcome.meter.total().as_json(),
        "clock_hz": outcome.clock_hz,
        "registers": {"before": outcome.before, "after": outcome.after},
        "waves": [str(file) for file in (waves, save_file(waves)) if file],
        "seconds": round(outcome.seconds, 1),
    }
