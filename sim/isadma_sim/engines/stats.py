"""What the bus did: the numbers behind a machine's bus share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from isadma_sim.engines.pins import In, Out

_HLDA = In.HLDA.mask
_DACKS = Out.DACK_N.mask
_REFRESH_N = Out.REFRESH_N.mask


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
        By channel 0..7, a bus master's too. Verify transfers count as transfers, and move no bytes.
    mem_to_mem : int
        Bytes copied memory to memory.
    channel_clocks : list of int
        Clocks in which HLDA was high and the DACK# of channel 0..7 active; a bus master's clocks are its channel's.
    refresh_clocks : int
        Clocks in which HLDA was high and REFRESH# low, with no DACK#.
    cpu_clocks : int
        Clocks of CPU port cycles, from the address to the end of its hold time.
    master_clocks : int
        Clocks in which a card was bus master (MASTER# low); they count in `dma_clocks` too.
    conflicts : list of int
        By channel: how often a card that would be bus master was not given the bus, or lost it. Most often the channel
        is not in cascade mode.
    refreshes : int
        Refresh cycles; on a PC/XT they are transfers of channel 0 too.
    """

    clocks: int = 0
    dma_clocks: int = 0
    stepped: int = 0
    accesses: int = 0
    transfers: list[int] = field(default_factory=lambda: [0] * 8)
    bytes: list[int] = field(default_factory=lambda: [0] * 8)
    mem_to_mem: int = 0
    channel_clocks: list[int] = field(default_factory=lambda: [0] * 8)
    refresh_clocks: int = 0
    cpu_clocks: int = 0
    master_clocks: int = 0
    conflicts: list[int] = field(default_factory=lambda: [0] * 8)
    refreshes: int = 0

    def account(self, inputs: int, out: int, *, cpu: bool) -> None:
        """Say whose one more clock was.

        Parameters
        ----------
        inputs, out : int
            Packed pins of that clock.
        cpu : bool
            A port cycle of the CPU was running.
        """
        if inputs & _HLDA:
            self.dma_clocks += 1
            acknowledged = ~out & _DACKS
            if acknowledged:
                first = acknowledged & -acknowledged
                self.channel_clocks[first.bit_length() - 1 - Out.DACK_N.low] += 1
            elif not out & _REFRESH_N:
                self.refresh_clocks += 1
        elif cpu:
            self.cpu_clocks += 1

    @property
    def bus_share(self) -> float:
        """Part of all clocks in which DMA had the bus, 0..1."""
        return self.dma_clocks / self.clocks if self.clocks else 0.0

    def shares(self, since: Stats | None = None) -> dict[str, float]:
        """Return who had the bus, as parts of all clocks (since an earlier copy): they add to 1.

        Returns
        -------
        dict of str to float
            ``"cpu"`` (port cycles), ``"channel 0"`` to ``"channel 7"``, ``"refresh"``, ``"handover"`` (HLDA is high
            and no DACK#: the bus changes hands, or memory is copied to memory) and ``"idle"``.
        """
        then = since or Stats()
        clocks = self.clocks - then.clocks
        if clocks <= 0:
            raise ValueError(f"bus shares of {clocks} clocks: let some go by first")
        parts = {"cpu": self.cpu_clocks - then.cpu_clocks}
        for channel, (now, before) in enumerate(zip(self.channel_clocks, then.channel_clocks, strict=True)):
            parts[f"channel {channel}"] = now - before
        parts["refresh"] = self.refresh_clocks - then.refresh_clocks
        held = self.dma_clocks - then.dma_clocks
        parts["handover"] = held - sum(parts.values()) + parts["cpu"]
        parts["idle"] = clocks - sum(parts.values())
        return {name: part / clocks for name, part in parts.items()}

    def copy(self) -> Stats:
        """Return the figures as they are now."""
        names = ("transfers", "bytes", "channel_clocks", "conflicts")
        lists: dict[str, Any] = {name: [*getattr(self, name)] for name in names}
        return replace(self, **lists)
