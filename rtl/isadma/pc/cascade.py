"""The cascade: DMA 1 asks for the bus through DMA 2's channel 0, which is the system's channel 4."""

# Ref: Intel 8237A data sheet 231466-005, page 5 and figure 4 (cascade mode); IBM PC AT Technical Reference, system
# board.

from amaranth import Cat, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["Cascade"]


class Cascade(wiring.Component):
    """Hold request up, hold acknowledge down.

    The acknowledge goes through one flip-flop, so DMA 1 sees it one state after DMA 2's channel 0 drives DACK#, and
    sees it go one state after DACK# goes. On a board that is a gate; the flip-flop takes two whole chips out of one
    timing path.
    """

    #: State boundary: the end of this clock is the chips' CLK falling edge.
    clk_fall: In(1)
    #: The chips' RESET, high.
    reset: In(1)
    #: DMA 1's HRQ, high.
    hrq1: In(1)
    #: DRQ5-7 as they are on the bus.
    drq: In(3)
    #: DMA 2's DREQ0-3. Combinational.
    dreq2: Out(4)
    #: DMA 2's DACK0#, low.
    dack2_n: In(1)
    #: DMA 1's HLDA, high.
    hlda1: Out(1)

    def elaborate(self, platform):
        m = Module()
        m.d.comb += self.dreq2.eq(Cat(self.hrq1, self.drq))
        with m.If(self.clk_fall):
            m.d.sync += self.hlda1.eq(~self.dack2_n & ~self.reset)
        return m
