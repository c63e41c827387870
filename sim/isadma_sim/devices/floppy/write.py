"""WRITE DATA and WRITE DELETED DATA: sectors from the host to the disk.

# Ref: Intel 82077AA, order 290166, section 5.1.4: after TC or an underrun the rest of a sector becomes zeros.
"""

from __future__ import annotations

from isadma_sim.devices.floppy.regs import St0, St1
from isadma_sim.devices.floppy.transfer import Stage, Transfer


class Write(Transfer):
    """WRITE DATA and WRITE DELETED DATA."""

    writes = True
    to_host = False

    def field(self) -> None:
        """Ask the host for the bytes, and lay them down as their places pass."""
        self._data = bytearray()
        self._taken = bytearray(self.length)
        if self.start_block(self._taken):
            return
        self.fdc.host.grant(self.length)
        if not self.fdc.instant:
            self._await()

    def _await(self) -> None:
        self.schedule.at(self.clock_of(self.sector.data_start + len(self._data)), self._byte)

    def _byte(self) -> None:
        """Lay down the next byte, here being its place; without one the rest becomes zeros."""
        value = self.fdc.host.pop()
        if value is None:
            if not self.counted:
                self.st1 |= St1.OVERRUN
                self.fdc.host.stop()
            self.tail()
            return
        self._data.append(value)
        if len(self._data) < self.length:
            self._await()
        else:
            self.tail()

    def block_moved(self, moved: int) -> None:
        """Keep what the host has sent."""
        self._data = self._taken[:moved]

    def by_bytes(self) -> None:
        """Take what is missing of a block through the FIFO."""
        self.fdc.host.grant(self.length - len(self._data))

    def serviced(self) -> None:
        """At full speed take every byte at once."""
        if self._block is not None:
            return
        if not (self.fdc.instant and self.stage is Stage.DATA):
            super().serviced()
            return
        self._drain()
        if len(self._data) == self.length and not self.fdc.host.acknowledged:
            self.tail()

    def _drain(self) -> None:
        while len(self._data) < self.length and (value := self.fdc.host.pop()) is not None:
            self._data.append(value)

    def cut(self) -> None:
        """TC: what the host has sent goes to the disk, then zeros."""
        self.schedule.clear()
        self.tail()

    def terminal_count(self) -> None:
        """Keep what is in the FIFO: it was sent before TC."""
        if self.stage is Stage.DATA:
            self._drain()
        super().terminal_count()

    def passed(self) -> None:
        """Put the sector on the disk: its place has passed, to the end."""
        self.store(bytes(self._data).ljust(self.sector.size, b"\0"))
        if self.st1 & St1.OVERRUN:
            self.finish(St0.ABNORMAL)
        else:
            super().passed()

    def store(self, data: bytes) -> None:
        """Write a complete sector to the image."""
        self.image.write(self.sector, data, deleted=self.deleted)
