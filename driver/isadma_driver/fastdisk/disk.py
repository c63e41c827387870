"""The fast disk's driver: the same sectors by DMA, or by an interrupt for every few words."""

from __future__ import annotations

from isadma_driver.channels.ownership import Claim, Wiring
from isadma_driver.checks.values import as_data, as_int, as_kind, as_seconds
from isadma_driver.driver import Driver
from isadma_driver.errors import DataLostError, FastDiskError
from isadma_driver.fastdisk.codes import (
    FASTDISK_BASE,
    FASTDISK_DMA,
    FASTDISK_IRQ,
    IDENTIFICATION,
    MOST_SECTORS,
    SECTOR_BYTES,
    Command,
    Control,
    Reg,
    Status,
)
from isadma_driver.kernel import Kernel
from isadma_driver.memory.pages import Block
from isadma_driver.ports import Mode

#: Numbers that are numbers, on no disk.
MOST = 1 << 64


class FastDisk(Driver):
    """The fast disk. Use it in a `with` block.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    dma : int or None, optional
        The channel it is wired to; None moves the data by interrupts.
    base, irq : int, optional
        First port and interrupt.
    kind : Mode, optional
        `Mode.DEMAND`, `Mode.SINGLE` or `Mode.BLOCK`.
    threshold : int, optional
        Units at which it interrupts when there is no DMA.
    width : int, optional
        Bytes of a unit without DMA: 2, or 1 for a disk of 8 bits.

    Attributes
    ----------
    lost : int
        Units lost by commands so far.

    Raises
    ------
    FastDiskError
        No such disk answers.
    DmaError
        Channel or interrupt belong to someone else.

    Notes
    -----
    `read` and `write` wait. `start`, `finished` and `result` let the program go on meanwhile, when the machine calls
    `interrupt` (``pc.on_irq(14, disk.interrupt)``).
    """

    def __init__(
        self,
        kernel: Kernel,
        *,
        dma: int | None = FASTDISK_DMA,
        base: int = FASTDISK_BASE,
        irq: int = FASTDISK_IRQ,
        kind: Mode = Mode.DEMAND,
        threshold: int = 1,
        width: int = 2,
    ) -> None:
        self._kernel = as_kind("kernel", kernel, Kernel, "give a Kernel")
        base = as_int("no fast disk at", base, 0, 0xFFF0)
        kind = Mode(as_int("kind {}: give a Mode, such as Mode.DEMAND", kind, 0, 0xFF))
        threshold, width = as_int("threshold", threshold, 1, 0xFF), as_int("width {}: use 1 or 2", width, 1, 2)
        self._machine = kernel.machine
        self._base = base
        self._kind = kind
        self._threshold = threshold
        self._width = width
        self._closed = False
        self._finished = True
        self._command = Command.ABORT
        self._data = bytearray()
        self._moved = 0
        self._status = Status(0)
        self._what = ""
        self.lost = 0
        self._claim: Claim | None = None
        self._buffer: Block | None = None
        self._probe()
        self._line = kernel.interrupts.request_irq(irq, "fast disk")
        try:
            if dma is not None:
                self._claim = kernel.dma.request_dma(dma, "fast disk", Wiring.JUMPER)
                span = kernel.dma.board.span(dma)
                self._buffer = kernel.pages.alloc(span, "fast disk", boundary=span)
        except BaseException:
            self._release()
            raise
        self._out(Reg.CONTROL, Control.RESET)
        self._out(Reg.CONTROL, Control.IRQ | (Control.DMA if self._claim else 0))
        self._out(Reg.THRESHOLD, threshold)

    def _probe(self) -> None:
        found = bytes((self._in(Reg.ID_LOW), self._in(Reg.ID_HIGH)))
        if found != IDENTIFICATION:
            raise FastDiskError(f"no fast disk at {self._base:X}h: it reads {found.hex()}h where it should say 'FD'")

    # Life -----------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop the disk and give everything back. May be called twice."""
        if not self._closed:
            self._out(Reg.CONTROL, Control.RESET)
            self._release()

    def _release(self) -> None:
        self._closed = True
        self._line.free()
        if self._claim is not None and self._claim.held:
            self._kernel.dma.free_dma(self._claim)
        if self._buffer is not None:
            self._kernel.pages.free(self._buffer)

    # Sectors --------------------------------------------------------------------------------------------------------

    @property
    def most_sectors(self) -> int:
        """Sectors of one command: what the channel counts to."""
        return self._buffer.size // SECTOR_BYTES if self._buffer else MOST_SECTORS

    def read(self, lba: int, sectors: int, *, seconds: float = 1.0) -> bytes:
        """Read sectors and wait for them.

        Parameters
        ----------
        lba, sectors : int
            First sector and how many.
        seconds : float
            Longest time for the command by DMA; without, longest time in which nothing moves.

        Raises
        ------
        DataLostError
            The machine was too slow; the error says how much is missing.
        FastDiskError
            The disk has no such sectors.
        DmaTimeoutError
            It did not end in that time.
        """
        seconds = as_seconds(seconds)
        self.start(Command.READ, lba, sectors)
        self._wait(seconds, f"read of {sectors} sectors from {lba}")
        return self.result()

    def write(self, lba: int, data: bytes, *, seconds: float = 1.0) -> None:
        """Write sectors and wait until they are on the disk; parameters and errors as in `read`."""
        data, seconds = as_data("data", data), as_seconds(seconds)
        sectors, rest = divmod(len(data), SECTOR_BYTES)
        if rest:
            raise ValueError(f"{len(data)} bytes are no whole number of sectors: pad to a multiple of {SECTOR_BYTES}")
        self.start(Command.WRITE, lba, sectors, data)
        self._wait(seconds, f"write of {sectors} sectors to {lba}")
        self.result()

    def start(self, command: Command, lba: int, sectors: int, data: bytes = b"") -> None:
        """Let a command begin, and return at once; parameters and errors as in `read`."""
        if self._closed or not self._finished:
            state = "was closed: open it again" if self._closed else "has a command under way: wait for it"
            raise FastDiskError(f"the fast disk at {self._base:X}h {state}")
        command = Command(
            as_int("command {}: give Command.READ or Command.WRITE", command, Command.READ, Command.WRITE)
        )
        lba, sectors = as_int("sector", lba, -MOST, MOST), as_int("number of sectors", sectors, -MOST, MOST)
        if not 1 <= sectors <= self.most_sectors or not 0 <= lba <= 0xFFFFFF:
            raise ValueError(f"{sectors} sectors from {lba}: use 1 to {self.most_sectors}, from 0 to FFFFFFh")
        self._command, self._moved, self._status = command, 0, Status(0)
        self._what = f"sectors {lba} to {lba + sectors - 1}"
        length = sectors * SECTOR_BYTES
        self._data = bytearray(data) if command == Command.WRITE else bytearray(length)
        if self._claim is not None and self._buffer is not None:
            address = self._buffer.address
            if command == Command.WRITE:
                self._machine.memory[address : address + length] = data
            mode = Mode.WRITE if command == Command.READ else Mode.READ
            self._kernel.dma.start_dma(self._claim, address, length, self._kind | mode)
        for place, value in enumerate(lba.to_bytes(3, "little")):
            self._out(Reg(Reg.LBA_LOW + place), value)
        self._out(Reg.COUNT, sectors % MOST_SECTORS)
        self._finished = False
        self._out(Reg.COMMAND, command)

    @property
    def interrupts(self) -> int:
        """Interrupts handled."""
        return self._line.taken

    @property
    def finished(self) -> bool:
        """Whether no command is under way."""
        return self._finished

    def result(self) -> bytes:
        """Return what the last command read.

        Raises
        ------
        DataLostError
            Part of the data was lost.
        FastDiskError
            The disk refused the command.
        """
        if self._status & Status.BAD:
            raise FastDiskError(f"the fast disk refused {self._what}: it is not that large")
        if self._status & Status.LOST:
            lost = self._in(Reg.LOST_LOW) | self._in(Reg.LOST_HIGH) << 8
            self.lost += lost
            raise DataLostError(f"the machine was too slow for the fast disk: {lost} units are lost")
        if self._command == Command.READ and self._buffer is not None:
            address = self._buffer.address
            return bytes(self._machine.memory[address : address + len(self._data)])
        return bytes(self._data)

    # Interrupts -----------------------------------------------------------------------------------------------------

    def interrupt(self, _interrupt: object = None) -> None:
        """Handle the interrupt, and end it."""
        self._service()
        self._line.end()

    def _service(self) -> bool:
        """Do what the disk asks for; return whether anything moved."""
        before = self._moved
        # Its line is edge-triggered: it must have been low once before the next interrupt can come, so no giving up
        # half way. Each pass but the last moves something of what the command has.
        for _ in range(len(self._data) + 1):
            status = Status(self._in(Reg.STATUS))
            self._note(status)
            if self._finished or self._claim or not status & Status.REQUEST:
                break
            self._move()
        return self._finished or self._moved > before

    def _note(self, status: Status) -> None:
        self._status |= status
        if status & Status.DONE:
            self._stop()

    def _move(self) -> None:
        """Move as many units as the disk's interrupt promised."""
        for _ in range(min(self._threshold, (len(self._data) - self._moved) // self._width)):
            for place in range(self._width):
                if self._command == Command.READ:
                    self._data[self._moved] = self._in(Reg(Reg.DATA + place))
                else:
                    self._out(Reg(Reg.DATA + place), self._data[self._moved])
                self._moved += 1

    def _wait(self, seconds: float, what: str) -> None:
        try:
            self._line.handle(seconds=seconds, service=self._service, done=lambda: self._finished, what=what)
        except BaseException:
            self._out(Reg.COMMAND, Command.ABORT)
            self._stop()
            raise

    def _stop(self) -> None:
        self._finished = True
        if self._claim is not None:
            self._kernel.dma.disable_dma(self._claim)

    def _in(self, reg: Reg) -> int:
        return self._machine.inb(self._base + reg)

    def _out(self, reg: Reg, value: int) -> None:
        self._machine.outb(self._base + reg, value)
