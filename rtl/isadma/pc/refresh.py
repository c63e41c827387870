"""Memory refresh: the PC/XT's request on DMA channel 0, and the AT's own cycles beside the DMA."""

# Ref: IBM PC/XT Technical Reference, system board (DRQ0); IBM PC AT Technical Reference, system board, refresh;
#      Interrupt List release 61, PORTS.A 008F.

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["RefreshRequest"]


class RefreshRequest(wiring.Component):
    """The flip-flop between the timer and the request: set by OUT1 rising, cleared by the acknowledge, which wins.

    OUT1 is a square or a pulse whose length has nothing to do with the cycle: a level would be served again and again.
    """

    #: OUT of the timer's counter 1; the rising edge asks for one refresh.
    out1: In(1)
    #: Clears the request for as long as it is high.
    clear: In(1)
    #: High from the clock after the edge until it is cleared.
    request: Out(1)

    def elaborate(self, platform):
        m = Module()
        before = Signal(init=1)  # a timer that is high at power-up asks for nothing
        m.d.sync += before.eq(self.out1)
        with m.If(self.clear):
            m.d.sync += self.request.eq(0)
        with m.Elif(self.out1 & ~before):
            m.d.sync += self.request.eq(1)
        return m
