"""The sending half: holding register or FIFO, and the shift register behind it.

# Ref: National Semiconductor PC16550D data sheet, June 1995, sections 8.3 (THRE, TEMT) and 8.12 (the delay of THRE).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from typing import Any

from isadma_sim.devices.serial.frame import Frame, Wire
from isadma_sim.machine.device import Device


class Transmitter:
    """Sends what the CPU writes.

    A character goes from the holding register into an idle shift register at once. In FIFO mode THRE comes later by a
    character less its last stop bit when not two characters were in the FIFO together since the last THRE.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    framing : callable
        Returns the framing set now, None while the divisor is 0 and no clock runs.
    started : callable
        Called when a character begins on the wire.
    sent : callable
        Called with every character when its last stop bit is out.
    emptied : callable
        Called when the holding register or FIFO has become empty.

    Attributes
    ----------
    wire : Wire
        The line it drives.
    holding_empty : bool
        The THRE bit.
    """

    def __init__(
        self,
        device: Device,
        framing: Callable[[], Frame | None],
        started: Callable[[], None],
        sent: Callable[[int], None],
        emptied: Callable[[], None],
    ) -> None:
        self._device = device
        self._framing = framing
        self._started = started
        self._sent = sent
        self._emptied = emptied
        self._fifo: deque[int] = deque()
        self._shifting: Any = None
        self._delayed: Any = None
        self._together = False
        self._spacing = False
        self.wire = Wire()
        self.depth = 1
        self.holding_empty = True

    @property
    def empty(self) -> bool:
        """The TEMT bit: nothing held, nothing on its way out."""
        return not self._fifo and self._shifting is None

    def reset(self) -> None:
        """Drop everything, the character on its way out as well."""
        if self._shifting is not None:
            self._device.lines.cancel(self._shifting)
            self._shifting = None
            self.wire.cut(Fraction(self._device.lines.clock))
        self.depth = 1
        self._spacing = False
        self.clear()

    def clear(self) -> None:
        """Empty the FIFO; the shift register goes on."""
        self._fifo.clear()
        self._cancel_delay()
        self.holding_empty = True

    def write(self, value: int) -> None:
        """Take a character; one too many replaces the last."""
        if len(self._fifo) == self.depth:
            self._fifo.pop()
        self._fifo.append(value)
        self._together = self._together or len(self._fifo) > 1
        self._cancel_delay()
        self.holding_empty = False
        self.go()

    def go(self) -> None:
        """Shift the next character out, if there is one and the shift register is idle."""
        frame = self._framing()
        if self._shifting is not None or not self._fifo or frame is None:
            return
        value = self._fifo.popleft() & ((1 << frame.bits) - 1)
        now = Fraction(self._device.lines.clock)
        # Characters follow each other without a gap, though clocks are whole and bits are not.
        start = self.wire.end if now - self.wire.end < 1 else now
        if not self._spacing:
            self.wire.send(start, frame, value)
        end = start + frame.clocks
        clocks = max(ceil(end) - self._device.lines.clock, 1)
        self._shifting = self._device.lines.after(clocks, lambda: self._out(value, end))
        self._started()
        if not self._fifo:
            if self.depth > 1 and not self._together:
                late = max(ceil(end - frame.bit) - self._device.lines.clock, 1)
                self._delayed = self._device.lines.after(late, self._empty)
            else:
                self._device.lines.after(1, self._empty_now)

    def _out(self, value: int, end: Fraction) -> None:
        self._shifting = None
        self.wire.forget(end)
        self._sent(value)
        self.go()

    def _empty_now(self) -> None:
        if not self._fifo and not self.holding_empty and self._delayed is None:
            self._empty()

    def _empty(self) -> None:
        self._delayed = None
        self._together = False
        self.holding_empty = True
        self._emptied()

    def _cancel_delay(self) -> None:
        if self._delayed is not None:
            self._device.lines.cancel(self._delayed)
            self._delayed = None

    def space(self, on: bool) -> None:
        """Hold the line low for a break, or let it rise; characters sent meanwhile are not heard."""
        now = Fraction(self._device.lines.clock)
        self._spacing = on
        self.wire.cut(now)
        self.wire.put(now, 0 if on else 1)
