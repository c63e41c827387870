"""The AT's clock and its 64 bytes of memory on a battery: an MC146818 at 70h and 71h, interrupt 8."""

# Ref: Motorola MC146818 data sheet; IBM PC AT Technical Reference (1502494), real-time clock.

from __future__ import annotations

import datetime
from typing import Any

from isadma_sim.devices.alarm import Alarm
from isadma_sim.devices.rtc import regs
from isadma_sim.devices.rtc.calendar import Calendar
from isadma_sim.devices.rtc.regs import B, C, Reg
from isadma_sim.machine.device import Device

__all__ = ["RealTimeClock"]

#: Flags that register B has enables for.
_FLAGS = C.PERIODIC | C.ALARM | C.UPDATE


class RealTimeClock(Device):
    """An MC146818 that keeps the machine's time. Attach with interrupt `regs.IRQ` (8).

    Parameters
    ----------
    start : datetime.datetime
        What time it is at power-up.

    Attributes
    ----------
    ram : list of int
        Its 64 bytes: time, registers, and what the battery keeps.
    nmi_masked : bool
        Bit 7 of the last index: the board's latch that keeps NMI away.

    Notes
    -----
    RESET takes the interrupts back and leaves the rest. During an update, the last 2 ms of a second, the time reads as
    before it (the data sheet: undefined). Port 70h does not read. A divider that is neither running nor in reset
    (another crystal, or a test of the maker) counts as running.
    """

    name = "clock"
    ports = (regs.INDEX, regs.DATA)

    def __init__(self, start: datetime.datetime = datetime.datetime(1990, 1, 1)) -> None:
        if not isinstance(start, datetime.datetime) or not 1980 <= start.year <= 2079:
            raise ValueError(f"start={start!r}: give a datetime of 1980 to 2079")
        self.ram = [0] * regs.SIZE
        self.ram[Reg.A], self.ram[Reg.B], self.ram[Reg.D] = regs.BIOS_A, int(B.HOURS_24), regs.VALID
        self.ram[regs.Kept.CENTURY] = start.year // 1000 << 4 | start.year // 100 % 10
        self._calendar = Calendar(self.ram)
        self._calendar.set(start)
        self._index = 0
        self.nmi_masked = False
        self._origin: int | None = 0  # pulse at which the divider was zero; None: it is held in reset
        self._looked = 0  # pulse up to which periods are in the flags
        self._second = Alarm(self, self._update)
        self._period = Alarm(self, self._periodic)

    def reset(self) -> None:
        """Bus RESET: no interrupts, no flags; time and memory go on."""
        self.ram[Reg.B] &= ~(B.PERIODIC | B.ALARM | B.UPDATE | B.SQUARE_WAVE)
        self.ram[Reg.C] = 0
        self._looked = self._now
        self._order()

    # ---------------------------------------------------------------- time
    @property
    def _now(self) -> int:
        return self.lines.clock * regs.CRYSTAL_HZ // self.lines.clock_hz

    def _clock_of(self, pulse: int) -> int:
        return -(-pulse * self.lines.clock_hz // regs.CRYSTAL_HZ)

    def _next(self, pulses: int) -> int | None:
        """Return the clock of the next whole multiple of so many pulses of the divider."""
        if self._origin is None:
            return None
        return self._clock_of(self._origin + ((self._now - self._origin) // pulses + 1) * pulses)

    def _order(self) -> None:
        """Order what is next, and drive the interrupt line."""
        self._second.set(self._next(regs.CRYSTAL_HZ))
        waits = self.ram[Reg.B] & B.PERIODIC and not self.ram[Reg.C] & C.PERIODIC
        self._period.set(self._next(self._periods) if waits and self._periods else None)
        self.lines.irq(bool(self.ram[Reg.B] & self.ram[Reg.C] & _FLAGS))

    @property
    def _periods(self) -> int:
        """Pulses of a period; 0: none."""
        rate = self.ram[Reg.A] & regs.RATE
        return 0 if rate == 0 else 1 << (rate + 6 if rate < 3 else rate - 1)

    def _look(self) -> None:
        """Set the periodic flag when a period has ended since the last look."""
        now, periods = self._now, self._periods
        if periods and self._origin is not None:
            ended = (now - self._origin) // periods > (self._looked - self._origin) // periods
            self.ram[Reg.C] |= C.PERIODIC if ended else 0
        self._looked = now

    def _periodic(self) -> None:
        self._look()
        self._order()

    def _update(self) -> None:
        """End a second."""
        self._look()  # a period may end in the same moment
        if not self.ram[Reg.B] & B.SET:
            self._calendar.count()
            self.ram[Reg.C] |= C.UPDATE | (C.ALARM if self._calendar.alarm() else 0)
        self._order()

    @property
    def _updating(self) -> bool:
        if self._second.due is None or self.ram[Reg.B] & B.SET:
            return False
        left = (self._second.due - self.lines.clock) / self.lines.clock_hz
        return left <= regs.UPDATE_SECONDS + regs.ANNOUNCED_SECONDS

    # ---------------------------------------------------------------- registers
    def io_read(self, port: int) -> int:
        """Read the byte that was selected; port 70h does not read."""
        if port == regs.INDEX:
            return 0xFF
        if self._index == Reg.A:
            return self.ram[Reg.A] | (regs.UPDATE_IN_PROGRESS if self._updating else 0)
        if self._index == Reg.C:
            self._look()
            flags = self.ram[Reg.C]
            self.ram[Reg.C] = 0
            request = flags & self.ram[Reg.B] & _FLAGS
            self._order()
            return flags | (C.REQUEST if request else 0)
        return self.ram[self._index]

    def io_write(self, port: int, value: int) -> None:
        """Select a byte, or write the one that was selected."""
        if port == regs.INDEX:
            self._index = value & regs.SIZE - 1
            self.nmi_masked = bool(value & regs.NMI_OFF)
        elif self._index == Reg.A:
            self._write_a(value & ~regs.UPDATE_IN_PROGRESS)
        elif self._index == Reg.B:
            self._look()
            if value & B.SET:
                value &= ~B.UPDATE
            self.ram[Reg.B] = value
            self._order()
        elif self._index not in (Reg.C, Reg.D):
            self.ram[self._index] = value

    def _write_a(self, value: int) -> None:
        self._look()
        self.ram[Reg.A] = value
        held = value >> regs.DIVIDER_SHIFT & 0b110 == regs.DIVIDER_RESET
        if held:
            self._origin = None
        elif self._origin is None:
            self._origin = self._now - regs.CRYSTAL_HZ // 2  # the first update half a second after its release
        self._looked = self._now
        self._order()

    # ---------------------------------------------------------------- saved
    _PLAIN = ("_index", "nmi_masked", "_origin", "_looked")

    def save_state(self) -> Any:
        """Return its state in JSON's values."""
        state = {name: getattr(self, name) for name in self._PLAIN}
        return state | {"ram": [*self.ram], "turned_back": self._calendar.turned_back}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        for name in self._PLAIN:
            setattr(self, name, state[name])
        self.ram[:] = state["ram"]
        self._calendar.turned_back = state["turned_back"]
        self._order()
