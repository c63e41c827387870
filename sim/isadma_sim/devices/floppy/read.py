"""READ DATA, READ DELETED DATA, READ TRACK, and VERIFY, which reads for nobody.

# Ref: Intel 82077AA, order 290166, sections 5.1.1 to 5.1.3, 5.1.5 (VERIFY, table 5-7).
"""

from __future__ import annotations

from collections.abc import Sequence

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.execution import NORMAL
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import St0, St1, St2
from isadma_sim.devices.floppy.track import Sector
from isadma_sim.devices.floppy.transfer import Stage, Transfer


class Read(Transfer):
    """READ DATA and READ DELETED DATA."""

    def field(self) -> None:
        """Send its bytes to the host as they pass."""
        self._data = self.image.read(self.sector)[: self.length]
        self._sent = 0
        if self.start_block(bytearray(self._data)):
            return
        if self.fdc.instant:
            self.serviced()
        else:
            self._await()

    def _await(self) -> None:
        """Call back when the next byte has passed."""
        self.schedule.at(self.clock_of(self.sector.data_start + self._sent + 1), self._byte)

    def _byte(self) -> None:
        """Take a byte that has passed; one the host left no room for ends the command."""
        if not self.fdc.host.room:
            self.overrun()
            return
        self._push()
        if self._sent < len(self._data):
            self._await()
        else:
            self.tail()

    def _push(self) -> None:
        self._sent += 1
        self.fdc.host.push(self._data[self._sent - 1], last=self._sent == len(self._data))

    def block_moved(self, moved: int) -> None:
        """Go on behind what the host has."""
        self._sent = moved

    def by_bytes(self) -> None:
        """Send what is left of a block through the FIFO."""
        self.serviced()

    def serviced(self) -> None:
        """At full speed the next bytes are there at once, and the next sector when all of this one are taken."""
        if self._block is not None:
            return
        if self.fdc.instant and self.stage is Stage.DATA:
            while self._sent < len(self._data) and self.fdc.host.room:
                self._push()
            if self._sent == len(self._data) and self.fdc.host.empty:
                self.tail()
        else:
            super().serviced()


class Verify(Transfer):
    """VERIFY: read without the host; EOT, or the sector count when EC is set, ends it."""

    to_host = None
    needs_tc = False

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        super().__init__(fdc, command)
        self.counting = bool(command[1] & regs.Unit.EC)
        #: Sectors to go when counting; 0 means 256.
        self.left = self.dtl or 256

    def field(self) -> None:
        """Let it pass."""
        self.left -= 1
        self.counted = self.counting and not self.left
        self.tail()

    def ran_out(self) -> None:
        """At EOT: success, unless sectors were to be counted further."""
        if self.counting and not self.marked_otherwise:
            self.st1 |= St1.END_OF_CYLINDER
            self.finish(St0.ABNORMAL)
            return
        if not self.marked_otherwise:
            self.advance()
        self.finish()


class ReadTrack(Read):
    """READ TRACK: every sector from the index on, EOT of them, whatever their numbers."""

    needs_tc = False

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        super().__init__(fdc, command)
        self._passed = 0

    def find(self) -> None:
        """Begin at the index; then take each ID field as it comes."""
        self.stage = Stage.SEARCH
        if self._passed:
            self._any()
        else:
            self.schedule_depends_on_disk = True
            self.schedule.at(self.next_index(), self._any)

    def _any(self) -> None:
        order = sorted(self.sectors(), key=lambda sector: sector.start)
        self.search(
            lambda sector: sector is order[self._passed % len(order)],
            self._note,
            lambda: self.not_found(self.c),
        )

    def _note(self, sector: Sector) -> None:
        """Read on whatever the ID field says: a strange one is no data, a bad CRC a data error."""
        if sector.chrn != self.chrn:
            self.st1 |= St1.NO_DATA
        if sector.id_error:
            self.st1 |= St1.DATA_ERROR
        self.sector = sector
        self.stage = Stage.DATA
        self.field()

    @property
    def at_end(self) -> bool:
        """Whether as many sectors have passed as EOT says."""
        return self._passed & 0xFF == self.eot

    @property
    def marked_otherwise(self) -> bool:
        """Deleted data marks do not end this command."""
        return False

    def passed(self) -> None:
        """Count the sector; errors do not end the command."""
        self._passed += 1
        if self.sector.misread():
            self.st1 |= St1.DATA_ERROR
            self.st2 |= St2.DATA_FIELD_ERROR
        if self.counted:
            self.advance()
            self.finish()
        else:
            self.next()

    def ran_out(self) -> None:
        """End by the count of sectors: no TC is needed."""
        self.advance()
        self.finish()

    def finish(self, code: St0 = NORMAL) -> None:
        """Errors met on the way make the end abnormal."""
        super().finish(code or (St0.ABNORMAL if self.st1 or self.st2 else code))
