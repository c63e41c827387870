"""The floppy driver: sectors in and out of a disk, with retries, by DMA where possible and without it where not."""

# Ref: Linux 6.1 drivers/block/floppy.c (behaviour only): one cylinder at a time, PIO when DMA cannot be had.

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from isadma_driver.channels.limits import check_range
from isadma_driver.channels.ownership import Claim, Wiring
from isadma_driver.checks.values import as_data, as_int, as_kind, shown
from isadma_driver.driver import Driver
from isadma_driver.errors import AddressLimitError, ChannelBusyError, DmaError, FloppyError, OutOfMemoryError
from isadma_driver.floppy.codes import DTL_UNUSED, FILLER, FLOPPY_DMA, FLOPPY_IRQ, HEAD_SHIFT, MULTI_TRACK, Code
from isadma_driver.floppy.controller import FloppyController
from isadma_driver.floppy.formats import SECTOR_BYTES, SECTOR_N, Format, format_named
from isadma_driver.floppy.transfer import DmaPhase, PioPhase
from isadma_driver.floppy.unit import Unit
from isadma_driver.kernel import Kernel
from isadma_driver.memory.pages import NORMAL_ZONE, Block
from isadma_driver.ports import DMA_MODE_READ, DMA_MODE_VERIFY, DMA_MODE_WRITE, Mode

#: Called with sectors done and sectors to do.
Progress = Callable[[int, int], None]

#: Numbers that are numbers, on no disk.
MOST = 1 << 64


