"""Which clocks of a bridge count: all that may, without a path from the bus to the clock's enable."""

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["SEEN", "Pace"]

#: What the host has to see, in bits.
SEEN = 7


class Pace(wiring.Component):
    """Says of each clock whether it may count, one clock ahead.

    What the host has to see is compared with what it was before, and the result is there a clock later. Where nothing
    of it can change, the next clock counts at once; elsewhere two go by that do not. So the board stops after the same
    clocks of its own, whichever took longer.
    """

    #: High: this clock counts.
    tick: In(1)
    #: What the host has to see.
    watched: In(SEEN)
    #: High: if this clock counts, ``watched`` will be the same after it.
    uneventful: In(1)
    #: High: the next clock may count, whatever has changed.
    fresh: In(1)
    #: How many clocks may count yet, this one with them.
    count: In(16)
    #: High: none may count any more once the bus is ``free``.
    acquiring: In(1)
    #: High: the processor has the bus.
    free: In(1)
    #: High: this clock may count.
    go: Out(1)
    #: High: the two clocks before did not count. Else ``go`` may yet rise.
    settled: Out(1)
    #: High: something has changed. Valid from the second clock on after one that counted.
    attention: Out(1)

    def elaborate(self, platform):
        m = Module()
        before = Signal.like(self.watched)
        seen = Signal.like(self.watched)
        resting = Signal()
        m.d.sync += before.eq(self.watched)
        with m.If(~resting):
            m.d.sync += seen.eq(before)
        enough = Signal()
        m.d.comb += [
            self.attention.eq(seen != before),
            enough.eq((self.count[1:] == 0) & (~self.count[0] | self.tick)),
        ]
        m.d.sync += [
            resting.eq(~self.tick),
            self.settled.eq(resting & ~self.tick),
            self.go.eq(
                Mux(self.tick, self.uneventful & ~self.acquiring, resting & (~self.attention | self.fresh))
                & ~enough
                & ~(self.acquiring & self.free)
            ),
        ]
        return m
