"""Address formation on the AT: a page and one chip's sixteen bits make A23-A0 and SBHE#."""

# Ref: Intel 6-series chipset data sheet, January 2011, page 135 (address shifting, no carry into the page);
#      IBM PC AT Technical Reference, system board; Intel 8237A data sheet 231466-005, page 7 (ADSTB and the latch).

from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["AddressLatch", "AtAddress"]


class AddressLatch(wiring.Component):
    """A transparent latch for A15-A8 (a 74LS373): it follows DB while ADSTB is high, then holds what it saw last."""

    #: Address strobe, high.
    adstb: In(1)
    #: DB0-DB7 of the chip that drives ADSTB.
    db: In(8)
    #: A15-A8 of that chip. Combinational in db while adstb is high.
    high: Out(8)

    def elaborate(self, platform):
        m = Module()
        held = Signal(8)
        m.d.comb += self.high.eq(Mux(self.adstb, self.db, held))
        m.d.sync += held.eq(self.high)
        return m


class AtAddress(wiring.Component):
    """The AT's memory address, all of it combinational.

    Bytes (channels 0-3): A23-A16 are the page, A15-A0 the chip's; SBHE# is low for odd addresses.
    Words (channels 5-7): A23-A17 are page bits 7-1, A16-A1 the chip's, A0 is 0, SBHE# low; page bit 0 is not used.
    The chip's sixteen bits wrap by themselves, and nothing carries into the page.

    Parameters
    ----------
    high_pages : bool
        32 address bits: A31-A24 come from ``high_page``.
    """

    def __init__(self, *, high_pages=False):
        self.high_pages = high_pages
        super().__init__(
            {
                #: High while DMA 2 drives the address: words. Low: bytes.
                "words": In(1),
                #: The chip's A0-A7.
                "low": In(8),
                #: The chip's A8-A15, out of the latch.
                "high": In(8),
                #: The channel's page register.
                "page": In(8),
                #: The channel's high page register.
                "high_page": In(8),
                #: A23-A0, or A31-A0 with high pages.
                "address": Out(32 if high_pages else 24),
                #: System byte high enable, low.
                "sbhe_n": Out(1, init=1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        above = self.high_page if self.high_pages else Const(0, 0)
        as_bytes = Cat(self.low, self.high, self.page, above)
        as_words = Cat(Const(0, 1), self.low, self.high, self.page[1:], above)
        m.d.comb += [
            self.address.eq(Mux(self.words, as_words, as_bytes)),
            self.sbhe_n.eq(~(self.words | self.low[0])),
        ]
        return m
