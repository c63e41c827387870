"""SEEK, RELATIVE SEEK and RECALIBRATE: step pulses, which go on while the controller takes other commands.

# Ref: Intel 82077AA, order 290166, sections 5.2.2, 5.2.3, 5.2.8 and table 6-1 (EC after 80 step pulses);
#      NEC uPD765A: 77 step pulses.
"""

from __future__ import annotations

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import St0
from isadma_sim.devices.floppy.schedule import Schedule


class Seek:
    """Head movement for one of the four cylinder registers.

    Parameters
    ----------
    fdc : Fdc
        The controller.
    unit : int
        Whose register; the steps go to the drive DOR selects.
    steps : int
        Step pulses to give.
    inward : bool
        Direction: toward the spindle.
    to_track0 : bool
        Whether TRK0 ends it: RECALIBRATE.
    stop_at_track0 : bool
        Whether an outward step at TRK0 is an error: RELATIVE SEEK.
    """

    def __init__(
        self,
        fdc: Fdc,
        unit: int,
        *,
        steps: int,
        inward: bool,
        to_track0: bool = False,
        stop_at_track0: bool = False,
    ) -> None:
        self.fdc = fdc
        self.unit = unit
        self.left = steps
        self.inward = inward
        self.to_track0 = to_track0
        self.stop_at_track0 = stop_at_track0
        self.schedule = Schedule(fdc, instant=fdc.instant)

    def begin(self) -> None:
        """Start stepping."""
        self._go_on(1)

    def cancel(self) -> None:
        """Stop where the head is."""
        self.schedule.clear()

    def _go_on(self, clocks: int) -> None:
        """End, or give the next step in so many clocks."""
        registers = self.fdc.registers
        if self.to_track0 and self.fdc.cable.track0:
            registers.pcn[self.unit] = 0
            self.schedule.after(clocks, lambda: self._end(St0.SEEK_END))
        elif self.left == 0:
            if self.to_track0:
                registers.pcn[self.unit] = 0
            failed = St0.ABNORMAL | St0.EQUIPMENT_CHECK if self.to_track0 else St0(0)
            self.schedule.after(clocks, lambda: self._end(St0.SEEK_END | failed))
        elif self.stop_at_track0 and not self.inward and self.fdc.cable.track0:
            self.schedule.after(clocks, lambda: self._end(St0.SEEK_END | St0.ABNORMAL | St0.EQUIPMENT_CHECK))
        else:
            self.schedule.after(registers.step_clocks(self.fdc.hz), self._step)

    def _step(self) -> None:
        self.left -= 1
        self.fdc.cable.step(self.inward)
        if not self.to_track0:
            pcn = self.fdc.registers.pcn
            pcn[self.unit] = (pcn[self.unit] + (1 if self.inward else -1)) & 0xFF
        self._go_on(1)

    def _end(self, code: St0) -> None:
        self.fdc.attention.done(self.unit, int(code) | self.unit)


def seek(fdc: Fdc, unit: int, target: int) -> Seek:
    """SEEK: from the cylinder register's value to `target`."""
    here = fdc.registers.pcn[unit]
    return Seek(fdc, unit, steps=abs(target - here), inward=target > here)


def recalibrate(fdc: Fdc, unit: int) -> Seek:
    """RECALIBRATE: outward until TRK0, so many steps at most."""
    return Seek(fdc, unit, steps=regs.RECALIBRATE_STEPS[fdc.variant], inward=False, to_track0=True)


def relative_seek(fdc: Fdc, unit: int, count: int, *, inward: bool) -> Seek:
    """RELATIVE SEEK: so many steps in or out, whatever the cylinder register says."""
    return Seek(fdc, unit, steps=count, inward=inward, stop_at_track0=True)
