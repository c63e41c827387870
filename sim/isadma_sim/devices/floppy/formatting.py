"""FORMAT TRACK: lay sectors from index to index, with ID fields the host sends.

# Ref: Intel 82077AA, order 290166, section 5.1.6 and figure 5-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from isadma_sim.devices.floppy import regs, track
from isadma_sim.devices.floppy.execution import Execution
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import St0, St1
from isadma_sim.devices.floppy.track import Sector


class FormatTrack(Execution):
    """FORMAT TRACK with the parameters N, SC, GPL and D.

    A sector with the number and size a raw image has a place for goes to the image, filled with D; any other lasts
    until the image is closed. An aborted format leaves what lies behind the head new and the rest old.
    """

    writes = True

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        super().__init__(fdc, command)
        _, _, self.n, self.sc, self.gpl, self.fill = command
        self.counted = False
        self._id = bytearray()
        self._laid: list[Sector] = []
        #: Where the next sector begins; None before the index.
        self._start: int | None = None
        fdc.registers.eot = self.sc

    @property
    def chrn(self) -> tuple[int, int, int, int]:
        """The last ID field; the data sheet gives it no meaning."""
        return self._laid[-1].chrn if self._laid else (0, 0, 0, 0)

    @property
    def _gap2(self) -> int:
        wide = self.fdc.registers.perpendicular & (regs.Perpendicular.GAP | regs.Perpendicular.WGATE)
        return track.GAP2_PERPENDICULAR if wide == regs.Perpendicular.GAP | regs.Perpendicular.WGATE else track.GAP2

    def execute(self) -> None:
        """Ask for the first ID field, and wait for the index."""
        self.fdc.open_host(to_host=False)
        self.fdc.host.grant(track.CHRN)
        self.schedule_depends_on_disk = True
        self.schedule.at(self.next_index(), self._index_pulse)

    def _index_pulse(self) -> None:
        self._index = self.spindle.index_before(self.schedule.now, self.fdc.hz)
        self._next()

    def _next(self) -> None:
        """Wait for the place of the next ID field's first byte."""
        self._start = track.nearest_start(self._laid, self.gpl)
        if len(self._laid) == self.sc or self._blank().end > self._capacity:
            self.fdc.host.stop()
            self._fill_up()
        elif self.fdc.instant:
            self.serviced()
        else:
            self._await()

    def _blank(self) -> Sector:
        """Return the sector about to be laid, its ID field still unknown."""
        assert self._start is not None
        return Sector(0, 0, 0, self.n, self._start, self._gap2)

    @property
    def _capacity(self) -> int:
        """Bytes that pass in one turn at the rate set."""
        return self.fdc.registers.rate * 60 // self.spindle.kind.rpm // 8

    def _await(self) -> None:
        first = self._blank().start + track.SYNC + track.MARK
        self.schedule.at(self.clock_of(first + len(self._id)), self._byte)

    def _byte(self) -> None:
        value = self.fdc.host.pop()
        if value is None:
            self._without()
            return
        self._id.append(value)
        if len(self._id) < track.CHRN:
            self._await()
        else:
            self.schedule.at(self.clock_of(self._blank().end), self._lay)

    def _without(self) -> None:
        """No byte for an ID field: after TC the rest of the track stays bare, else the host was late."""
        if self.counted:
            self._fill_up()
        else:
            self.st1 |= St1.OVERRUN
            self.finish(St0.ABNORMAL)

    def serviced(self) -> None:
        """At full speed take ID fields as they come."""
        if not self.fdc.instant or self.disk_gone or self._start is None or len(self._id) == track.CHRN:
            return
        while len(self._id) < track.CHRN and (value := self.fdc.host.pop()) is not None:
            self._id.append(value)
        if len(self._id) == track.CHRN:
            self.schedule.after(1, self._lay)
        elif self.counted:
            self._without()

    def terminal_count(self) -> None:
        """No ID field comes any more; those sent are still laid."""
        self.counted = True
        self.serviced()

    def _lay(self) -> None:
        """Put a complete sector on the disk; what lay there before is gone."""
        sector = self._blank()
        sector.c, sector.h, sector.r, sector.n = self._id
        # N of the command sets the length laid; an ID field that claims another is found, and misread.
        sector.data_errors = 0 if sector.n == self.n else -1
        self._id.clear()
        self._laid.append(sector)
        self._change([old for old in self._under_head() if old.start >= sector.end])
        if len(self._laid) < self.sc and not self.counted:
            self.fdc.host.grant(track.CHRN)
        self._next()

    def _fill_up(self) -> None:
        """Nothing but gap up to the index."""
        self.schedule.at(self._index + self.spindle.revolution(self.fdc.hz), self._done)

    def _done(self) -> None:
        self._change([])
        self.finish()

    def _under_head(self) -> list[Sector]:
        cylinder = self.spindle.track()
        return [] if cylinder is None else self.image.track(cylinder, self.head)

    def _change(self, old: list[Sector]) -> None:
        """Put the sectors laid so far on the disk, before the old ones that are left."""
        image, cylinder = self.image, self.spindle.track()
        if cylinder is None:
            return
        if not self.mfm or self.fdc.registers.rate != self.spindle.bit_rate():
            # Recorded in FM or at a rate that is not the disk's, where nothing can be made out any more.
            image.lay(cylinder, self.head, [])
            return
        image.lay(cylinder, self.head, [*self._laid, *old])
        for sector in self._laid:
            if not sector.data and sector.offset is None and not sector.data_errors:
                sector.offset = image.place(cylinder, self.head, sector)
                image.write(sector, bytes([self.fill]) * sector.size)

    def stop(self) -> None:
        """Let go of disk and host."""
        super().stop()
        self.fdc.host.stop()
