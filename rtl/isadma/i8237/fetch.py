"""Which register word is read and written when."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (autoinitialize), figures 11, 12 and 14.
from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .regfile import REGISTER_BITS, ReadWord, Word
from .timing import State

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

    clk_fall: In(1)
    clk_rise: In(1)
    clear: In(1)
    state: In(State)
    second_half: In(1)
    granted: In(1)
    active: In(1)
    paged: In(1)
    reload: In(1)
    channel: In(2)
    source: In(1)
    destination: In(1)
    #: Command bits 0 and 1 hold channel 0's address in the service that is latched.
    hold: In(1)
    #: Mode of the channel whose address is read next.
    decrement: In(1)

    #: The CPU's strobes, address and data.
    reading: In(1)
    a: In(4)
    db: In(8)
    cpu_write_en: In(2)
    cpu_write_base: In(1)

    read: Out(ReadWord)
    read_en: Out(1)
    write: Out(Word)
    write_en: Out(2)
    addend: Out(REGISTER_BITS)

    #: `q` shows the channel's current address or current count.
    address_shown: Out(1)
    count_shown: Out(1)

    def elaborate(self, platform):
        m = Module()
        s = self.state
        count = Signal(reset_less=True)
        base = Signal(reset_less=True)
        m.d.comb += [
            self.address_shown.eq(~(count | base)),
            self.count_shown.eq(count & ~base),
        ]

        # Whether to reload is known late: it enters each bit once, beside what the flip-flops say. Left alone, tools
        # save look-up tables by making the longest way longer.
        cpu = Signal()
        skips, ends, to_count, to_base = (
            Signal(name=name, attrs={"keep": 1}) for name in ("skips", "ends", "to_count", "to_base")
        )
        walks = self.active & ~s.s4
        next_count = Signal()
        next_base = Signal()
        m.d.comb += [
            cpu.eq(~(self.active | (s.s0 & self.granted))),
            skips.eq(s.s2 & ~self.paged),
            # S0 and S4 read the address of the transfer to come, unless base count is still to be read.
            ends.eq(s.s4 & base & ~count),
            to_count.eq(Mux(cpu, self.a[0], walks & (base | ~count))),
            to_base.eq(walks & (base | count)),
            next_count.eq((to_count & ~(skips & self.reload)) | (ends & self.reload)),
            next_base.eq(to_base | ((skips | ends) & self.reload)),
            self.read.word.channel.eq(
                Mux(cpu, self.a[1:3], self.channel | Mux(s.s4, self.source, self.destination)),
            ),
            self.read.word.count.eq(next_count),
            self.read.word.base.eq(next_base),
            # An idle zero lets the CPU's data pass the incrementer.
            self.read.zero.eq(cpu & ~self.reading),
        ]
        # A8-A15 are on DB until the middle of S2, so the count comes then; with a state per clock that is when S1 ends.
        address_phase, middle = (Signal(name=name, attrs={"keep": 1}) for name in ("address_phase", "middle"))
        m.d.comb += [
            address_phase.eq(s.s1 | (s.s2 & self.paged & ~self.second_half)),
            middle.eq(self.clk_rise & (self.clk_fall | s.s2)),
            self.read_en.eq(~self.active | Mux(address_phase, middle, self.clk_fall)),
        ]

        ones = Signal(reset_less=True)
        one = Signal(reset_less=True)
        held = Signal()
        m.d.comb += held.eq(self.hold & ~(s.s4 & self.source))
        with m.If(self.read_en):
            m.d.sync += [
                count.eq(next_count),
                base.eq(next_base),
                # Minus one for counts and downward addresses, nothing for a base word and a held address.
                ones.eq(~next_base & (next_count | (self.decrement & ~held))),
                one.eq(~next_base & (next_count | ~held)),
            ]
        with m.If(self.clear):
            m.d.sync += base.eq(0)

        ours = self.active | base
        ours_write = Mux(base, self.reload, self.active)
        m.d.comb += [
            self.addend.eq(
                Mux(ours, Cat(one, ones.replicate(REGISTER_BITS - 1)), Cat(self.db, self.db)),
            ),
            self.write.channel.eq(Mux(ours, self.channel | self.destination, self.a[1:3])),
            self.write.count.eq(Mux(ours, count, self.a[0])),
            self.write.base.eq(~ours & self.cpu_write_base),
            self.write_en.eq(self.cpu_write_en | ours_write.replicate(2)),
        ]
        return m
