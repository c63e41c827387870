"""The PC/AT's address formation: every channel, page, address and moment."""

# Ref: Intel 6-series chipset data sheet, January 2011, page 135 (address shifting, no carry into the page);
#      Interrupt List release 61, PORTS.A 0080-008F. Written from these, not from `isadma.pc`.
from amaranth.hdl import Assert, Assume, Cover, Module, Mux, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.pc import PcAt

from .free_chip import FreeChip, unused
from .runner import Property

#: Page register of each channel, DMA 1's four and DMA 2's three: the PC/AT's I/O map, 80h plus this.
BYTE_PAGES = {0: 0x7, 1: 0x3, 2: 0x1, 3: 0x2}
WORD_PAGES = {1: 0xB, 2: 0x9, 3: 0xA}


class AtAddressFormation(wiring.Component):
    """The board, two free chips, a free processor, and one page register of any number that is watched."""

    def __init__(self) -> None:
        chips = {
            f"{name}{n}": In(width)
            for n in (1, 2)
            for name, width in {"aen": 1, "adstb": 1, "a": 8, "db": 8, "served": 2, "db_oe": 1}.items()
        }
        cpu = {"port": In(16), "data": In(8), "ior_n": In(1), "iow_n": In(1), "hlda": In(1)}
        super().__init__({**chips, **cpu, "watched": In(4)})

    def elaborate(self, platform: object) -> Module:
        """Put the board on free inputs, and add the assumptions and the promise."""
        m = Module()
        board = PcAt()
        for chip in board.chips:
            unused(chip)
        board.chips = one, two = FreeChip(), FreeChip()
        m.submodules.board = board
        isa = board.isa
        m.d.comb += [
            Assume(~ResetSignal()),
            board.clk_fall.eq(1),
            board.clk_rise.eq(1),
            board.hlda.eq(self.hlda),
            isa.a.i.eq(self.port),
            isa.d.i.eq(self.data),
            isa.ior_n.i.eq(self.ior_n),
            isa.iow_n.i.eq(self.iow_n),
        ]
        for n, chip in ((1, one), (2, two)):
            db = getattr(self, f"db{n}")
            m.d.comb += [
                chip.aen.eq(getattr(self, f"aen{n}")),
                chip.a.oe.eq(getattr(self, f"aen{n}")),
                chip.adstb.eq(getattr(self, f"adstb{n}")),
                chip.a.o.eq(getattr(self, f"a{n}")),
                *(way.eq(db) for way in (chip.db.o, chip.high)),
                chip.db.oe.eq(getattr(self, f"db_oe{n}")),
                chip.served.eq(getattr(self, f"served{n}")),
            ]
        self.assume_two_chips_and_a_processor(m)
        self.promise(m, board)
        return m

    def assume_two_chips_and_a_processor(self, m: Module) -> None:
        """Assume how chips take turns, and what any processor promises."""
        before = {name: Signal(len(getattr(self, name)), name=f"past_{name}") for name in self.signature.members}
        for name, past in before.items():
            m.d.sync += past.eq(getattr(self, name))
        started = Signal()
        m.d.sync += started.eq(1)
        aen, aen_before = self.aen1 | self.aen2, before["aen1"] | before["aen2"]
        m.d.comb += [
            # One chip at a time, and ADSTB only in a service; DMA 1's services are DMA 2's channel 0.
            Assume(~(self.aen1 & self.aen2)),
            Assume(~self.adstb1 | self.aen1),
            Assume(~self.adstb2 | self.aen2),
            Assume(~self.aen1 | (self.served2 == 0)),
            Assume(~self.aen2 | (self.served2 != 0)),
            # A service comes after HLDA, and after the clock in which its channel was latched.
            Assume(~aen | before["hlda"]),
            Assume(~aen | ((self.served1 == before["served1"]) & (self.served2 == before["served2"]))),
            # A processor that gave the bus away writes nothing, and its address stands from a clock before IOW# on.
            Assume(~(self.hlda | aen) | self.iow_n),
            Assume(self.iow_n | (started & (self.port == before["port"]) & ~(before["hlda"] | aen_before))),
            # The register watched is any, but always the same.
            Assume(~started | (self.watched == before["watched"])),
        ]

    def promise(self, m: Module, board: PcAt) -> None:
        """Say what the address is, by arithmetic."""
        isa = board.isa
        # What the processor wrote to the watched register last, and A15-A8 as ADSTB showed them last.
        page, known = Signal(8), Signal()
        with m.If(~self.iow_n & (self.port[:10] == 0x80 + self.watched) & ~(self.aen1 | self.aen2)):
            m.d.sync += [page.eq(self.data), known.eq(1)]
        high, held = Signal(8), Signal(8)
        m.d.comb += high.eq(Mux(self.adstb1, self.db1, Mux(self.adstb2, self.db2, held)))
        m.d.sync += held.eq(high)

        probe = board.pages.registers.read_port(domain="comb")
        m.d.comb += [
            probe.addr.eq(self.watched),
            Assert(~known | (probe.data == page)),  # inductive
            Assert(board.latch.high == high),  # inductive
            Assert(isa.a.oe == (self.aen1 | self.aen2)),
        ]
        for channel, register in BYTE_PAGES.items():
            with m.If(self.aen1 & (self.served1 == channel) & (self.watched == register) & known):
                chip = high * 0x100 + self.a1
                m.d.comb += [
                    Assert(isa.a.o == page * 0x10000 + chip),
                    Assert(isa.sbhe_n.o == (self.a1 % 2 == 0)),
                    Cover(page == 0xFF),
                    Cover((page == 0x5A) & (high == 0xA5) & (self.a1 == 0x3C) & ~self.adstb1),
                ]
        for channel, register in WORD_PAGES.items():
            with m.If(self.aen2 & (self.served2 == channel) & (self.watched == register) & known):
                chip = high * 0x100 + self.a2
                m.d.comb += [
                    Assert(isa.a.o == (page // 2) * 0x20000 + 2 * chip),
                    Assert(isa.sbhe_n.o == 0),
                    Cover(page == 0xFF),
                    Cover((page == 0x5B) & (high == 0xA5) & (self.a2 == 0x3C) & ~self.adstb2),
                ]


AT_ADDRESS = Property(
    name="at-address",
    sentence="On the AT a byte channel's address is its page times 64K plus the chip's sixteen bits, a word channel's "
    "half its page times 128K plus twice the chip's; so nothing carries into a page, and page bit 0 does not count.",
    build=lambda _: AtAddressFormation(),
    depth=3,
    why="the page comes out of memory a clock after it was addressed, and the assumptions look one clock back",
    cover_depth=8,
)
