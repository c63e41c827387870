"""The 8254 by its registers and pins: three counters behind four addresses. It owns no time."""

# Ref: Intel 8254 data sheet, order no. 231164-005, figures 7 to 14.

from __future__ import annotations

from isadma_sim.devices.timer.counter import Counter
from isadma_sim.devices.timer.moment import Moment
from isadma_sim.devices.timer.regs import (
    ACCESS_SHIFT,
    COUNTERS,
    READ_BACK,
    READ_BACK_SHIFT,
    SELECT_SHIFT,
    Access,
    Address,
    ReadBack,
)
from isadma_sim.machine.checks import shown
from isadma_sim.machine.memory import FLOATING

__all__ = ["Pit8254"]


class Pit8254:
    """An 8254, or the 8253 before it.

    Parameters
    ----------
    gates : tuple of bool
        GATE of counters 0 to 2 at power-up.
    read_back : bool
        Whether it has the read-back command: an 8253 ignores that control word (choice: Intel calls it illegal).

    Attributes
    ----------
    counters : tuple of Counter
        The counters, with their pins.
    """

    def __init__(self, *, gates: tuple[bool, bool, bool] = (True, True, True), read_back: bool = True) -> None:
        if not isinstance(gates, (tuple, list)) or len(gates) != COUNTERS:
            raise ValueError(f"gates {shown(gates)}: give {COUNTERS} levels")
        self.counters = tuple(Counter(gate=gate) for gate in gates)
        self._read_back = read_back

    def read(self, address: int, now: Moment) -> int:
        """CPU read at A1-A0: a byte; the control word does not read, and leaves the bus floating."""
        return self.counters[address].read(now) if address < COUNTERS else FLOATING

    def write(self, address: int, value: int, now: Moment) -> None:
        """CPU write of a byte at A1-A0."""
        if address != Address.CONTROL:
            self.counters[address].write(value, now)
            return
        select = value >> SELECT_SHIFT
        if select == READ_BACK:
            if self._read_back:
                self._latch(value, now)
        elif value >> ACCESS_SHIFT & 3 == Access.LATCH:
            self.counters[select].latch_count(now)
        else:
            self.counters[select].program(value, now)

    def _latch(self, command: int, now: Moment) -> None:
        for number, counter in enumerate(self.counters):
            if command >> READ_BACK_SHIFT + number & 1:
                if not command & ReadBack.NO_COUNT:
                    counter.latch_count(now)
                if not command & ReadBack.NO_STATUS:
                    counter.latch_status(now)
