"""What the pins show in each half of each state."""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 to 14.
from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .regs import CHANNELS
from .timing import State

__all__ = ["Waveform"]


class Waveform(wiring.Component):
    """AEN's rise and DACK move at CLK's falling edge, all else in the middle of a state, at its rising edge.

    Combinational, but for A0-A7 before the middle.
    """

    clk_fall: In(1)
    state: In(State)
    second_half: In(1)
    active: In(1)
    was_active: In(1)
    paged: In(1)
    channel: In(2)
    source: In(1)
    destination: In(1)
    reads: In(1)
    writes: In(1)
    compressed: In(1)
    extended_write: In(1)
    dack_active_high: In(1)
    #: The last transfer by word count: from S3 on, without S1 from S2 on; and in an S2 after S1.
    terminal: In(1)
    terminal_now: In(1)
    last: In(1)
    #: The register file's output, and whether it is an address.
    q: In(16)
    address_shown: In(1)

    hrq: Out(1)
    dack: Out(CHANNELS)
    aen: Out(1)
    adstb: Out(1)
    #: The strobes and A0-A7 are driven.
    driven: Out(1)
    ior_n: Out(1)
    iow_n: Out(1)
    memr_n: Out(1)
    memw_n: Out(1)
    #: EOP# is pulled low.
    eop: Out(1)
    a: Out(8)
    #: The temporary register is on DB0-7.
    data_out: Out(1)

    def elaborate(self, platform):
        m = Module()
        s, second = self.state, self.second_half
        memory_to_memory = self.source | self.destination

        # Strobes fall and rise at mid-state: S2 to S4 for a read, S3 to S4 for a write that is not extended.
        long = Signal()
        short = Signal()
        write = Signal()
        counted = Signal()
        early = Signal(attrs={"keep": 1})
        late = Signal(attrs={"keep": 1})
        m.d.comb += [
            # Only compressed timing wants EOP# low in S2, just when the count comes out of the register file.
            counted.eq(s.s2 & self.paged),
            early.eq(self.compressed & second & counted),
            short.eq(s.sw | Mux(second, s.s3, s.s4)),
            long.eq(s.s3 | s.sw | Mux(second, s.s2, s.s4)),
            write.eq(Mux(self.compressed | self.extended_write, long, short)),
            self.memr_n.eq(~(long & self.reads)),
            self.memw_n.eq(~(write & self.writes)),
            self.ior_n.eq(~(long & self.writes & ~self.destination)),
            self.iow_n.eq(~(write & self.reads & ~self.source)),
            late.eq(self.terminal & Mux(self.compressed, long, short) & ~counted),
            self.eop.eq(late | (self.terminal_now & early)),
        ]

        dack = Signal()
        m.d.comb += [
            self.hrq.eq((s.requesting & second) | s.s0 | s.sc | (self.active & ~(s.s4 & second & self.last))),
            self.aen.eq(self.active | (self.was_active & ~second)),
            self.driven.eq(Mux(second, self.active, self.was_active)),
            self.adstb.eq(Mux(second, s.s1, s.s2 & self.paged)),
            dack.eq((self.active & self.was_active & ~memory_to_memory) | s.sc),
            self.data_out.eq(self.destination & (long | s.s4)),
        ]
        for i in range(CHANNELS):
            m.d.comb += self.dack[i].eq((dack & (self.channel == i)) ^ ~self.dack_active_high)

        # The register file may show the next address from the start of a state; the pins hold until the middle.
        held = Signal(8, reset_less=True)
        with m.If(self.clk_fall & self.address_shown):
            m.d.sync += held.eq(self.q[:8])
        m.d.comb += self.a.eq(Mux(second & self.address_shown, self.q[:8], held))
        return m
