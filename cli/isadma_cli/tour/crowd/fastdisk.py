"""The crowd's fast disk: one command after the other by DMA, reads and writes, begun by the handler of the last."""

from __future__ import annotations

import random
from contextlib import ExitStack

from isadma_cli.tour.crowd.member import Member, MemberReport
from isadma_driver import Kernel
from isadma_driver.errors import DataLostError
from isadma_driver.fastdisk import FASTDISK_DMA, FastDisk
from isadma_driver.fastdisk.codes import SECTOR_BYTES, Command
from isadma_driver.ports import Mode
from isadma_sim import PC
from isadma_sim.devices import fastdisk

_SECTORS = 64
#: Bytes a second: a fixed disk of the time.
_RATE = 125_000.0


class FastDiskMember(Member):
    """Random reads and writes, in single mode."""

    name = "fast disk"
    irq = fastdisk.IRQ

    def __init__(self) -> None:
        self._dice = random.Random("crowd disk")
        self._plain = bytearray(self._dice.randbytes(_SECTORS * SECTOR_BYTES))
        self._running = False
        self._moved = self._wrong = self._failed = 0
        self._now = (Command.READ, 0, b"")

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach the disk."""
        self._device = fastdisk.FastDisk(bytearray(self._plain), rate=_RATE)
        pc.attach(self._device, dma=FASTDISK_DMA, irq=fastdisk.IRQ)
        self.watch(pc, self._device)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver."""
        self._disk = stack.enter_context(FastDisk(kernel, kind=Mode.SINGLE))

    def begin(self) -> None:
        """Begin the first command."""
        self._running = True
        self._next()

    def end(self) -> None:
        """Let the command under way be the last one."""
        self._running = False

    @property
    def idle(self) -> bool:
        """Whether the last command is over."""
        return self._disk.finished

    def handler(self, interrupt: object) -> None:
        """Check what came, and begin the next command."""
        self._disk.interrupt(interrupt)
        if self._disk.finished:
            self._check()
            if self._running:
                self._next()

    def _next(self) -> None:
        count = self._dice.randint(1, 8)
        lba = self._dice.randrange(_SECTORS - count)
        if self._dice.random() < 0.5:
            data = self._dice.randbytes(count * SECTOR_BYTES)
            self._now = (Command.WRITE, lba, data)
            self._disk.start(Command.WRITE, lba, count, data)
        else:
            self._now = (Command.READ, lba, bytes(self._plain[lba * SECTOR_BYTES : (lba + count) * SECTOR_BYTES]))
            self._disk.start(Command.READ, lba, count)

    def _check(self) -> None:
        command, lba, data = self._now
        try:
            got = self._disk.result()
        except DataLostError:
            self._failed += 1
            # What a late write left on the disk is what the next read must find.
            self._plain[:] = self._device.data
            return
        self._moved += len(data)
        if command == Command.READ:
            self._wrong += got != data
        else:
            self._plain[lba * SECTOR_BYTES : lba * SECTOR_BYTES + len(data)] = data

    def report(self) -> MemberReport:
        """Compare the whole disk with a plain copy that was treated the same."""
        lost = self._device.lost * 2
        return self.accounted(
            channels=(FASTDISK_DMA,),
            bytes=self._moved,
            right=not self._wrong and self._device.data == self._plain,
            lost=lost,
            counted=self._disk.lost * 2 == lost and bool(self._failed) == bool(lost),
        )