class Floppy(Driver):
    """One floppy drive. Use it in a `with` block, which leaves motor, channel, interrupt and buffer released.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    format : str or Format, optional
        The disk's format: "160K" to "2.88M", or "360K in 1.2M"; all are in `formats.FORMATS`.
    drive : int, optional
        0 to 3.
    dma : bool or None, optional
        None: use DMA when channel 2 and a buffer are to be had, the processor otherwise. True: fail without DMA.
        False: never use it.

    Attributes
    ----------
    uses_dma : bool
        Which of the two it is.
    """

    def __init__(
        self, kernel: Kernel, format: str | Format = "1.44M", *, drive: int = 0, dma: bool | None = None
    ) -> None:
        as_kind("kernel", kernel, Kernel, "give a Kernel")
        self.format = as_kind(
            "format", format_named(format) if isinstance(format, str) else format, Format, "give a name or a Format"
        )
        self.drive = as_int("no floppy drive {}: use 0 to 3", drive, 0, 3)
        if dma is not None:
            as_kind("dma", dma, bool, "give True, False or None")
        self._kernel = kernel
        self._claim: Claim | None = None
        self._closed = False
        # Held for as long as the driver lives: low memory may be in pieces later on.
        self._buffer = self._alloc(dma)
        try:
            self._phase: DmaPhase | PioPhase = (
                DmaPhase(kernel.dma, self._claim) if self._claim else PioPhase(kernel.machine)
            )
            self._line = kernel.interrupts.request_irq(FLOPPY_IRQ, "floppy")
        except DmaError:
            self._release()
            raise
        self._unit = Unit(FloppyController(kernel.machine, self._line), self._phase, drive, self.format)

    @property
    def uses_dma(self) -> bool:
        """Whether data goes by DMA."""
        return self._claim is not None

    @property
    def retries(self) -> int:
        """Commands repeated so far."""
        return self._unit.retries

    def close(self) -> None:
        """Switch the motor off and give back channel, interrupt and buffer. May be called twice."""
        if self._closed:
            return
        try:
            self._unit.rest()
        finally:
            self._line.free()
            self._release()

    # Sectors --------------------------------------------------------------------------------------------------------

    def read(self, lba: int, count: int = 1, *, progress: Progress | None = None) -> bytes:
        """Read sectors.

        Parameters
        ----------
        lba : int
            First logical sector, from 0.
        count : int, optional
            Sectors of 512 bytes.
        progress : callable, optional
            Called with sectors done and sectors to do after each command.

        Raises
        ------
        ValueError
            The disk has no such sectors.
        FloppyError
            No disk, unreadable after all retries, or no answer.
        """
        data = bytearray()
        memory = self._kernel.machine.memory

        def each(address: int, sectors: int) -> None:
            data.extend(memory[address : address + sectors * SECTOR_BYTES])

        self._transfer(Code.READ_DATA, DMA_MODE_READ, lba, count, progress, after=each)
        return bytes(data)

    def write(self, lba: int, data: bytes, *, progress: Progress | None = None) -> None:
        """Write sectors; parameters and errors as in `read`.

        Raises
        ------
        ValueError
            `data` is no whole number of sectors, or the disk has no such sectors.
        WriteProtectedError
            The disk is write protected.
        """
        data = as_data("data", data)
        count, rest = divmod(len(data), SECTOR_BYTES)
        if rest:
            raise ValueError(f"{len(data)} bytes are no whole number of sectors: pad to a multiple of {SECTOR_BYTES}")
        memory = self._kernel.machine.memory
        start = 0

        def each(address: int, sectors: int) -> None:
            nonlocal start
            size = sectors * SECTOR_BYTES
            memory[address : address + size] = data[start : start + size]
            start += size

        self._transfer(Code.WRITE_DATA, DMA_MODE_WRITE, lba, count, progress, before=each)

    def verify(self, lba: int, count: int = 1, *, progress: Progress | None = None) -> None:
        """Have sectors read and their checksums compared, without moving data; parameters and errors as in `read`."""
        self._transfer(Code.READ_DATA, DMA_MODE_VERIFY, lba, count, progress)

    def read_to(self, lba: int, count: int, address: int) -> bool:
        """Read sectors straight to physical memory, through the driver's buffer only where the channel cannot reach.

        Returns
        -------
        bool
            Whether all of it went straight there.
        """
        memory = self._kernel.machine.memory
        address = as_int("no physical address", address, 0, len(memory) - 1)
        straight = True
        for first, sectors in self._pieces(lba, count):
            size = sectors * SECTOR_BYTES
            if address + size > len(memory):
                raise AddressLimitError(
                    f"no memory at {len(memory):X}h, and sectors were to go to {address:X}h to {address + size - 1:X}h"
                )
            if self._reaches(address, size):
                self._command(Code.READ_DATA, DMA_MODE_READ, first, sectors, address)
            else:
                straight = False
                memory[address : address + size] = self.read(first, sectors)
            address += size
        return straight

    def format_track(self, cylinder: int, head: int) -> None:
        """Write fresh, empty sectors on one track.

        Raises
        ------
        ValueError
            The disk has no such track.
        FloppyError
            As in `write`.
        """
        form = self.format
        there = f"use 0 to {form.cylinders - 1}, 0 to {form.heads - 1}"
        text = f"no track {shown(cylinder)}/{shown(head)} on a {form.name} disk: {there}{{}}"
        try:
            cylinder, head = as_int(text, cylinder, 0, form.cylinders - 1), as_int(text, head, 0, form.heads - 1)
        except ValueError:
            raise ValueError(text.replace("{}", "")) from None
        ids = b"".join(bytes((cylinder, head, sector + 1, SECTOR_N)) for sector in range(form.sectors))
        address = self._buffer.address
        self._kernel.machine.memory[address : address + len(ids)] = ids
        unit = head << HEAD_SHIFT | self.drive
        command = (Code.FORMAT_TRACK, unit, SECTOR_N, form.sectors, form.format_gap, FILLER)
        self._run(command, DMA_MODE_WRITE, address, len(ids), cylinder, f"format of track {cylinder}/{head}")

    def write_protected(self) -> bool:
        """Return whether the disk in the drive is write protected."""
        return self._unit.write_protected()

    # Below ----------------------------------------------------------------------------------------------------------

    def _transfer(
        self,
        code: Code,
        mode: Mode,
        lba: int,
        count: int,
        progress: Progress | None,
        before: Callable[[int, int], None] | None = None,
        after: Callable[[int, int], None] | None = None,
    ) -> None:
        done = 0
        if progress is not None and not callable(progress):
            raise TypeError(f"progress {shown(progress)}: give something to call with sectors done and to do")
        for first, sectors in self._pieces(lba, count):
            if before:
                before(self._buffer.address, sectors)
            self._command(code, mode, first, sectors, self._buffer.address)
            if after:
                after(self._buffer.address, sectors)
            done += sectors
            if progress is not None:
                progress(done, count)

    def _pieces(self, lba: int, count: int) -> list[tuple[int, int]]:
        """Cut a range of sectors at cylinders (by DMA: one multi-track command each) or at tracks (by PIO)."""
        lba, count = as_int("sector", lba, -MOST, MOST), as_int("count of sectors", count, -MOST, MOST)
        if min(lba, count) < 0 or count == 0 or lba + count > self.format.total:
            raise ValueError(
                f"sectors {lba} to {lba + count - 1} are not all on a {self.format.name} disk: "
                f"use 0 to {self.format.total - 1}"
            )
        step = self.format.cylinder_sectors if self._phase.uses_dma else self.format.sectors
        edges = [lba, *range((lba // step + 1) * step, lba + count, step), lba + count]
        return [(first, last - first) for first, last in pairwise(edges)]

    def _command(self, code: Code, mode: Mode, lba: int, sectors: int, address: int) -> None:
        cylinder, head, sector = self.format.locate(lba)
        # Without a terminal count only the last sector's number can end the command.
        last = self.format.sectors if self._phase.uses_dma else sector + sectors - 1
        first = code if self._phase.uses_dma and self.format.heads > 1 else code & ~MULTI_TRACK
        unit = head << HEAD_SHIFT | self.drive
        command = (first, unit, cylinder, head, sector, SECTOR_N, last, self.format.gap, DTL_UNUSED)
        verb = {DMA_MODE_READ: "read", DMA_MODE_WRITE: "write"}.get(mode, "verify")
        what = f"{verb} of sectors {lba} to {lba + sectors - 1} (cylinder {cylinder}, head {head}, sector {sector})"
        self._run(command, mode, address, sectors * SECTOR_BYTES, cylinder, what)

    def _run(self, command: tuple[int, ...], mode: Mode, address: int, length: int, cylinder: int, what: str) -> None:
        if self._closed:
            raise FloppyError(f"{what}: the floppy driver was closed: open it again")
        self._unit.run(command, mode, address, length, cylinder=cylinder, what=what)

    def _reaches(self, address: int, length: int) -> bool:
        if not self._phase.uses_dma:
            return True
        try:
            check_range(self._kernel.dma.board, FLOPPY_DMA, address, length)
        except DmaError:
            return False
        return True

    def _alloc(self, dma: bool | None) -> Block:
        """Take the channel, and a cylinder's memory that it reaches; without either, a track's memory anywhere."""
        kernel, form = self._kernel, self.format
        if dma is not False:
            try:
                self._claim = kernel.dma.request_dma(FLOPPY_DMA, "floppy", Wiring.FIXED)
                return kernel.pages.alloc(
                    form.cylinder_sectors * SECTOR_BYTES, "floppy", boundary=kernel.dma.board.span(FLOPPY_DMA)
                )
            except (ChannelBusyError, OutOfMemoryError):
                if self._claim is not None:
                    kernel.dma.free_dma(self._claim)
                    self._claim = None
                if dma:
                    raise
        return kernel.pages.alloc(form.sectors * SECTOR_BYTES, "floppy", zone=NORMAL_ZONE)

    def _release(self) -> None:
        self._closed = True
        if self._claim is not None and self._claim.held:
            self._kernel.dma.free_dma(self._claim)
        self._kernel.pages.free(self._buffer)
