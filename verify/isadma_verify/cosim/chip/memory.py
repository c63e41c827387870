"""64 KiB of memory behind the chip's address latch."""

from isadma_verify.cosim.chip.bench import Agent, Bench, Sample
from isadma_verify.cosim.chip.pins import Drives

#: Bytes that A15-A0 reach.
SIZE = 0x10000


class Memory(Agent):
    """
    Memory that answers MEMR# and takes data at the trailing edge of MEMW#.

    A8-A15 come from the external latch: transparent while ADSTB is high, closed at its falling edge.

    Parameters
    ----------
    bench
        Where it sits.
    """

    def __init__(self, bench: Bench) -> None:
        self.data = bytearray(SIZE)
        #: Addresses written, in order.
        self.writes: list[int] = []
        #: Addresses read, in order: one for each MEMR# pulse.
        self.reads: list[int] = []
        self._high = 0
        self._before: Sample | None = None
        bench.add(self)

    def respond(self, bench: Bench, chip: Drives) -> None:
        """Put data on the bus while MEMR# is low."""
        wires = bench.wires
        if chip.ah is not None:
            self._high = chip.ah
        elif chip.adstb:
            self._high = wires.db.level
        reading = not wires.memr_n.level
        wires.db.drive("memory", self.data[self._high << 8 | wires.a.level] if reading else None)

    def watch(self, sample: Sample) -> None:
        """Take data that MEMW# left behind."""
        before, self._before = self._before, sample
        if before is None:
            return
        if not before.memw_n and sample.memw_n:
            address = self._high << 8 | before.a
            self.data[address] = before.db
            self.writes.append(address)
        if not before.memr_n and sample.memr_n:
            self.reads.append(self._high << 8 | before.a)
