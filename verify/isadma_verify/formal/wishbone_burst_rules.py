"""What Wishbone B4 asks of a burst: what may follow a transfer whose CTI promised another one."""

# Ref: OpenCores, WISHBONE revision B4, chapter 4: rules 4.05, 4.30 (End-of-Burst), 4.35 and 4.40 (the next cycle), and
#      the table of wrap sizes.

from typing import Any

from amaranth.hdl import Assert, Assume, Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.soc.wishbone import LANES, BurstType, CycleType

#: Bits of the word address that turn round, by BTE; a linear burst has none.
_WRAPS = {BurstType.WRAP_4: 2, BurstType.WRAP_8: 3, BurstType.WRAP_16: 4}


class BurstRules(wiring.Component):
    """
    The rules of bursts, all of them the master's. `WishboneRules` binds it to a bus that has CTI.

    CTI is one of the four codes there are. After a transfer with CTI 001 or 010 the bus is kept, however long the
    next transfer waits, and that has the same WE and SEL, the address that was promised, and the same CTI or 111; a
    burst is incrementing in one way from its first to its last.

    What follows a whole turn of a wrapped burst is left open: B4's words say that it starts again, its table that it
    goes on.

    Parameters
    ----------
    address_width
        Bits of the word address.
    assumed
        Whether the master is assumed to keep them, and not on trial.
    """

    def __init__(self, address_width: int, *, assumed: bool) -> None:
        self._assumed = assumed
        widths = {"adr": address_width, "sel": LANES, "cyc": 1, "we": 1, "cti": 3, "bte": 2}
        super().__init__(
            {
                **{name: In(width) for name, width in widths.items()},
                # High: a transfer is asked for.
                "asked": In(1),
                # High: it is answered in this clock.
                "ended": In(1),
                # Transfers of the present burst that ended before this clock, up to 31; 0 outside of one.
                "beats": Out(5),
                # What the next transfer of the burst must have: while ``beats`` is not 0.
                "next_adr": Out(address_width),
                "next_sel": Out(LANES),
                "next_we": Out(1),
                # The CTI and BTE that it must have if it is not the last.
                "next_cti": Out(3),
                "next_bte": Out(2),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Write the rules as assertions or assumptions."""
        m = Module()
        rule: Any = Assume if self._assumed else Assert
        width = len(self.adr)
        beats = Signal(5)
        begun = beats != 0
        before = {name: Signal(len(getattr(self, name)), name=f"last_{name}") for name in ("adr", "sel", "we", "cti")}
        burst_type = Signal(2)
        goes_on = (self.cti == CycleType.INCREMENTING) | (self.cti == CycleType.CONSTANT)
        with m.If(self.asked & self.ended):
            m.d.sync += [signal.eq(getattr(self, name)) for name, signal in before.items()]
            m.d.sync += beats.eq(Mux(goes_on, Mux(beats == 31, 31, beats + 1), 0))
            with m.If(~begun):
                m.d.sync += burst_type.eq(self.bte)

        following = Signal(width)
        m.d.comb += following.eq(before["adr"] + 1)
        turned = Signal()
        for code, bits in _WRAPS.items():
            if bits < width:
                with m.If((before["cti"] == CycleType.INCREMENTING) & (burst_type == code)):
                    m.d.comb += following.eq(Cat((before["adr"] + 1)[:bits], before["adr"][bits:]))
                    m.d.comb += turned.eq(beats >= 1 << bits)
        with m.If(before["cti"] == CycleType.CONSTANT):
            m.d.comb += following.eq(before["adr"])

        known = (self.cti == CycleType.CLASSIC) | goes_on | (self.cti == CycleType.END)
        same = (self.we == before["we"]) & (self.sel == before["sel"])
        same_kind = (self.cti == CycleType.END) | (
            (self.cti == before["cti"]) & ((self.cti == CycleType.CONSTANT) | (self.bte == burst_type))
        )
        m.d.comb += [
            self.beats.eq(beats),
            self.next_adr.eq(following),
            self.next_sel.eq(before["sel"]),
            self.next_we.eq(before["we"]),
            self.next_cti.eq(before["cti"]),
            self.next_bte.eq(burst_type),
            rule(~self.asked | known),
            rule(~begun | self.cyc),
            rule(~(begun & self.asked) | (same & same_kind)),
            rule(~(begun & self.asked) | turned | (self.adr == following)),
        ]
        return m
