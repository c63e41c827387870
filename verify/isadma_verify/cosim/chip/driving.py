"""Small drivers of single pins: READY at random, EOP# on a condition."""

import random
from collections.abc import Callable
from typing import Any

from isadma_verify.cosim.chip.bench import Bench
from isadma_verify.cosim.chip.pins import Drives
from isadma_verify.cosim.common.stepping import Agent


class RandomReady(Agent):
    """
    READY, low in some states: it changes only after a CLK falling edge, so it is steady where the chip samples it.

    Parameters
    ----------
    bench
        Where it sits.
    low
        The part of states in which it is low, 0 to 1.
    seed
        Of the choice.
    longest
        States that it may stay low.
    """

    def __init__(self, bench: Any, *, low: float, seed: int, longest: int = 5) -> None:
        self.low = low
        self._random = random.Random(seed)
        self._longest = longest
        self._run = 0
        bench.add(self)

    def respond(self, bench: Any, chip: Any) -> None:
        """Choose a level at the start of a state."""
        if bench.clocking.position:
            return
        low = self._run < self._longest and self._random.random() < self.low
        self._run = self._run + 1 if low else 0
        bench.ready = int(not low)


class EopDriver(Agent):
    """
    Pulls EOP# low while a condition holds.

    Parameters
    ----------
    bench
        Where it sits.
    condition
        Sees what the chip shows in this fabric clock.
    """

    def __init__(self, bench: Bench, condition: Callable[[Drives], bool]) -> None:
        self.condition = condition
        bench.add(self)

    def respond(self, bench: Bench, chip: Drives) -> None:
        """Pull or let go."""
        bench.wires.eop_n.drive("external", 0 if self.condition(chip) else None)


class WaitStates(Agent):
    """
    READY, low for an exact number of states of each transfer to or from a device.

    Parameters
    ----------
    bench
        Where it sits.
    waits
        SW states of each transfer.
    compressed
        Whether the chip samples READY in the state in which the read strobe falls, or in the one after.
    """

    def __init__(self, bench: Any, *, waits: int, compressed: bool) -> None:
        self._waits = waits
        self._skip = 0 if compressed else 1
        self._began: int | None = None
        bench.add(self)

    def respond(self, bench: Any, chip: Any) -> None:
        """Count states from the read strobe on."""
        state = bench.clocking.state
        if chip.ior_n == 0 or chip.memr_n == 0:
            # A strobe that falls on the edge that begins a state belongs to the state that has just ended.
            begins = state - int(not bench.clocking.high)
            self._began = begins if self._began is None else self._began
        else:
            self._began = None
        waiting = self._began is not None and self._skip <= state - self._began < self._skip + self._waits
        bench.ready = int(not waiting)
