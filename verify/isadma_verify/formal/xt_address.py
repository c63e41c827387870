"""The PC/XT's address formation: every channel, page, address and moment."""

# Ref: IBM PC/XT Technical Reference, system board (U19, a 74LS670). Written from it, not from `isadma.pc`.
from amaranth.hdl import Assert, Assume, Cat, Cover, Module, Mux, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.pc import PcXt

from .free_chip import FreeChip, unused
from .runner import Property

#: DACK0#-DACK3# when a channel is acknowledged, and the register that gives its page: 80h plus this.
ACKNOWLEDGED = {0: (0b1110, 3), 1: (0b1101, 3), 2: (0b1011, 1), 3: (0b0111, 2)}


class XtAddressFormation(wiring.Component):
    """The board, a free chip, a free processor, and one page register of any number that is watched."""

    def __init__(self) -> None:
        chip = {"aen": In(1), "adstb": In(1), "a": In(8), "db": In(8), "dack": In(4)}
        cpu = {"port": In(16), "data": In(8), "iow_n": In(1), "hlda": In(1)}
        super().__init__({**chip, **cpu, "watched": In(2)})

    def elaborate(self, platform: object) -> Module:
        """Put the board on free inputs, and say what the address is, by arithmetic."""
        m = Module()
        board = PcXt()
        unused(board.chip)
        board.chip = chip = FreeChip()
        m.submodules.board = board
        isa = board.isa
        watched_before, started = Signal(2), Signal()
        lent = Signal(2)  # HLDA one and two states ago
        m.d.sync += [watched_before.eq(self.watched), started.eq(1), lent.eq(Cat(self.hlda, lent))]
        m.d.comb += [
            chip.aen.eq(self.aen),
            chip.a.oe.eq(self.aen),
            chip.adstb.eq(self.adstb),
            chip.a.o.eq(self.a),
            chip.db.o.eq(self.db),
            chip.dack.eq(self.dack),
            board.clk_fall.eq(1),
            board.clk_rise.eq(1),
            board.hlda.eq(self.hlda),
            isa.a.i.eq(self.port),
            isa.d.i.eq(self.data),
            isa.iow_n.i.eq(self.iow_n),
            Assume(~ResetSignal()),
            Assume(~started | (self.watched == watched_before)),
            # A processor that gave the bus away writes nothing.
            Assume(~(self.aen | lent[0]) | self.iow_n),
        ]

        # What the processor wrote to the watched register last, in any of the eight places where it is.
        page, known = Signal(4), Signal()
        place = self.port[:10]
        with m.If(~self.iow_n & (place >= 0x80) & (place <= 0x9F) & (place % 4 == self.watched)):
            m.d.sync += [page.eq(self.data % 16), known.eq(1)]
        high, held = Signal(8), Signal(8)
        m.d.comb += high.eq(Mux(self.adstb, self.db, held))
        m.d.sync += held.eq(high)

        probe = board.pages.registers.read_port(domain="comb")
        m.d.comb += [
            probe.addr.eq(self.watched),
            Assert(~known | (probe.data == page)),  # inductive
            Assert(board.latch.high == high),  # inductive
            Assert(isa.aen == lent[0]),
            Assert(isa.a.oe == (self.aen & lent.all())),
        ]
        for dack, register in ACKNOWLEDGED.values():
            with m.If(isa.a.oe & (self.dack == dack) & (self.watched == register) & known):
                m.d.comb += [
                    Assert(isa.a.o == page * 0x10000 + high * 0x100 + self.a),
                    Cover(page == 0xF),
                    Cover((page == 0x5) & (high == 0xA5) & (self.a == 0x3C) & ~self.adstb),
                ]
        return m


XT_ADDRESS = Property(
    name="xt-address",
    sentence="On the XT a channel's address is its four-bit page times 64K plus the chip's sixteen bits; channels 0 "
    "and 1 share a page, and the register at 80h gives none.",
    build=lambda _: XtAddressFormation(),
    depth=2,
    why="everything that is remembered is tied to what the proof remembers",
    cover_depth=6,
)
