"""The crowd's floppy: the program in the foreground reads it, cylinder after cylinder, through channel 2."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from isadma_cli.tour.crowd.member import Member, MemberReport
from isadma_driver import Floppy, Kernel
from isadma_driver.floppy.codes import FLOPPY_DMA, FLOPPY_IRQ
from isadma_sim import PC, Device
from isadma_sim.devices.floppy import FloppyController, Image

_SECTOR = 512
#: Sectors of one read: a track.
_PIECE = 18


class FloppyMember(Member):
    """A 1.44M drive whose driver waits for its own interrupts."""

    name = "floppy"
    irq = FLOPPY_IRQ
    in_foreground = True

    def __init__(self, image: Path) -> None:
        self._path = image
        self._bytes = image.read_bytes()
        self._lba = 0
        self._right = True

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach controller and drive."""
        disk = Image.open(self._path)
        stack.callback(disk.close)
        device: Device = FloppyController([disk])
        pc.attach(device, dma=FLOPPY_DMA, irq=FLOPPY_IRQ)
        self.watch(pc, device)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver and bring the motor up."""
        self._floppy = stack.enter_context(Floppy(kernel, "1.44M", dma=True))
        self._floppy.read(0)

    def step(self) -> None:
        """Read the next piece."""
        data = self._floppy.read(self._lba, _PIECE)
        start = self._lba * _SECTOR
        self._right = self._right and data == self._bytes[start : start + _PIECE * _SECTOR]
        self._lba += _PIECE

    def report(self) -> MemberReport:
        """Say how far it came."""
        return self.accounted(channels=(FLOPPY_DMA,), bytes=self._lba * _SECTOR, right=self._right)
