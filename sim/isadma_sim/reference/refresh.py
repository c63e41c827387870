"""The AT board's refresh: it asks for the bus beside the DMA, and reads one row of memory; one call per clock."""

# Ref: the project's clock contract, "The AT's refresh"; facts 6.4 (page 8Fh, OUT1).

from __future__ import annotations

from isadma_sim.reference.pins import BoardInputs

_ROWS = 256


class Refresh:
    """The latch behind OUT1, the four clocks of a cycle, and the row counter.

    Attributes
    ----------
    state : str
        ``"idle"``, ``"ask"``, ``"R1"`` to ``"R4"``, or ``"release"``.
    row : int
        A0-A7 of this cycle, or of the next.
    """

    __slots__ = ("_out1", "_wanted", "row", "state")

    def __init__(self) -> None:
        self.state = "idle"
        self.row = 0
        self._wanted = 0
        self._out1 = 1  # high from power-up on is no edge

    @property
    def active(self) -> bool:
        """Whether this clock is one of the four."""
        return self.state[0] == "R"

    @property
    def reads(self) -> bool:
        """Whether MEMR# is low."""
        return self.state in {"R2", "R3"}

    @property
    def hrq(self) -> bool:
        """Whether refresh itself holds HRQ high."""
        return self.state in {"ask", "R1", "R2", "R3"}

    @property
    def dma_may(self) -> bool:
        """Whether HRQ and HLDA are the DMA's."""
        return self.state == "idle"

    def clock(self, pins: BoardInputs, dma_hrq: int) -> None:
        """End this clock, in which DMA 2's HRQ was `dma_hrq`."""
        wanted = self._wanted
        if self.active or pins.reset:
            self._wanted = 0
        elif pins.out1 and not self._out1:
            self._wanted = 1
        self._out1 = pins.out1
        if self.state == "R4":
            self.row = (self.row + 1) % _ROWS
        self.state = "release" if pins.reset else self._next(pins, bool(wanted) and not dma_hrq)

    def _next(self, pins: BoardInputs, may_ask: bool) -> str:
        if self.state == "idle":
            return "ask" if may_ask and not pins.hlda else "idle"
        if self.state == "ask":
            return "R1" if pins.hlda else "ask"
        if self.state == "R3":
            return "R4" if pins.iochrdy else "R3"
        if self.state == "release":
            return "release" if pins.hlda else "idle"
        return {"R1": "R2", "R2": "R3", "R4": "release"}[self.state]
