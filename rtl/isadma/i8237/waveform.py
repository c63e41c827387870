"""What the pins show in each half of each state."""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 to 14.
from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .bus import ADDRESS_PINS
from .regs import CHANNELS, REGISTER_BITS
from .service import Clocking, Cycle, Service

__all__ = ["Waveform"]


class Waveform(wiring.Component):
    """AEN's rise and DACK move at CLK's falling edge, all else in the middle of a state, at its rising edge.

    Combinational, but for A0-A7 before the middle.
    """

    #: The clock enables.
    clocking: In(Clocking())
    #: The state, and whose it is.
    service: In(Service())
    #: What the transfer does.
    cycle: In(Cycle())
    #: Command bit 5, high: writes start with the read strobe. In every clock.
    extended_write: In(1)
    #: Command bit 7, high: DACK is active high. In every clock.
    dack_active_high: In(1)
    #: High: the last transfer by word count. Valid from S3 on, without S1 from S2 on.
    terminal: In(1)
    #: The same in an S2 after S1, where the count just comes out of the register file.
    terminal_now: In(1)
    #: The word that the register file shows. In every clock.
    q: In(REGISTER_BITS)
    #: High: that is an address. In every clock.
    address_shown: In(1)

    #: Pin HRQ, high: from the middle of the second SI to the middle of the last S4.
    hrq: Out(1)
    #: Pins DACK0-3, low unless `dack_active_high`: from S2 to the last S4, and in SC. None in memory-to-memory.
    dack: Out(CHANNELS)
    #: Pin AEN, high: from S1 to the middle of the state after the last S4.
    aen: Out(1)
    #: Pin ADSTB, high: A8-A15 are on DB0-7, from the middle of S1 to the middle of S2.
    adstb: Out(1)
    #: High: the strobes and A0-A7 are driven, from the middle of S1 to the middle of the state after the last S4.
    driven: Out(1)
    #: Pin IOR#, low from the middle of S2 to the middle of S4 where a device gives its byte. Valid with `driven`.
    ior_n: Out(1)
    #: Pin IOW#, low where a device takes a byte: as IOR# if extended or compressed, else from mid-S3. Likewise.
    iow_n: Out(1)
    #: Pin MEMR#, low where memory is read: as IOR#. Likewise.
    memr_n: Out(1)
    #: Pin MEMW#, low where memory is written: as IOW#. Likewise.
    memw_n: Out(1)
    #: High as long as a strobe of the transfer is low, and in a verify transfer where one would be. In every clock.
    strobing: Out(1)
    #: High pulls EOP# low: terminal count, from the middle of S3 to the middle of S4; compressed, from that of S2.
    eop: Out(1)
    #: Pins A0-A7. Valid with `driven`.
    a: Out(ADDRESS_PINS)
    #: High: the temporary register is on DB0-7, from the middle of S22 to the end of S24.
    data_out: Out(1)

    def elaborate(self, platform):
        m = Module()
        service, cycle = self.service, self.cycle
        s, second = service.state, service.second_half
        memory_to_memory = service.source | service.destination

        # Strobes fall and rise at mid-state: S2 to S4 for a read, S3 to S4 for a write that is not extended.
        long = Signal()
        short = Signal()
        write = Signal()
        counted = Signal()
        early = Signal(attrs={"keep": 1})
        late = Signal(attrs={"keep": 1})
        m.d.comb += [
            # Only compressed timing wants EOP# low in S2, just when the count comes out of the register file.
            counted.eq(s.s2 & service.paged),
            early.eq(cycle.compressed & second & counted),
            short.eq(s.sw | Mux(second, s.s3, s.s4)),
            long.eq(s.s3 | s.sw | Mux(second, s.s2, s.s4)),
            write.eq(Mux(cycle.compressed | self.extended_write, long, short)),
            self.strobing.eq(Mux(service.destination, write, long)),
            self.memr_n.eq(~(long & cycle.reads)),
            self.memw_n.eq(~(write & cycle.writes)),
            self.ior_n.eq(~(long & cycle.writes & ~service.destination)),
            self.iow_n.eq(~(write & cycle.reads & ~service.source)),
            late.eq(self.terminal & Mux(cycle.compressed, long, short) & ~counted),
            self.eop.eq(late | (self.terminal_now & early)),
        ]

        dack = Signal()
        m.d.comb += [
            self.hrq.eq((s.requesting & second) | s.s0 | s.sc | (service.active & ~(second & cycle.last))),
            self.aen.eq(service.active | (service.was_active & ~second)),
            self.driven.eq(Mux(second, service.active, service.was_active)),
            self.adstb.eq(Mux(second, s.s1, s.s2 & service.paged)),
            dack.eq((service.active & service.was_active & ~memory_to_memory) | s.sc),
            self.data_out.eq(service.destination & (long | s.s4)),
        ]
        for i in range(CHANNELS):
            m.d.comb += self.dack[i].eq((dack & (service.channel == i)) ^ ~self.dack_active_high)

        # The register file may show the next address from the start of a state; the pins hold until the middle.
        held = Signal(ADDRESS_PINS, reset_less=True)
        with m.If(self.clocking.clk_fall & self.address_shown):
            m.d.sync += held.eq(self.q[:ADDRESS_PINS])
        m.d.comb += self.a.eq(Mux(second & self.address_shown, self.q[:ADDRESS_PINS], held))
        return m
