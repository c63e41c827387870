"""What the bus did: the numbers behind a machine's bus share."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Stats:
    """What the bus did since power-up.

    Attributes
    ----------
    clocks : int
        8237 clocks.
    dma_clocks : int
        Clocks in which HLDA was high: the bus was the DMA's.
    stepped : int
        Clocks really simulated; the others were idle and skipped.
    accesses : int
        CPU port cycles.
    transfers, bytes : list of int
        By channel 0..7. Verify transfers count as transfers, and move no bytes.
    mem_to_mem : int
        Bytes copied memory to memory.
    """

    clocks: int = 0
    dma_clocks: int = 0
    stepped: int = 0
    accesses: int = 0
    transfers: list[int] = field(default_factory=lambda: [0] * 8)
    bytes: list[int] = field(default_factory=lambda: [0] * 8)
    mem_to_mem: int = 0

    @property
    def bus_share(self) -> float:
        """Part of all clocks in which DMA had the bus, 0..1."""
        return self.dma_clocks / self.clocks if self.clocks else 0.0
