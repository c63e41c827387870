"""A device for trying out DMA channels: a pattern source, a sink, and a loop from one to the other."""

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import enum, wiring
from amaranth.lib.wiring import In, Out

__all__ = ["GIVES", "TAKES", "PatternDevice", "Port"]

#: In the loop, channel 3 takes a byte and channel 1 gives it back.
TAKES, GIVES = 3, 1


class Port(enum.IntEnum, shape=3):
    """The device's ports, from its base on."""

    REQUEST = 0
    """Channels that ask for service, a bit each; TC takes a channel's bit back. Reads what still asks."""
    PATTERN = 1
    """The next byte that the source gives; each transfer adds one. Words carry it twice, inverted in D8-D15."""
    SUM_LOW = 2
    """Sum of all that the sink took, 16 bits: bytes as bytes, words as words. A write clears both halves."""
    SUM_HIGH = 3
    CONTROL = 4
    """Bit 0: loop. The source gives what the sink took last, channel 3 asks while there is nothing to give, channel 1
    while there is. A write takes the interrupt back."""


class PatternDevice(wiring.Component):
    """One device on all channels: whatever channel's DACK# comes with a strobe, it is this device that answers.

    Its interrupt comes two clocks after TC of a channel that had asked, and stays until `Port.CONTROL` is written.
    """

    #: A0-A2 of the processor's port access: a `Port`.
    port: In(3)
    #: The processor's IOW, high, while the address is one of the device's; the write is made in every clock of it.
    write: In(1)
    #: What a read of ``port`` returns. Combinational.
    read_data: Out(8)
    #: High: this clock counts.
    tick: In(1, init=1)
    #: What was on the data bus in the clock before, which may be one that did not count: valid with ``write``, and
    #: after ``iow``.
    d: In(16)
    #: What the source gives: stands still while ``ior`` is high. Combinational in ``word``.
    source: Out(16)
    #: High: a word channel is served. Valid with the DMA's strobes.
    word: In(1)
    #: The DMA's IOR, high, in a cycle of a channel that is the device's.
    ior: In(1)
    #: The DMA's IOW, high, in a cycle of a channel that is the device's.
    iow: In(1)
    #: DACK0-DACK7, high.
    dack: In(8)
    #: Terminal count of the channel acknowledged, high.
    tc: In(1)
    #: DRQ, one bit a channel, high.
    drq: Out(8)
    #: High: ``irq`` is about to rise, if this clock counts.
    ending: Out(1)
    #: Interrupt request, high until `Port.CONTROL` is written.
    irq: Out(1)

    def elaborate(self, platform):
        m = Module()
        request = Signal(8)
        pattern = Signal(8)
        total = Signal(16)
        loop = Signal()
        full = Signal()
        was_ior = Signal()
        was_iow = Signal()
        # D of the last clock of IOW that counts is there in the clock after, and kept if that does not count.
        due = Signal()
        words = Signal()
        kept = Signal(16)
        taken = Signal(16)
        m.d.sync += [due.eq(self.tick & self.iow), kept.eq(taken)]
        m.d.comb += [
            taken.eq(Mux(due, Cat(self.d[:8], Mux(words, self.d[8:], 0)), kept)),
            self.source.eq(Cat(pattern, pattern ^ self.word.replicate(8))),
            self.drq.eq(request),
        ]
        with m.If(loop):
            m.d.comb += [self.drq[TAKES].eq(request[TAKES] & ~full), self.drq[GIVES].eq(request[GIVES] & full)]
        with m.Switch(self.port):
            with m.Case(Port.REQUEST):
                m.d.comb += self.read_data.eq(request)
            with m.Case(Port.PATTERN):
                m.d.comb += self.read_data.eq(pattern)
            with m.Case(Port.SUM_LOW):
                m.d.comb += self.read_data.eq(total[:8])
            with m.Case(Port.SUM_HIGH):
                m.d.comb += self.read_data.eq(total[8:])
            with m.Default():
                m.d.comb += self.read_data.eq(Cat(loop))

        with m.If(self.tick):
            m.d.sync += [was_ior.eq(self.ior), was_iow.eq(self.iow), words.eq(self.word), self.ending.eq(0)]
            with m.If(self.ending):
                m.d.sync += self.irq.eq(1)
            with m.If(was_ior & ~self.ior):
                m.d.sync += full.eq(0)
                with m.If(~loop):
                    m.d.sync += pattern.eq(pattern + 1)
            with m.If(was_iow & ~self.iow):
                m.d.sync += [total.eq(total + taken), full.eq(1)]
                with m.If(loop):
                    m.d.sync += pattern.eq(taken[:8])
            with m.If(self.tc):
                m.d.sync += request.eq(request & ~self.dack)
                with m.If((request & self.dack).any()):
                    m.d.sync += self.ending.eq(1)
            with m.If(self.write), m.Switch(self.port):
                with m.Case(Port.REQUEST):
                    m.d.sync += request.eq(self.d[:8])
                with m.Case(Port.PATTERN):
                    m.d.sync += pattern.eq(self.d[:8])
                with m.Case(Port.SUM_LOW):
                    m.d.sync += total.eq(0)
                with m.Case(Port.CONTROL):
                    m.d.sync += [loop.eq(self.d[0]), full.eq(0), self.irq.eq(0)]
        return m
