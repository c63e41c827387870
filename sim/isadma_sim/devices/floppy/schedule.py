"""Calls to come, which a reset takes back all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from isadma_sim.machine.device import Lines


class Wired(Protocol):
    """Something with wires to a machine: a device.

    Attributes
    ----------
    lines : Lines
        The wires.
    """

    lines: Lines


class Schedule:
    """The calls one activity of a device has ordered.

    Parameters
    ----------
    device : Wired
        Whose lines tell the time.
    instant : bool
        Whether every delay is a single clock: the device at full speed.
    """

    def __init__(self, device: Wired, *, instant: bool) -> None:
        self._device = device
        self._instant = instant
        self._handles: dict[int, Any] = {}
        self._next = 0

    @property
    def now(self) -> int:
        """The clock it is."""
        return self._device.lines.clock

    def after(self, clocks: int, fn: Callable[[], None]) -> None:
        """Call `fn` in so many clocks, at least one."""
        key = self._next
        self._next += 1

        def due() -> None:
            del self._handles[key]
            fn()

        self._handles[key] = self._device.lines.after(1 if self._instant else max(clocks, 1), due)

    def at(self, clock: int, fn: Callable[[], None]) -> None:
        """Call `fn` at a clock, or next clock when that is past."""
        self.after(clock - self.now, fn)

    def clear(self) -> None:
        """Take back every call not made yet."""
        handles, self._handles = self._handles, {}
        for handle in handles.values():
            self._device.lines.cancel(handle)
