"""When a dump begins and when it ends: at a clock, or when a line of the bus or an interrupt goes active."""

from __future__ import annotations

import re
from collections.abc import Callable

from isadma_sim.engines.pins import In, Out
from isadma_sim.machine.schedule import NEVER

__all__ = ["Mark", "Window", "as_mark", "line_of"]

#: A clock, or the name of an event: dreq2, dack2, irq6, tc, hrq.
Mark = int | str

_Level = Callable[[int, int, int], bool]
_WAYS = "use a clock number, dreqN or dackN (N 0-3 or 5-7), irqN (0-15), tc or hrq"
_CHANNELS = (0, 1, 2, 3, 5, 6, 7)


def as_mark(text: str) -> Mark:
    """Read a mark as people write it: ``"120000"`` or ``"dreq2"``.

    Raises
    ------
    ValueError
        It is neither a clock nor an event; the message says what there is.
    """
    word = text.strip().lower()
    if word.isdecimal():
        return int(word)
    _level_of(word)
    return word


def _level_of(name: str) -> _Level:
    """Return a function of (inputs, out, interrupt requests) that tells whether the line is active."""
    found = re.fullmatch(r"(dreq|dack|irq)([0-9]{1,2})|tc|hrq", name)
    if found is None:
        raise ValueError(f"no clock and no event '{name}': {_WAYS}")
    if name == "tc":
        return lambda inputs, out, irq: bool(out & Out.TC.mask)
    if name == "hrq":
        return lambda inputs, out, irq: bool(out & Out.HRQ.mask)
    line, number = found[1], int(found[2])
    if number not in (range(16) if line == "irq" else _CHANNELS):
        raise ValueError(f"no line '{name}': {_WAYS}")
    if line == "irq":
        return lambda inputs, out, irq: bool(irq >> number & 1)
    if line == "dreq":
        return lambda inputs, out, irq: bool(inputs >> In.DRQ.low + number & 1)
    return lambda inputs, out, irq: not out >> Out.DACK_N.low + number & 1


def line_of(name: str) -> tuple[str, int, bool]:
    """Return where an event's line is: ``"in"``, ``"out"`` or ``"irq"`` requests, its mask, and whether it is low."""
    if name in ("tc", "hrq"):
        return "out", getattr(Out, name.upper()).mask, False
    number = int(re.sub("[a-z]+", "", name))
    if name.startswith("irq"):
        return "irq", 1 << number, False
    if name.startswith("dreq"):
        return "in", 1 << In.DRQ.low + number, False
    return "out", 1 << Out.DACK_N.low + number, True


class Window:
    """Tells clock by clock whether a dump is on.

    Parameters
    ----------
    first : int, str or None
        The clock it begins with, or the event: the first clock in which that line is active. None: at once.
    last : int, str or None
        The last clock of it, or the event: the clock in which that line goes active after the dump began.
    start : int
        Clock of the first look.

    Attributes
    ----------
    begun, ended : int or None
        Clock in which the dump began, and the clock after its last one; None while it has not.

    Raises
    ------
    ValueError
        There is no such event, or the dump would end before it begins.
    """

    def __init__(self, first: Mark | None, last: Mark | None, start: int) -> None:
        self.first = first if isinstance(first, str) else max(start, first or 0)
        self.last = NEVER if last is None else last
        if isinstance(self.first, int) and isinstance(self.last, int) and self.last < self.first:
            raise ValueError(f"the waveforms would end at clock {self.last}, before they begin at {self.first}")
        self._begins = _level_of(first) if isinstance(first, str) else None
        self._ends = _level_of(last) if isinstance(last, str) else None
        self.events = tuple(mark if isinstance(mark, str) else None for mark in (first, last))
        self._was = True  # what is active at the beginning ends nothing
        self.begun: int | None = None
        self.ended: int | None = None

    @property
    def wakes(self) -> int:
        """The clock from which on every clock must be shown: `NEVER` when the dump is over."""
        if self.ended is not None:
            return NEVER
        return self.first if isinstance(self.first, int) and self.begun is None else 0

    def clipped(self, until: int) -> int:
        """Return the end of an idle time, cut where the dump ends."""
        ends = self.last + 1 if isinstance(self.last, int) else NEVER
        return min(until, ends if self.ended is None else self.ended)

    def end(self, clock: int) -> None:
        """End the dump before this clock."""
        if self.ended is None:
            self.ended = clock

    def shows(self, clock: int, inputs: int, out: int, irq: int) -> bool:
        """Whether this clock belongs to the dump."""
        if self.ended is not None:
            return False
        if isinstance(self.last, int) and clock >= self.last:
            self.ended = self.last + 1
            if clock > self.last:
                return False
        if self.begun is None:
            if self._begins is None:
                if clock < self.wakes:
                    return False
            elif not self._begins(inputs, out, irq):
                return False
            self.begun = clock
        if self._ends is not None:
            active = self._ends(inputs, out, irq)
            if active and not self._was:
                self.ended = clock + 1
            self._was = active
        return True
