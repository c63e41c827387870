"""The Wishbone DMA's reads by bursts: the rules of the bus, every byte that is read, and the wait for it."""

# Ref: OpenCores, WISHBONE revision B4, chapters 3 and 4; docs/decisions/0016-bursts-on-memory.md.

from collections.abc import Mapping

from amaranth.hdl import Assert, Assume, Cat, Cover, Module, Mux, Signal, Value

from isadma.soc.burst import WORD_BITS, WORDS, BurstReader
from isadma.soc.memory import LANE_BITS
from isadma.soc.wishbone import BurstType, CycleType

from .inside import inside
from .runner import Property
from .wishbone_free import FROM_MASTER, FROM_SLAVE, FreePart
from .wishbone_rules import WishboneRules

_ADDRESS_BITS = 32 - LANE_BITS
#: Waits of each transfer of a slave, at most; and those of the master then: for a burst that others' words are in, the
#: clock in which the next begins, that burst, and the word again that failed in it.
SLAVE_WAITS, MASTER_WAITS = 1, 16


class _Reader(FreePart):
    """The reader between a patient standard master and a slave that may be slow and fail, by the rules both."""

    _OWN: Mapping[str, int] = {}

    def __init__(self) -> None:
        super().__init__({**FROM_MASTER, "adr": _ADDRESS_BITS, **FROM_SLAVE, **self._OWN})

    def bind(self, m: Module, *, within: int | None = None) -> tuple[BurstReader, WishboneRules, WishboneRules]:
        """Put a reader between free inputs; return it, and the rules before and behind it."""
        m.submodules.reader = reader = BurstReader(_ADDRESS_BITS)
        m.submodules.before = before = WishboneRules(_ADDRESS_BITS, role="slave", patient=True)
        m.submodules.behind = behind = WishboneRules(
            _ADDRESS_BITS, role="master", patient=True, bursts=True, within=within
        )
        self.drive(m, reader.standard, {**FROM_MASTER, "adr": _ADDRESS_BITS})
        self.drive(m, reader.bus, FROM_SLAVE)
        before.watch(m, reader.standard)
        behind.watch(m, reader.bus)
        return reader, before, behind


def _lemmas(m: Module, reader: BurstReader, behind: WishboneRules) -> dict[str, Signal]:
    """Say what of the reader's registers is always so; return them by name."""
    names = ("line", "known", "there", "streaming", "word", "left", "outlived", "has_read")
    inner = dict(zip(names, inside(reader, *names), strict=True))
    streaming, known, outlived = inner["streaming"], inner["known"], inner["outlived"]
    burst, standard, first = behind.burst, reader.standard, inner["left"] == WORDS - 1
    m.d.comb += [
        Assert(~outlived | ~(known | inner["has_read"] | (streaming & first))),
        # The first word of a burst is wanted until it comes.
        Assert(
            ~(streaming & first) | (standard.stb & ~standard.we & (standard.adr == Cat(inner["word"], inner["line"])))
        ),
        Assert(~streaming | outlived | known),
        Assert(~streaming | (burst.beats == WORDS - 1 - inner["left"])),
        Assert(streaming | (burst.beats == 0)),
        Assert((burst.beats == 0) | (burst.next_adr == Cat(inner["word"], inner["line"]))),
        Assert((burst.beats == 0) | ((burst.next_sel == 0xF) & ~burst.next_we)),
        Assert((burst.beats == 0) | (burst.next_cti == CycleType.INCREMENTING)),
        Assert((burst.beats == 0) | (burst.next_bte == BurstType.WRAP_4)),
        Assert((known & ~(streaming & first)) | (inner["there"] == 0)),
    ]
    return inner


class BurstsKeepRules(_Reader):
    """Bursts as B4 has them, four words each, begun for a read and never cut; all else is classic."""

    def rules(self, m: Module) -> None:
        """Bind the rules on both sides, and say what goes with them."""
        reader, before, behind = self.bind(m)
        standard, bus = reader.standard, reader.bus
        inner = _lemmas(m, reader, behind)
        ended = behind.stb & (behind.ack | behind.err)
        burst = bus.stb & (bus.cti != CycleType.CLASSIC)
        # What the master asked for, asked for by itself.
        as_asked = (bus.adr == standard.adr) & (bus.sel == standard.sel) & (bus.we == standard.we)
        # The bus has been let go of since the last service.
        released = Signal(init=1)
        with m.If(~bus.cyc):
            m.d.sync += released.eq(1)
        with m.Elif(~standard.cyc):
            m.d.sync += released.eq(0)
        had = self.past(m, bus.cyc & standard.cyc & released, "had")
        m.d.comb += [
            Assert(~burst | (~bus.we & (bus.sel == 0xF) & (bus.bte == BurstType.WRAP_4))),
            Assert(~burst | ((bus.cti == CycleType.END) == (behind.burst.beats == WORDS - 1))),
            Assert(~bus.stb | burst | (standard.stb & as_asked & (bus.dat_w == standard.dat_w))),
            Assert(~(before.ack & standard.we) | (bus.stb & bus.we & bus.ack)),
            Assert(~standard.err | (bus.stb & bus.err & ~burst)),
            # Nobody comes in between in a service; between two services anybody may.
            Assert(released == ~inner["outlived"]),
            Assert(~(standard.ack | standard.err) | released),
            Assert(~(had & standard.cyc) | bus.cyc),
        ]
        self._covers(m, reader, before, ended)

    def _covers(self, m: Module, reader: BurstReader, before: WishboneRules, ended: Value) -> None:
        standard, bus = reader.standard, reader.bus
        last = bus.stb & (bus.cti == CycleType.END)
        # Of the present burst: the clocks that it takes, and whether a word of it failed.
        clocks, failed, was_burst = Signal(5), Signal(), Signal()
        with m.If(bus.stb & (bus.cti != CycleType.CLASSIC)):
            m.d.sync += [clocks.eq(clocks + 1), failed.eq(failed | bus.err)]
        with m.Else():
            m.d.sync += [clocks.eq(0), failed.eq(0)]
        with m.If(last & ended):
            m.d.sync += was_burst.eq(1)
        outlives = last & ended & ~standard.cyc
        m.d.comb += [
            # A whole burst, without and with waits in its middle, from each word on.
            *(Cover(last & ended & (clocks == 3) & (bus.adr[:WORD_BITS] == word)) for word in range(WORDS)),
            Cover(last & ended & (clocks == 6) & ~failed),
            # A word that failed in mid-burst, wanted afterwards, and there; or not.
            Cover(was_burst & before.ack & ~standard.we & (before.asking == 2) & failed & bus.stb),
            Cover(self.past(m, failed & last, "failed_burst") & bus.stb & standard.ack & ~standard.we),
            Cover(self.past(m, failed & last, "failed_in_burst") & bus.stb & standard.err & ~standard.we),
            # A burst that outlives its service, alone or with the next service waiting.
            Cover(outlives & ~bus.err),
            Cover(last & ended & standard.stb & self.past(m, ~standard.cyc & bus.cyc, "left_alone")),
            # A byte without the bus, in a burst and after one; an answer that nobody asked for.
            Cover(was_burst & before.ack & ~bus.stb & (bus.ack | bus.err)),
            Cover(before.ack & bus.stb & ~bus.ack & ~standard.we),
        ]


