"""The sample clock, exact against the 8237's: sample n falls on the first clock not before n periods."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from isadma_sim.machine.device import Device


class SampleClock:
    """Calls back once a sample time.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    tick : callable
        Called at each sample time.
    """

    def __init__(self, device: Device, tick: Callable[[], None]) -> None:
        self._device = device
        self._tick = tick
        self._handle: Any = None
        self._left: int | None = None  # paused: so much of the period is left, in 1/_denominator clocks
        self._period = 1
        self._denominator = 1
        self._due = 0  # next sample time, in 1/_denominator clocks

    @property
    def ordered(self) -> bool:
        """Whether a tick will come, now or after a pause."""
        return self._handle is not None or self._left is not None

    def start(self, rate: Fraction) -> None:
        """Begin; the first tick comes a period from now."""
        self.stop()
        period = Fraction(self._device.lines.clock_hz) / rate
        self._period, self._denominator = period.numerator, period.denominator
        self._due = self._device.lines.clock * self._denominator
        self._order()

    def set_rate(self, rate: Fraction) -> None:
        """Tick at another rate from the next tick on; the period under way keeps its length (choice)."""
        period = Fraction(self._device.lines.clock_hz) / rate
        if (self._period, self._denominator) == (period.numerator, period.denominator):
            return
        due = Fraction(self._due, self._denominator)
        left = None if self._left is None else Fraction(self._left, self._denominator)
        self._period, self._denominator = period.numerator, period.denominator
        self._due = int(due * self._denominator)
        self._left = None if left is None else int(left * self._denominator)

    def stop(self) -> None:
        """End."""
        if self._handle is not None:
            self._device.lines.cancel(self._handle)
        self._handle = None
        self._left = None

    def pause(self) -> None:
        """Stand still."""
        if self._handle is not None:
            left = self._due - self._device.lines.clock * self._denominator
            self.stop()
            self._left = left

    def go_on(self) -> None:
        """Go on with what was left of the period."""
        if self._left is not None:
            self._due = self._device.lines.clock * self._denominator + self._left - self._period
            self._left = None
            self._order()

    def _order(self) -> None:
        self._due += self._period
        clock = -(-self._due // self._denominator)
        self._handle = self._device.lines.after(max(1, clock - self._device.lines.clock), self._called)

    def _called(self) -> None:
        self._order()  # first: a tick may stop the clock
        self._tick()
