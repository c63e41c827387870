"""The clock chip's calendar: one second more, in BCD or binary, 12 or 24 hours, as its counters do it."""

# Ref: Motorola MC146818 data sheet: time, calendar and alarm locations; daylight savings enable.

from __future__ import annotations

import datetime
from collections.abc import MutableSequence

from isadma_sim.devices.rtc.regs import PM, B, Reg

__all__ = ["Calendar"]

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_APRIL, _OCTOBER, _SUNDAY = 4, 10, 1


class Calendar:
    """Counts in the chip's own bytes, whatever was written there.

    Parameters
    ----------
    ram : sequence of int
        The chip's bytes; the time is in its first ten.

    Attributes
    ----------
    turned_back : bool
        The hour that October repeats is running for the second time.
    """

    def __init__(self, ram: MutableSequence[int]) -> None:
        self._ram = ram
        self.turned_back = False

    def _get(self, reg: int) -> int:
        value = self._ram[reg]
        return value if self._ram[Reg.B] & B.BINARY else (value >> 4) * 10 + (value & 0x0F)

    def _put(self, reg: int, value: int) -> None:
        self._ram[reg] = value if self._ram[Reg.B] & B.BINARY else value // 10 % 10 << 4 | value % 10

    @property
    def hour(self) -> int:
        """The hour, 0 to 23."""
        if self._ram[Reg.B] & B.HOURS_24:
            return self._get(Reg.HOURS)
        afternoon = bool(self._ram[Reg.HOURS] & PM)
        self._ram[Reg.HOURS] &= ~PM
        value = self._get(Reg.HOURS) % 12
        self._ram[Reg.HOURS] |= PM * afternoon
        return value + 12 * afternoon

    def _set_hour(self, hour: int) -> None:
        if self._ram[Reg.B] & B.HOURS_24:
            self._put(Reg.HOURS, hour)
        else:
            self._put(Reg.HOURS, (hour + 11) % 12 + 1)
            self._ram[Reg.HOURS] |= PM * (hour >= 12)

    def set(self, moment: datetime.datetime) -> None:
        """Set the clock, in the mode that register B says."""
        self._put(Reg.SECONDS, moment.second)
        self._put(Reg.MINUTES, moment.minute)
        self._set_hour(moment.hour)
        self._put(Reg.WEEKDAY, moment.isoweekday() % 7 + 1)
        self._put(Reg.DAY, moment.day)
        self._put(Reg.MONTH, moment.month)
        self._put(Reg.YEAR, moment.year % 100)

    def _carry(self, reg: int, last: int, first: int = 0) -> bool:
        """Count one further, from the last value to the first; say whether it went round."""
        value = self._get(reg)
        self._put(reg, first if value >= last else value + 1)
        return value >= last

    def count(self) -> None:
        """One second more."""
        if not self._carry(Reg.SECONDS, 59) or not self._carry(Reg.MINUTES, 59):
            return
        hour = self.hour
        self._set_hour((hour + 1) % 24 if hour < 24 else 0)
        if self._ram[Reg.B] & B.DAYLIGHT and hour == 1:
            self._daylight()
        if hour < 23:
            return
        self._carry(Reg.WEEKDAY, 7, 1)
        month = self._get(Reg.MONTH)
        days = _DAYS[month - 1] if 1 <= month <= len(_DAYS) else 31
        if month == 2 and self._get(Reg.YEAR) % 4 == 0:
            days = 29
        self.turned_back = False
        if self._carry(Reg.DAY, days, 1) and self._carry(Reg.MONTH, 12, 1):
            self._carry(Reg.YEAR, 99)

    def _daylight(self) -> None:
        """Two o'clock has come: on the last Sunday of April it is three; of October it is one again, once."""
        month, day = self._get(Reg.MONTH), self._get(Reg.DAY)
        if self._get(Reg.WEEKDAY) != _SUNDAY:
            return
        if month == _APRIL and day > 30 - 7:
            self._set_hour(3)
        elif month == _OCTOBER and day > 31 - 7 and not self.turned_back:
            self._set_hour(1)
            self.turned_back = True

    def alarm(self) -> bool:
        """Whether the time is that of the alarm bytes; two high bits in one of them match everything."""
        pairs = (
            (Reg.SECONDS, Reg.SECONDS_ALARM),
            (Reg.MINUTES, Reg.MINUTES_ALARM),
            (Reg.HOURS, Reg.HOURS_ALARM),
        )
        return all(self._ram[alarm] & 0xC0 == 0xC0 or self._ram[alarm] == self._ram[time] for time, alarm in pairs)
