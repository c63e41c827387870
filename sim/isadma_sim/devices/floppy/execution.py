"""What every command with an execution phase does: wait for the disk, load the head, find an ID field, end.

# Ref: Intel 82077AA, order 290166, sections 5.1.1 (READ DATA: the search, two index pulses) and 6.1-6.3 (ST0-ST2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.drive import Drive
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.image import Image
from isadma_sim.devices.floppy.regs import St0, St1, St2
from isadma_sim.devices.floppy.schedule import Schedule
from isadma_sim.devices.floppy.track import Sector

#: Index pulses after which a search gives up.
_TURNS = 2
_BITS = 8
#: ST0 of a command that did what it should.
NORMAL = St0(0)


class Execution:
    """One command between its last parameter and its result.

    Parameters
    ----------
    fdc : Fdc
        The controller.
    command : sequence of int
        Its bytes, as written.
    """

    #: Whether the command would change the disk.
    writes = False
    #: Where C stands among the bytes, for an implied seek; None when the command does none.
    seeks_to: int | None = None
    #: Whether the calls scheduled come from the turning disk.
    schedule_depends_on_disk = False

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        self.fdc = fdc
        self.command = tuple(command)
        self.mfm = bool(command[0] & regs.Option.MFM)
        self.unit = command[1] & regs.Unit.DRIVE
        self.head = 1 if command[1] & regs.Unit.HEAD else 0
        self.st1 = St1(0)
        self.st2 = St2(0)
        self.schedule = Schedule(fdc, instant=fdc.instant)
        #: Clock at which the index passed in the turn the current sector was found in.
        self._index = 0
        #: What to do when the disk turns; set while it does not.
        self._waiting: Callable[[], None] | None = None

    # What a command fills in

    def execute(self) -> None:
        """Go on once head, drive and disk are ready."""
        raise NotImplementedError

    def serviced(self) -> None:
        """Note that the host has moved something."""

    def terminal_count(self) -> None:
        """Note that TC came with a DACK."""

    def gate_closed(self) -> None:
        """Note that DOR does not let requests through any more."""

    @property
    def chrn(self) -> tuple[int, int, int, int]:
        """ID information for the result phase."""
        raise NotImplementedError

    # The way there

    def begin(self) -> None:
        """Start: refuse what cannot work, seek if implied, load the head.

        The drive is the one DOR selects; the drive bits of a command choose a cylinder register only.
        """
        drive = self.fdc.selected
        if self.fdc.not_ready:
            self.finish(St0.ABNORMAL | St0.NOT_READY)
        elif self.writes and drive is not None and drive.image is not None and drive.write_protected:
            self.st1 |= St1.NOT_WRITABLE
            self.finish(St0.ABNORMAL)
        else:
            self._seek()

    def _seek(self) -> None:
        """Step to the cylinder of the command, when CONFIGURE has enabled that."""
        registers = self.fdc.registers
        if registers.implied_seek and self.seeks_to is not None:
            target = self.command[self.seeks_to]
            if registers.pcn[self.unit] != target:
                inward = target > registers.pcn[self.unit]
                registers.pcn[self.unit] += 1 if inward else -1
                self.fdc.cable.step(inward)
                self.schedule.after(registers.step_clocks(self.fdc.hz), self._seek)
                return
        self.schedule.after(self.fdc.load_head(), self._loaded)

    def _loaded(self) -> None:
        self.when_turning(self.execute)

    def when_turning(self, then: Callable[[], None]) -> None:
        """Go on as soon as a disk turns at speed: without index pulses the controller waits, for ever if need be."""
        drive = self.fdc.selected
        self._waiting = then
        if drive is None or drive.image is None or not drive.motor:
            return
        if drive.turning(self.schedule.now):
            self._waiting = None
            then()
        else:
            self.schedule.at(drive.turning_from, self._woken)

    def _woken(self) -> None:
        if self._waiting is not None:
            self.when_turning(self._waiting)

    def disturbed(self) -> None:
        """Disk, motor or selection changed: what was to come from the disk does not come any more."""
        if self._waiting is None and self.schedule_depends_on_disk:
            self.schedule.clear()
            self._waiting = self.hang
        if self._waiting is not None:
            self.schedule.clear()
            if self.fdc.not_ready:
                self.finish(St0.ABNORMAL | St0.NOT_READY)
            else:
                self.when_turning(self._waiting)

    @property
    def disk_gone(self) -> bool:
        """Whether the disk that was read or written went away, and the command hangs until one turns again."""
        return self._waiting == self.hang

    def hang(self) -> None:
        """End after the disk went away in the middle: the next address mark is not the one awaited."""
        self.st1 |= St1.MISSING_ADDRESS_MARK
        self.finish(St0.ABNORMAL)

    # On the track

    @property
    def spindle(self) -> Drive:
        """The selected drive, once it turns."""
        drive = self.fdc.selected
        assert drive is not None, "no drive to turn"
        return drive

    @property
    def image(self) -> Image:
        """The disk that turns in it."""
        image = self.spindle.image
        assert image is not None, "no disk to turn"
        return image

    def sectors(self) -> list[Sector]:
        """Return what can be made out under the head: nothing in FM, nor at the wrong data rate."""
        return self.spindle.sectors(self.head, self.fdc.registers.rate) if self.mfm else []

    def clock_of(self, position: int) -> int:
        """Return the clock at which byte `position` of the track passes, in the turn of the current sector."""
        return self._index + position * _BITS * self.fdc.hz // self.fdc.registers.rate

    def next_index(self) -> int:
        """Return the clock of the next index pulse."""
        return self.spindle.index_before(self.schedule.now, self.fdc.hz) + self.spindle.revolution(self.fdc.hz)

    def search(self, fits: Callable[[Sector], bool], found: Callable[[Sector], None], lost: Callable[[], None]) -> None:
        """Wait for the next ID field that fits; `lost` after two index pulses without one."""
        self.schedule_depends_on_disk = True
        now = self.schedule.now
        turn = self.spindle.revolution(self.fdc.hz)
        first = self.spindle.index_before(now, self.fdc.hz)
        best: tuple[int, int, Sector] | None = None
        for sector in self.sectors():
            if not fits(sector):
                continue
            self._index = first
            # An ID field that has gone by comes back one turn later.
            if self.clock_of(sector.id_end) < now:
                self._index += turn
            passes = self.clock_of(sector.id_end)
            if best is None or passes < best[0]:
                best = passes, self._index, sector
        if best is None:
            self.schedule.at(first + _TURNS * turn, lost)
            return
        passes, self._index, sector = best
        self.schedule.at(passes, lambda: found(sector))

    def not_found(self, cylinder: int) -> None:
        """End because no ID field fitted, saying what was seen instead."""
        seen = self.sectors()
        if not seen:
            self.st1 |= St1.MISSING_ADDRESS_MARK
        else:
            self.st1 |= St1.NO_DATA
        if any(sector.id_error for sector in seen):
            self.st1 |= St1.DATA_ERROR
        others = {sector.c for sector in seen if not sector.id_error and sector.c != cylinder}
        if others:
            self.st2 |= St2.WRONG_CYLINDER
        if regs.BAD_TRACK in others:
            self.st2 |= St2.BAD_CYLINDER
        self.finish(St0.ABNORMAL)

    # The end

    def finish(self, code: St0 = NORMAL) -> None:
        """Enter the result phase with ST0, ST1, ST2 and the ID information."""
        self.stop()
        st0 = code | (St0.HEAD if self.head else 0) | self.unit
        self.fdc.result([int(st0), int(self.st1), int(self.st2), *self.chrn])

    def stop(self) -> None:
        """Let go of disk and host."""
        self.schedule.clear()
        self._waiting = None
        self.schedule_depends_on_disk = False