class BytesAreMemorys(_Reader):
    """
    One word of memory, any: what the master reads there is what it holds in that clock.

    While the bus is free anybody may write it, whom nobody sees; a write that fails may leave anything.
    """

    _OWN: Mapping[str, int] = {"where": _ADDRESS_BITS, "others": 32, "written": 1}

    def rules(self, m: Module) -> None:
        """Keep the word, and compare."""
        reader, before, behind = self.bind(m)
        standard, bus = reader.standard, reader.bus
        # A look into the line, added before the reader is elaborated.
        look = reader.words.read_port(domain="comb")
        inner = _lemmas(m, reader, behind)
        where, started = self.past(m, self.where, "where"), self.past(m, Signal(init=1), "started")
        content = Signal(32)
        here = bus.stb & (bus.adr == self.where)
        with m.If(~bus.cyc & self.written):
            m.d.sync += content.eq(self.others)
        with m.If(here & bus.we & bus.err):
            m.d.sync += content.eq(self.others)
        for lane in range(4):
            with m.If(here & bus.we & bus.ack & bus.sel[lane]):
                m.d.sync += content.word_select(lane, 8).eq(bus.dat_w.word_select(lane, 8))
        reads = standard.cyc & standard.stb & ~standard.we & standard.sel.any() & (standard.adr == self.where)
        kept = inner["known"] & (inner["line"] == self.where[WORD_BITS:])
        kept_word = kept & inner["there"].bit_select(self.where[:WORD_BITS], 1)
        served = reads & standard.ack
        m.d.comb += [
            Assume(~started | (self.where == where)),
            Assume(~(here & ~bus.we & bus.ack) | (bus.dat_r == content)),
            look.addr.eq(self.where[:WORD_BITS]),
            Assert(~kept_word | (look.data == content)),
            Assert(~served | (standard.dat_r == content)),
            Cover(served & ~bus.stb & (content == 0x8237A)),
            Cover(served & bus.stb & (bus.cti == CycleType.INCREMENTING) & ~bus.ack),
            # Written in its line, and read again.
            Cover(served & self.past(m, before.ack & standard.we & kept_word, "over") & (bus.cti == CycleType.CLASSIC)),
        ]


class BurstsAnswer(_Reader):
    """A slave that answers makes a reader that answers."""

    def rules(self, m: Module) -> None:
        """Count."""
        reader, _, behind = self.bind(m, within=SLAVE_WAITS + 1)
        _lemmas(m, reader, behind)
        standard = reader.standard
        # Clocks for which the present transfer has been asked for and not answered.
        waits, waited = Signal(6), Signal(6)
        m.d.comb += waits.eq(Mux(standard.stb & ~(standard.ack | standard.err), waited + 1, 0))
        m.d.sync += waited.eq(waits)
        m.d.comb += [Assert(waits <= MASTER_WAITS), Cover(waits == MASTER_WAITS)]


#: The reader by bursts.
WISHBONE_BURSTS: tuple[Property, ...] = (
    Property(
        "wishbone-bursts",
        "Reads by bursts keep to the letter: four words from the one that is wanted on, round in their line, ended by "
        "111, never cut; every other transfer is classic, an ERR is the master's only where it asked by itself, and "
        "the bus is held over a service and let go of between two.",
        lambda _: BurstsKeepRules(),
        4,
        "a transfer looks one clock back, and a burst's place is in its registers",
        20,
    ),
    Property(
        "wishbone-burst-bytes",
        "What is read through the line is what memory holds in that clock, whatever the master has written, and others "
        "while the bus was free.",
        lambda _: BytesAreMemorys(),
        3,
        "the line's words are compared with memory in every clock",
        16,
    ),
    Property(
        "wishbone-burst-answers",
        "When memory makes each transfer wait for one clock at most, the master waits for sixteen at most.",
        lambda _: BurstsAnswer(),
        MASTER_WAITS + 2,
        "as long as the longest wait",
        34,
    ),
)
