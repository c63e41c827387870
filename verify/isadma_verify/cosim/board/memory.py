"""Memory on the ISA bus: 16 MiB that answer bytes and words."""

from typing import Any

from isadma_verify.cosim.common.stepping import Agent

#: Bytes that A23-A0 reach.
SIZE = 0x1000000


class IsaMemory(Agent):
    """
    Memory that answers MEMR# and takes data at the trailing edge of MEMW#.

    SBHE# low at an even address is a word. Anything else is a byte; a board's byte swapper is counted in here: an odd
    byte is on D0-D7 too.

    Parameters
    ----------
    bench
        Where it sits.
    """

    def __init__(self, bench: Any) -> None:
        self.data = bytearray(SIZE)
        #: Addresses and bytes (1 or 2) written, in order.
        self.writes: list[tuple[int, int]] = []
        #: Addresses and bytes read, in order: one for each MEMR# pulse.
        self.reads: list[tuple[int, int]] = []
        self._before: Any = None
        bench.add(self)

    def respond(self, bench: Any, chip: Any) -> None:
        """Put data on the bus while MEMR# is low."""
        wires = bench.wires
        if wires.memr_n.level:
            wires.d.drive("memory", None)
            return
        address = wires.a.level
        low = self.data[address]
        word = not wires.sbhe_n.level and not address & 1
        wires.d.drive("memory", low | (self.data[address + 1] if word else low) << 8)

    def watch(self, sample: Any) -> None:
        """Take data that MEMW# left behind."""
        before, self._before = self._before, sample
        if before is None:
            return
        size = 2 if not before.sbhe_n and not before.a & 1 else 1
        if not before.memw_n and sample.memw_n:
            self.data[before.a : before.a + size] = before.d.to_bytes(2, "little")[:size]
            self.writes.append((before.a, size))
        if not before.memr_n and sample.memr_n:
            self.reads.append((before.a, size))
