"""Which register word is read and written when."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (autoinitialize), figures 11, 12 and 14.
from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .access import CpuAccess
from .regs import REGISTER_BITS
from .service import Clocking, Service
from .words import WordPort

__all__ = ["Fetch"]


class Fetch(wiring.Component):
    """Walks through the words of the channel in service; the CPU has the register file otherwise.

    ========================  ==========  ==========  ==========  ==========  ==========
    shown in                  S1          S2          S3          S4          next SI
    ========================  ==========  ==========  ==========  ==========  ==========
    with S1                   address     count       base        base count
    without S1                            address     count       base
    without S1, last, reload              address     base        base count
    S1, compressed            address     count                   base        base count
    no S1, compressed                     address                 count
    same, last, reload                    address                 base        base count
    ========================  ==========  ==========  ==========  ==========  ==========

    Each word is written back as long as it shows: stepped while it is a current word, unchanged to the current word
    while it is a base word and the channel reloads. Writing twice does no harm, as what is shown stays.
    """

    #: When a word is read, and what ends all.
    clocking: In(Clocking())
    #: The state, and the channel whose words are walked through.
    service: In(Service())
    #: High: S0 ends with this state. Valid in the last clock of S0.
    granted: In(1)
    #: `Service.active` after `clk_fall`. In every clock.
    active_next: In(1)
    #: High: the channel reloads. Valid from S2 on, but from S3 on after S1.
    reload: In(1)
    #: High: command bits 0 and 1 hold channel 0's address in the service that is latched. In every clock.
    hold: In(1)
    #: High: the channel whose address is read next counts down. In every clock of a service.
    decrement: In(1)
    #: The processor, who has the register file between services.
    cpu: In(CpuAccess())

    #: The register file.
    port: Out(WordPort())
    #: High: the register file shows the channel's current address. In every clock.
    address_shown: Out(1)
    #: High: it shows the current word count. In every clock.
    count_shown: Out(1)
    #: High: it is the service's, in S1 to S4 and while a base word shows after them. From a flip-flop, as the addend
    #: waits for it. In every clock.
    serving: Out(1)

    def elaborate(self, platform):
        m = Module()
        service, s = self.service, self.service.state
        clk_fall, clk_rise = self.clocking.clk_fall, self.clocking.clk_rise
        cpu, port = self.cpu, self.port
        count = Signal(reset_less=True)
        base = Signal(reset_less=True)
        m.d.comb += [
            self.address_shown.eq(~(count | base)),
            self.count_shown.eq(count & ~base),
        ]

        # Whether to reload is known late: it enters each bit once, beside what the flip-flops say. Left alone, tools
        # save look-up tables by making the longest way longer.
        idle = Signal()
        granting = Signal()
        going = Signal()
        skips, ends, to_count, to_base = (
            Signal(name=name, attrs={"keep": 1}) for name in ("skips", "ends", "to_count", "to_base")
        )
        walks = service.active & ~s.s4
        next_count = Signal()
        next_base = Signal()
        m.d.comb += [
            idle.eq(~(service.active | granting)),
            skips.eq(s.s2 & ~service.paged),
            # S0 and S4 read the address of the transfer to come, unless base count is still to be read.
            ends.eq(s.s4 & base & ~count),
            granting.eq(s.s0 & self.granted),
            going.eq(walks & (base | ~count)),
            to_count.eq(going | (cpu.a[0] & ~service.active & ~granting)),
            to_base.eq(walks & (base | count)),
            next_count.eq((to_count & ~(skips & self.reload)) | (ends & self.reload)),
            next_base.eq(to_base | ((skips | ends) & self.reload)),
            port.read.word.channel.eq(
                Mux(idle, cpu.a[1:3], service.channel | Mux(s.s4, service.source, service.destination)),
            ),
            port.read.word.count.eq(next_count),
            port.read.word.base.eq(next_base),
            # An idle zero lets the CPU's data pass the incrementer.
            port.read.zero.eq(idle & ~cpu.reading),
        ]
        # A8-A15 are on DB until the middle of S2, so the count comes then; with a state per clock that is when S1 ends.
        address_phase, middle = (Signal(name=name, attrs={"keep": 1}) for name in ("address_phase", "middle"))
        m.d.comb += [
            address_phase.eq(s.s1 | (s.s2 & service.paged & ~service.second_half)),
            middle.eq(clk_rise & (clk_fall | s.s2)),
            port.read_en.eq(~service.active | Mux(address_phase, middle, clk_fall)),
        ]

        ones = Signal(reset_less=True)
        one = Signal(reset_less=True)
        held = Signal()
        m.d.comb += held.eq(self.hold & ~(s.s4 & service.source))
        with m.If(port.read_en):
            m.d.sync += [
                count.eq(next_count),
                base.eq(next_base),
                # Minus one for counts and downward addresses, nothing for a base word and a held address.
                ones.eq(~next_base & (next_count | (self.decrement & ~held))),
                one.eq(~next_base & (next_count | ~held)),
            ]
        with m.If(self.clocking.clear):
            m.d.sync += base.eq(0)

        ours = Signal(reset_less=True)
        m.d.sync += ours.eq(Mux(clk_fall, self.active_next, service.active) | (ends & self.reload))
        with m.If(self.clocking.clear):
            m.d.sync += ours.eq(0)
        m.d.comb += self.serving.eq(ours)
        ours_write = Mux(base, self.reload, service.active)
        m.d.comb += [
            port.addend.eq(
                Mux(ours, Cat(one, ones.replicate(REGISTER_BITS - 1)), Cat(cpu.db, cpu.db)),
            ),
            port.write.channel.eq(Mux(ours, service.channel | service.destination, cpu.a[1:3])),
            port.write.count.eq(Mux(ours, count, cpu.a[0])),
            port.write.base.eq(~ours & cpu.write_base),
            port.write_en.eq(cpu.write_en | ours_write.replicate(2)),
        ]
        return m
