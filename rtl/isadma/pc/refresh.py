"""Memory refresh: the PC/XT's request on DMA channel 0, and the AT's own cycles beside the DMA."""

# Ref: IBM PC/XT Technical Reference, system board (DRQ0); IBM PC AT Technical Reference, system board, refresh;
#      Interrupt List release 61, PORTS.A 008F (the refresh page).

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["AtRefresh", "RefreshRequest"]

#: The counter that the board puts on A0-A7: 256 rows.
ROW_BITS = 8


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


class AtRefresh(wiring.Component):
    """The AT's refresh: it asks the processor for the bus beside the DMA, and reads one row.

    The cycle is four states, MEMR# low in the second and third, more of the third while IOCHRDY is low (choice: no
    source gives the AT's own timing). Between a refresh and a DMA service, either way round, HLDA falls: nobody takes
    the other's acknowledge for his. All outputs change at state boundaries.
    """

    #: State boundary: the end of this clock is the chips' CLK falling edge.
    clk_fall: In(1)
    #: Forget the request, and let go of the bus.
    reset: In(1)
    #: OUT of the timer's counter 1; the rising edge asks for one refresh.
    out1: In(1)
    #: The DMA's HRQ.
    dma_hrq: In(1)
    #: The processor's HLDA.
    hlda: In(1)
    #: I/O channel ready.
    iochrdy: In(1)
    #: HOLD to the processor, the DMA's and the refresh's. Combinational in dma_hrq.
    hold: Out(1)
    #: HLDA to the DMA. Combinational in hlda.
    dma_hlda: Out(1)
    #: The bus is the refresh's, or will be.
    owns: Out(1)
    #: The cycle: drive the address, REFRESH# and the memory strobes.
    active: Out(1)
    #: MEMR#.
    memr_n: Out(1, init=1)
    #: A0-A7.
    row: Out(ROW_BITS)

    def elaborate(self, platform):
        m = Module()
        m.submodules.pending = pending = RefreshRequest()
        m.d.comb += [pending.out1.eq(self.out1), pending.clear.eq(self.active | self.reset)]

        with m.FSM(name="refresh") as fsm:

            def step(following, *, when=1):
                with m.If(self.clk_fall & when):
                    m.next = following
                with m.If(self.reset):
                    m.next = "RELEASE"

            with m.State("IDLE"):
                m.d.comb += [self.hold.eq(self.dma_hrq), self.dma_hlda.eq(self.hlda)]
                step("ASK", when=pending.request & ~self.dma_hrq & ~self.hlda)
            with m.State("ASK"):
                m.d.comb += self.hold.eq(1)
                step("R1", when=self.hlda)
            with m.State("R1"):
                m.d.comb += self.hold.eq(1)
                step("R2")
            with m.State("R2"):
                m.d.comb += [self.hold.eq(1), self.memr_n.eq(0)]
                step("R3")
            with m.State("R3"):
                m.d.comb += [self.hold.eq(1), self.memr_n.eq(0)]
                step("R4", when=self.iochrdy)
            with m.State("R4"):
                with m.If(self.clk_fall):
                    m.d.sync += self.row.eq(self.row + 1)
                step("RELEASE")
            with m.State("RELEASE"):
                step("IDLE", when=~self.hlda)
        cycle = [fsm.ongoing(name) for name in ("R1", "R2", "R3", "R4")]
        m.d.comb += [
            self.active.eq(cycle[0] | cycle[1] | cycle[2] | cycle[3]),
            self.owns.eq(self.active | fsm.ongoing("ASK")),
        ]
        return m
