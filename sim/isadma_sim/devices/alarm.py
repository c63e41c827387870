"""One call ordered for later, at most: a new clock replaces the old one, the same clock costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.machine.device import Device


class Alarm:
    """Calls a function at a clock.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    ring : callable
        What is called.
    """

    def __init__(self, device: Device, ring: Callable[[], None]) -> None:
        self._device = device
        self._ring = ring
        self._clock = 0
        self._handle: Any = None

    @property
    def due(self) -> int | None:
        """The clock it is set to; None: to none."""
        return None if self._handle is None else self._clock

    def set(self, clock: int | None) -> None:
        """Order the call for a clock, the next one at the earliest; None: not at all."""
        if self._handle is not None:
            if clock == self._clock:
                return
            self._device.lines.cancel(self._handle)
            self._handle = None
        if clock is not None:
            self._clock = clock
            self._handle = self._device.lines.after(max(clock - self._device.lines.clock, 1), self._due)

    def _due(self) -> None:
        self._handle = None
        self._ring()
