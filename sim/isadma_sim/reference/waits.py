"""A board's wait states: READY stays low until a DMA strobe has passed a row of flip-flops."""

# Ref: the project's clock contract, "The AT board".

from __future__ import annotations

from isadma_sim.reference.pins import ChipOutputs

MOST = 7
"""Most wait states a board can be built with."""


class WaitStates:
    """One flip-flop more than wait states, clocked at each state's end and cleared while no strobe is low.

    A strobe of normal timing falls in S2 and READY is sampled at the end of S3, so that one flip-flop costs nothing.

    Parameters
    ----------
    count : int
        Wait states of a transfer in normal timing, 0 to 7; 0 leaves the flip-flops out.

    Raises
    ------
    ValueError
        When `count` is out of its range.

    Attributes
    ----------
    ready : int
        READY in this clock, as far as the board's own wait states go.
    """

    __slots__ = ("_count", "_passed", "ready")

    def __init__(self, count: int) -> None:
        if not 0 <= count <= MOST:
            raise ValueError(f"wait_states={count!r}: a board has 0 to {MOST} wait states")
        self._count = count
        self._passed = 0
        self.ready = int(count == 0)

    def clock(self, chip: ChipOutputs, counts: bool = True) -> None:
        """End this clock: a strobe moves on by one flip-flop, if this cycle `counts`."""
        if not self._count:
            return
        if counts and not (chip.memr_n and chip.memw_n and chip.ior_n and chip.iow_n):
            self._passed += 1
            self.ready = int(self._passed > self._count)
        else:
            self._passed = self.ready = 0
