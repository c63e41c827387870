"""The crowd's SCSI disk: random reads and writes by a bus master, between two looks at the floppy."""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

from isadma_cli.tour.crowd.member import Member, MemberReport, ServingMachine
from isadma_driver import Kernel
from isadma_driver.scsi import ScsiDriver
from isadma_sim import PC
from isadma_sim.devices.scsi import HostAdapter

_BLOCK, _BLOCKS, _MOST = 512, 512, 32
_DMA = 6


class ScsiMember(Member):
    """An AHA-1542 with a disk on an image file.

    Parameters
    ----------
    image : Path
        Where the image is to be.
    """

    name = "scsi"
    irq = 11
    in_foreground = True

    def __init__(self, image: Path) -> None:
        self._dice = random.Random("crowd scsi")
        self._plain = bytearray(self._dice.randbytes(_BLOCKS * _BLOCK))
        self._image = image
        image.write_bytes(self._plain)
        self._running = False
        self._moved = self._wrong = 0

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach adapter and disk."""
        self._card = HostAdapter(self._image, dma=_DMA, irq=self.irq)
        pc.attach(self._card)
        self.watch(pc, self._card)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver."""
        self._disk = stack.enter_context(ScsiDriver(kernel))
        if isinstance(kernel.machine, ServingMachine):
            kernel.machine.meanwhile = self._step

    def begin(self) -> None:
        """Let commands run from now on."""
        self._running = True

    def end(self) -> None:
        """Begin no more of them."""
        self._running = False

    def _step(self) -> None:
        """Run one command; whoever waits for something else waits on meanwhile."""
        if not self._running:
            return
        count = self._dice.randint(1, _MOST)
        lba = self._dice.randrange(_BLOCKS - count)
        place = slice(lba * _BLOCK, (lba + count) * _BLOCK)
        if self._dice.random() < 0.5:
            data = self._dice.randbytes(count * _BLOCK)
            self._disk.write(lba, data)
            self._plain[place] = data
        else:
            self._wrong += self._disk.read(lba, count) != self._plain[place]
        self._moved += count * _BLOCK

    def report(self) -> MemberReport:
        """Compare the image with a plain copy that was treated the same."""
        whole = b"".join(self._disk.read(lba, _MOST) for lba in range(0, _BLOCKS, _MOST))
        return self.accounted(
            channels=(self._disk.channel,), bytes=self._moved, right=not self._wrong and whole == self._plain
        )
