"""A standard Wishbone master's reads by bursts: the line around a byte comes in one go, and serves the next ones."""

# Ref: OpenCores, WISHBONE revision B4, chapter 4 (registered feedback), rules 4.15, 4.30 and 4.40;
#      docs/decisions/0016-bursts-on-memory.md.

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from .wishbone import LANES, BurstType, CycleType, Wishbone

__all__ = ["BurstReader"]

#: Bits of a word address that choose the word of a line.
WORD_BITS = 2
WORDS = 1 << WORD_BITS


class BurstReader(wiring.Component):
    """A standard master on a bus with bursts: it keeps the line of four words that was read last.

    The second read of a service, and each that is not in the line after it, fetches the line by an incrementing burst
    that wraps at four words and begins with the word that is wanted. That word is answered as it comes, the others
    follow, and what they hold is answered without the bus. The first read is a classic cycle, since a service in single
    mode has no second; so are writes and reads of no lane. None of them begins before a burst has ended, and a burst
    always ends: with its fourth word, also when nobody wants it any more. ``cyc`` stays until then, and falls for a
    clock before the next service has the bus.

    The line is forgotten when the service ends; a word of it, when it is written. So a byte is never older than the
    service, in which nobody else has the bus. A word that came with err is not in the line: it is read by a classic
    cycle if it is wanted, and only that cycle's err is the master's.

    Parameters
    ----------
    address_width : int
        Bits of the word address.
    """

    def __init__(self, address_width):
        super().__init__(
            {
                #: The standard master. It holds ``cyc`` over a service and never gives a transfer up.
                "standard": In(Wishbone(address_width)),
                #: The bus with bursts.
                "bus": Out(Wishbone(address_width, bursts=True)),
            }
        )
        #: The line's words. A proof looks into them by a port of its own.
        self.words = Memory(shape=32, depth=WORDS, init=[])

    def elaborate(self, platform):
        m = Module()
        standard, bus = self.standard, self.bus
        # The line: its address, whether there is one, and which of its words are there.
        line = Signal(len(standard.adr) - WORD_BITS)
        known = Signal()
        there = Signal(WORDS)
        m.submodules.words = words = self.words
        # The burst: whether one is under way, the word that it is at, and whether its service has ended.
        streaming = Signal()
        word = Signal(WORD_BITS)
        left = Signal(range(WORDS))
        outlived = Signal()
        has_read = Signal()

        wanted = standard.adr[:WORD_BITS]
        reads = Signal()
        in_line = Signal()
        held = Signal()
        fetches = Signal()
        free = Signal()
        alone = Signal()
        ended = Signal()
        m.d.comb += [
            reads.eq(standard.cyc & standard.stb & ~standard.we & standard.sel.any()),
            in_line.eq(known & (standard.adr[WORD_BITS:] == line)),
            held.eq(reads & in_line & there.bit_select(wanted, 1)),
            fetches.eq(reads & has_read & ~in_line),
            free.eq(~streaming & ~outlived),
            alone.eq(standard.cyc & standard.stb & free & ~held & ~fetches),
            # It counts with STB only, as it is looked at (rule 4.15).
            ended.eq(bus.ack | bus.err),
        ]
        self._lines(m, streaming, alone, line, word, left)

        # What the master is told: by the line, by the word of a burst that comes just now, or by a cycle of its own.
        write = words.write_port()
        show = words.read_port(domain="comb")
        comes = Signal()
        m.d.comb += [
            write.addr.eq(word),
            write.data.eq(bus.dat_r),
            write.en.eq(streaming & bus.ack),
            show.addr.eq(wanted),
            comes.eq(streaming & reads & in_line & (word == wanted) & bus.ack),
            standard.dat_r.eq(Mux(held, show.data, bus.dat_r)),
            standard.ack.eq(held | comes | (alone & bus.ack)),
            standard.err.eq(alone & bus.err),
            bus.cyc.eq(streaming | (standard.cyc & ~outlived)),
        ]

        m.d.sync += outlived.eq(streaming & (outlived | ~standard.cyc))
        with m.If(streaming & ended):
            m.d.sync += [word.eq(word + 1), left.eq(left - 1), streaming.eq(left != 0)]
            with m.If(bus.ack & known):
                m.d.sync += there.bit_select(word, 1).eq(1)
        with m.If(fetches & free):
            m.d.sync += [streaming.eq(1), word.eq(wanted), left.eq(WORDS - 1)]
            m.d.sync += [line.eq(standard.adr[WORD_BITS:]), known.eq(1), there.eq(0)]
        with m.If(alone & standard.we & in_line):
            m.d.sync += there.bit_select(wanted, 1).eq(0)
        with m.If(alone & reads & ended):
            m.d.sync += has_read.eq(1)
        with m.If(~standard.cyc):
            m.d.sync += [known.eq(0), there.eq(0), has_read.eq(0)]
        return m

    def _lines(self, m, streaming, alone, line, word, left):
        standard, bus = self.standard, self.bus
        m.d.comb += [
            bus.stb.eq(streaming | alone),
            bus.dat_w.eq(standard.dat_w),
            bus.adr.eq(standard.adr),
            bus.sel.eq(standard.sel),
            bus.we.eq(standard.we),
        ]
        with m.If(streaming):
            m.d.comb += [
                bus.adr.eq(Cat(word, line)),
                bus.sel.eq((1 << LANES) - 1),
                bus.we.eq(0),
                bus.cti.eq(Mux(left == 0, CycleType.END, CycleType.INCREMENTING)),
                bus.bte.eq(BurstType.WRAP_4),
            ]
