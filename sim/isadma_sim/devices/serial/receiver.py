"""The receiving half: samples the wire, keeps characters for the CPU.

# Ref: National Semiconductor PC16550D data sheet, June 1995, sections 8.3 (LSR) and 8.12 (FIFO interrupt mode).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from typing import Any

from isadma_sim.devices.serial import regs
from isadma_sim.devices.serial.frame import Frame, Wire
from isadma_sim.devices.serial.regs import Lsr
from isadma_sim.machine.device import Device

_HALF = Fraction(1, 2)


class Receiver:
    """Shift register, buffer or FIFO, and the errors the line status register shows.

    A character is complete in the middle of its first stop bit. Without the FIFO a character that nobody has read is
    overwritten; in a full FIFO the newer one is lost. Both are an overrun.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    framing : callable
        Returns the framing set now, None while the divisor is 0 and no clock runs.
    changed : callable
        Called when there may be something to tell.

    Attributes
    ----------
    overruns : int
        Characters lost so far.
    errors : Lsr
        Errors latched for the line status register.
    timed_out : bool
        Whether characters have waited for four character times.
    """

    def __init__(self, device: Device, framing: Callable[[], Frame | None], changed: Callable[[], None]) -> None:
        self._device = device
        self._framing = framing
        self._changed = changed
        self._wire = Wire()
        self._fifo: deque[tuple[int, Lsr]] = deque()
        self._last = 0
        self._heard = Fraction(0)
        self._shift: Any = None
        self._timer: Any = None
        self.depth = 1
        self.overruns = 0
        self.errors = Lsr(0)
        self.timed_out = False

    def __len__(self) -> int:
        return len(self._fifo)

    @property
    def damaged(self) -> bool:
        """Whether a character in the FIFO came with an error."""
        return any(errors for _, errors in self._fifo)

    def reset(self) -> None:
        """Drop everything, and the character under way."""
        self._stop(self._shift)
        self._shift = None
        self.depth = 1
        self.errors = Lsr(0)
        self.clear()
        self.listen(self._wire)

    def clear(self) -> None:
        """Empty the FIFO; the shift register goes on."""
        self._fifo.clear()
        self._settle()

    def listen(self, wire: Wire) -> None:
        """Connect to a wire; a character under way on another one is lost."""
        if wire is not self._wire:
            self._stop(self._shift)
            self._shift = None
        self._wire = wire
        self.look()

    def look(self) -> None:
        """Wait for the next start bit, unless a character is under way."""
        if self._shift is None:
            # Bits end between clocks: an edge of the last clock is news, one that was sampled already is not.
            self._arm(max(self._heard, Fraction(self._device.lines.clock - 1)))

    def _arm(self, time: Fraction) -> None:
        frame = self._framing()
        fall = self._wire.next_fall(time)
        if frame is None or fall is None:
            return
        done = fall + (frame.body + _HALF) * frame.bit
        clocks = ceil(done) - self._device.lines.clock
        self._shift = self._device.lines.after(max(clocks, 1), lambda: self._complete(frame, fall))

    def _complete(self, frame: Frame, start: Fraction) -> None:
        """Sample every bit in its middle, and take the character."""
        self._shift = None
        middle = start + _HALF * frame.bit
        if not self._wire.level(middle):
            levels = [self._wire.level(middle + place * frame.bit) for place in range(1, frame.body + 1)]
            self._take(*frame.decode(levels))
            middle += frame.body * frame.bit
        # Else the start bit was a spike. What was low in the stop bit must rise before the next start bit can fall.
        self._wire.forget(middle)
        self._heard = middle
        self._arm(middle)

    def _take(self, value: int, errors: Lsr) -> None:
        if len(self._fifo) == self.depth:
            self.overruns += 1
            self.errors |= Lsr.OVERRUN
            if self.depth == 1:
                self._fifo.clear()
        if len(self._fifo) < self.depth:
            self._fifo.append((value, errors))
            if len(self._fifo) == 1:
                self.errors |= errors
        self._settle()

    def read(self) -> int:
        """Take the oldest character; the last one again when there is none."""
        if self._fifo:
            self._last, _ = self._fifo.popleft()
            if self._fifo:
                self.errors |= self._fifo[0][1]
        self._settle()
        return self._last

    def status(self) -> Lsr:
        """Return the errors, and clear them as reading the line status register does."""
        errors = self.errors | (Lsr.FIFO_ERROR if self.depth > 1 and self.damaged else Lsr(0))
        self.errors = Lsr(0)
        if self._fifo:
            self._fifo[0] = (self._fifo[0][0], Lsr(0))
        self._changed()
        return errors

    def _settle(self) -> None:
        """Start the timeout anew, and tell."""
        self._stop(self._timer)
        self._timer = None
        self.timed_out = False
        frame = self._framing()
        if self._fifo and self.depth > 1 and frame is not None:
            clocks = ceil(regs.TIMEOUT_CHARACTERS * frame.clocks)
            self._timer = self._device.lines.after(max(clocks, 1), self._time_out)
        self._changed()

    def _time_out(self) -> None:
        self._timer = None
        self.timed_out = True
        self._changed()

    def _stop(self, handle: Any) -> None:
        if handle is not None:
            self._device.lines.cancel(handle)
