"""`isadma floppy`: sectors of an image through the drive, the controllers and the driver of a simulated PC."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from isadma_cli.dump import Dump
from isadma_cli.errors import CommandError, UsageError
from isadma_cli.files import STDOUT, check_output, read_input, reason, write_atomically
from isadma_cli.images import SECTOR_BYTES, FloppyImage
from isadma_cli.machine import WatchedMachine, check_board, check_engine, parse_taken, powered
from isadma_cli.progress import progress_bar, remark, say
from isadma_driver.channels.board import BOARDS
from isadma_driver.floppy import Floppy
from isadma_driver.floppy.codes import FLOPPY_DMA
from isadma_driver.kernel import Kernel
from isadma_tools.files.whole import on_disk

__all__ = ["Job", "read_sectors", "write_sectors"]


@dataclass(frozen=True)
class Job:
    """Sectors to move, and how.

    Attributes
    ----------
    disk
        The image.
    lba, sectors
        First sector and how many.
    engine
        What runs the board.
    dump
        What of the waveforms goes where.
    taken
        A channel that another driver owns, and its name.
    pio
        Without DMA.
    board
        ``"at"`` or ``"xt"``.
    as_json
        Report as JSON.
    """

    disk: FloppyImage
    lba: int
    sectors: int
    engine: str
    dump: Dump | None
    taken: tuple[int, str] | None
    pio: bool
    board: str
    as_json: bool = False

    @property
    def size(self) -> int:
        """Bytes to move."""
        return self.sectors * SECTOR_BYTES

    @property
    def where(self) -> str:
        """The sectors in words."""
        last = self.lba + self.sectors - 1
        return f"sector {self.lba}" if self.sectors == 1 else f"sectors {self.lba} to {last}"

    def run(self, verb: str, work: Callable[[Floppy], bytes], report: TextIO) -> bytes:
        """Power the PC, let `work` use its floppy driver, and say what moved.

        Parameters
        ----------
        verb
            What is done, for progress and report: "read".
        work
            Does it, and returns the bytes that moved.
        report
            Where the report goes.
        """
        started = time.monotonic()
        label = f"{verb} {self.where}"
        pc_on = powered(self.engine, self.disk.path, self.dump, board=self.board, only_read=verb == "read")
        with pc_on as pc, progress_bar(label, self.size) as show:
            machine = WatchedMachine(pc, look=lambda: show(pc.stats.bytes[FLOPPY_DMA]))
            kernel = Kernel(machine, board=BOARDS[self.board])
            if self.taken is not None:
                kernel.dma.request_dma(*self.taken)
            start = pc.clocks
            with Floppy(kernel, self.disk.format, dma=not self.pio) as floppy:
                data = work(floppy)
            stats, clocks, hertz = pc.stats, pc.clocks - start, pc.clock_hz
        digest, seconds = hashlib.sha256(data).hexdigest(), time.monotonic() - started
        if self.dump is not None and self.dump.remark:
            remark(self.dump.remark)
        if self.as_json:
            print(json.dumps(self._told(verb, clocks, hertz, stats.dma_clocks, seconds, digest), indent=2), file=report)
            return data
        how = "through the processor" if self.pio else f"by DMA channel {FLOPPY_DMA}"
        # Nobody counts that on a board at the end of a line.
        held = "" if self.engine == "uart" else f", bus held by DMA in {stats.dma_clocks:,}"
        say(f"{label} of '{self.disk.path}': {len(data):,} bytes {how}", file=report)
        say(
            f"{clocks:,} clocks ({clocks / hertz:.3f} s of the machine){held}; engine {self.engine}, {seconds:.1f} s",
            file=report,
        )
        say(f"sha256 {digest}", file=report)
        if self.dump is not None:
            say(self.dump.said, file=report)
        return data

    def _told(self, verb: str, clocks: int, hertz: float, held: int, seconds: float, digest: str) -> dict[str, Any]:
        """Return the report for ``--json``; what nobody counts on a board at the end of a line is null."""
        return {
            "done": verb,
            "image": str(self.disk.path),
            "lba": self.lba,
            "sectors": self.sectors,
            "bytes": self.size,
            "sha256": digest,
            "channel": None if self.pio else FLOPPY_DMA,
            "clocks": clocks,
            "clock_hz": hertz,
            "bus_held_clocks": None if self.engine == "uart" else held,
            "board": self.board,
            "engine": self.engine,
            "seconds": round(seconds, 3),
            "waves": None if self.dump is None else str(self.dump.path),
        }


def read_sectors(
    image: Path,
    *,
    lba: int | None,
    sectors: int | None,
    everything: bool,
    output: Path | None,
    engine: str | None,
    waves: Path | None,
    begin: str | None = None,
    until: str | None = None,
    limit: str | None = None,
    taken: str | None,
    pio: bool,
    board: str = "at",
    as_json: bool = False,
) -> None:
    """Carry out ``isadma floppy read``; see its help.

    Raises
    ------
    UsageError
        The arguments do not fit the image or each other; nothing was started.
    CommandError
        A file could not be written, or the transfer failed.
    """
    disk = FloppyImage.check(image)
    if everything:
        for option, value in (("--lba", lba), ("--sectors", sectors)):
            if value is not None:
                raise UsageError(f"--all reads every sector: leave out {option} {value}")
        lba, sectors = 0, disk.sectors
    lba = 0 if lba is None else lba
    sectors = 1 if sectors is None else sectors
    disk.check_range(lba, sectors)
    engine = check_engine(engine)
    owner = parse_taken(taken, check_board(board))
    if output is not None and output != STDOUT:
        check_output(output, "-o", inputs=(image,))
    dump = Dump.asked(waves, begin=begin, until=until, limit=limit, inputs=(image, output))
    job = Job(disk, lba, sectors, engine, dump, owner, pio, board, as_json)
    data = job.run("read", lambda floppy: floppy.read(lba, sectors), sys.stderr if output == STDOUT else sys.stdout)
    if output == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    elif output is not None:
        write_atomically(output, data)
        if not as_json:
            say(f"written to '{output}'")


def write_sectors(
    image: Path,
    source: Path,
    *,
    lba: int,
    engine: str | None,
    waves: Path | None,
    begin: str | None = None,
    until: str | None = None,
    limit: str | None = None,
    taken: str | None,
    pio: bool,
    board: str = "at",
    as_json: bool = False,
) -> None:
    """Carry out ``isadma floppy write``; see its help.

    Every sector reaches the image file in one write when the drive has it complete, so a command that is killed
    leaves whole sectors, old or new.

    Raises
    ------
    UsageError
        The arguments do not fit the image or each other; nothing was started.
    CommandError
        The disk is write-protected, or the transfer failed.
    """
    disk = FloppyImage.check(image)
    data = read_input(source, limit=disk.format.size)
    if not data or len(data) % SECTOR_BYTES:
        raise UsageError(
            f"'{source}' has {len(data)} bytes, which is not whole sectors: make it a multiple of {SECTOR_BYTES}"
        )
    disk.check_range(lba, len(data) // SECTOR_BYTES)
    engine = check_engine(engine)
    owner = parse_taken(taken, check_board(board))
    dump = Dump.asked(waves, begin=begin, until=until, limit=limit, inputs=(image, source))

    def work(floppy: Floppy) -> bytes:
        floppy.write(lba, data)
        try:
            on_disk(disk.path)
        except OSError as error:
            raise CommandError(
                f"cannot write '{disk.path}': {reason(error)}; what is on the disk is uncertain"
            ) from None
        return data

    Job(disk, lba, len(data) // SECTOR_BYTES, engine, dump, owner, pio, board, as_json).run("write", work, sys.stdout)
