"""What SENSE INTERRUPT STATUS tells: ended seeks, and drives whose READY changed.

# Ref: Intel 82077AA, order 290166, sections 5.2.4 and 7.4 (drive polling: after a reset every drive turns from
#      'not ready' to 'ready', which makes one interrupt and four statuses); NEC uPD765A (READY of each drive).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.regs import St0


class Stepping(Protocol):
    """A seek that was asked for (`isadma_sim.devices.floppy.seek.Seek`)."""

    def begin(self) -> None:
        """Start it."""
        ...

    def cancel(self) -> None:
        """Give it up."""
        ...


class Attention:
    """The statuses that wait to be sensed, and the seeks that will end in one.

    Parameters
    ----------
    interrupt : callable
        Called when there is a new status to sense.

    Attributes
    ----------
    busy : int
        Drive busy bits of the main status register: from a seek's start until its status is sensed.
    """

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        self._pending: dict[int, int] = {}
        self._seeks: dict[int, Stepping] = {}
        #: READY of each drive at the last poll; None before the first.
        self._ready: list[bool] | None = None
        self.busy = 0

    def clear(self) -> None:
        """Stop every seek and forget every status."""
        for seek in self._seeks.values():
            seek.cancel()
        self._seeks.clear()
        self._pending.clear()
        self._ready = None
        self.busy = 0

    def begin(self, unit: int, seek: Stepping) -> None:
        """Start a seek; one under way for the same unit is given up."""
        if unit in self._seeks:
            self._seeks[unit].cancel()
        self._pending.pop(unit, None)
        self.busy |= 1 << unit
        self._seeks[unit] = seek
        seek.begin()

    def done(self, unit: int, status: int) -> None:
        """Note the end of a seek with its ST0."""
        del self._seeks[unit]
        self._pending[unit] = status
        self._interrupt()

    def after_reset(self, ready: Sequence[bool]) -> None:
        """Note that every drive was polled for the first time."""
        self._ready = list(ready)
        self._pending = {unit: int(St0.POLLING) | unit for unit in range(regs.UNITS)}
        self._interrupt()

    def polled(self, ready: Sequence[bool]) -> None:
        """Note a later poll: a drive whose READY has changed interrupts."""
        if self._ready is None:
            return
        before, self._ready = self._ready, list(ready)
        for unit in range(regs.UNITS):
            if before[unit] != ready[unit]:
                self._pending[unit] = int(St0.POLLING) | (0 if ready[unit] else int(St0.NOT_READY)) | unit
                self._interrupt()

    @property
    def seek_ended(self) -> bool:
        """Whether an ended seek waits to be sensed."""
        return any(status & St0.POLLING != St0.POLLING for status in self._pending.values())

    def take(self) -> int | None:
        """Return ST0 of the next interrupt, ended seeks first, then by unit; None when there is none."""
        if not self._pending:
            return None
        unit = min(self._pending, key=lambda each: (self._pending[each] & St0.POLLING == St0.POLLING, each))
        self.busy &= ~(1 << unit)
        return self._pending.pop(unit)
