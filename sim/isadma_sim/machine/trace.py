"""The bus-cycle log: who moved what, where, when."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from isadma_sim.machine.checks import LONGEST, shown


@dataclass(frozen=True)
class Cycle:
    """One bus cycle.

    Attributes
    ----------
    clock : int
        8237 clock in which its strobe rose (for a verify: in which DACK# rose).
    master : str
        ``"cpu"``, ``"dma"``, or ``"card"`` for a bus master.
    kind : str
        ``"io_read"`` or ``"io_write"`` (CPU), ``"to_memory"``, ``"to_device"``, ``"mem_to_mem_read"``,
        ``"mem_to_mem_write"``, ``"verify"`` or ``"refresh"`` (DMA), ``"master_read"`` or ``"master_write"`` (card; of
        memory).
    address : int
        Port of a CPU cycle, physical address of any other.
    data : int or None
        Byte or word moved; None for a verify or a refresh.
    channel : int or None
        DMA channel by its DACK#; None for the CPU, memory-to-memory and the AT's refresh, which have no DACK#.
    """

    clock: int
    master: str
    kind: str
    address: int
    data: int | None
    channel: int | None = None

    def __str__(self) -> str:
        where = f"{self.address:#06x}" if self.master == "cpu" else f"{self.address:#08x}"
        data = "--" if self.data is None else f"{self.data:#04x}"
        channel = "" if self.channel is None else f" channel {self.channel}"
        return f"{self.clock:>12} {self.master:<4} {self.kind:<16} {where} {data}{channel}"


class Trace:
    """The last cycles of the bus, oldest first; iterate over it, or index it.

    Parameters
    ----------
    limit : int
        Cycles kept, at least 1; older ones are dropped and counted in `dropped`.
    """

    def __init__(self, limit: int = 100_000) -> None:
        if not isinstance(limit, int) or not 1 <= limit <= LONGEST:
            raise ValueError(f"a trace of {shown(limit)} cycles keeps nothing: give 1 to {LONGEST}")
        self._cycles: deque[Cycle] = deque(maxlen=limit)
        #: Cycles lost to the limit.
        self.dropped = 0

    def add(self, cycle: Cycle) -> None:
        """Append one cycle."""
        if len(self._cycles) == self._cycles.maxlen:
            self.dropped += 1
        self._cycles.append(cycle)

    def __iter__(self) -> Iterator[Cycle]:
        return iter(self._cycles)

    def __len__(self) -> int:
        return len(self._cycles)

    def __getitem__(self, index: int) -> Cycle:
        return self._cycles[index]

    def __str__(self) -> str:
        return "\n".join(map(str, self._cycles))
