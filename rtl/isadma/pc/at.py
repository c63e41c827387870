"""The PC/AT's DMA subsystem: two 8237As, cascaded, with page registers, wait states and the ISA bus."""

# Ref: IBM PC AT Technical Reference, system board; Intel 8237A data sheet 231466-005; Interrupt List release 61, PORTS
#      0480-048F (high pages); docs/decisions/0001-the-clock-contract.md.

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .address import AddressLatch, AtAddress
from .cascade import Cascade
from .chip import BoardChip
from .isa import STROBES, IsaBus, strobes
from .pages import AtPages, PageSelect
from .ports import Window
from .refresh import AtRefresh
from .wait_states import WaitStates

__all__ = ["PcAt"]

#: I/O addresses are decoded on A0-A9, as ISA cards do: every port is there again each 400h.
DECODED = 10
#: With high pages all of A0-A15 count, or 480h would be 80h.
DECODED_EISA = 16


class PcAt(wiring.Component):
    """The PC/AT's DMA: channels 0-3 move bytes, channels 5-7 words, channel 4 is the cascade between the chips.

    The processor sees DMA 1 at ports 00h-0Fh, DMA 2 at C0h-DFh (two ports a register) and the page registers at
    80h-8Fh. Software has to put channel 4 into cascade mode (write C0h to port D6h) and unmask it (00h to port D4h),
    as every BIOS does at power-up, before a channel of DMA 1 gets the bus.

    A bus master requests on a channel in cascade mode, and once acknowledged pulls MASTER# low and drives the bus. It
    gives the bus back by releasing MASTER#, then DRQ.

    Parameters
    ----------
    wait_states : int
        Wait states of every DMA transfer in normal timing, 0 to 7. The AT has one.
    variant : str
        ``"nmos"`` (8237A) or ``"cmos"`` (82C37A, with its read-back map).
    undefined_read : int
        What the 8237A's illegal reads return, 00h to FFh.
    refresh : bool
        Make refresh cycles at the rising edges of ``out1``, with the page register 8Fh.
    high_pages : bool
        Page registers at 480h-48Fh for A31-A24, EISA class. A write to a low page clears the channel's high one
        (choice: old software knows only the low one, and no source at hand decides it).
    memory, mode_memory, uninitialized_memory
        The chips' memories, see `I8237`.

    Attributes
    ----------
    chips : tuple of I8237
        DMA 1 and DMA 2, for whoever looks inside: waveforms and proofs.
    pages, latch : AtPages, AddressLatch
        The page registers, and A15-A8.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    """

    def __init__(
        self,
        *,
        wait_states=1,
        variant="nmos",
        undefined_read=0xFF,
        refresh=False,
        high_pages=False,
        memory=None,
        mode_memory=None,
        uninitialized_memory=False,
    ):
        chip = {"variant": variant, "undefined_read": undefined_read, "memory": memory, "mode_memory": mode_memory}
        chip["uninitialized_memory"] = uninitialized_memory
        self._waits = WaitStates(wait_states)
        self.chips = BoardChip(**chip), BoardChip(**chip)
        self.pages, self.latch = AtPages(), AddressLatch()
        self._refreshes, self._high_pages = refresh, high_pages
        super().__init__(
            {
                #: State boundary: the end of this clock is the chips' CLK falling edge. Tie to 1, with clk_rise, for
                #: one state per clock.
                "clk_fall": In(1),
                #: Mid-state: the end of this clock is the chips' CLK rising edge.
                "clk_rise": In(1),
                #: Resets both chips, high. Page registers keep what they hold.
                "reset": In(1),
                #: HOLD to the processor, high: the board wants the bus.
                "hrq": Out(1),
                #: Hold acknowledge, high: the processor has let go of the bus, and waits until HRQ falls.
                "hlda": In(1),
                #: OUT of the timer's counter 1; not used without ``refresh``.
                "out1": In(1),
                #: The bus.
                "isa": Out(IsaBus(address_width=32 if high_pages else 24)),
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.dma1, m.submodules.dma2 = self.chips
        refresh = AtRefresh() if self._refreshes else None
        if refresh:
            m.submodules.refresh = refresh
        self._grant_the_bus(m, refresh)
        at_pages, at_high_pages = self._decode_ports(m)
        page, high_page = self._look_up_pages(m, refresh, at_pages, at_high_pages)
        self._form_the_address(m, refresh, page, high_page)
        self._drive_strobes(m, refresh)
        return m

    def _grant_the_bus(self, m, refresh):
        isa, (dma1, dma2) = self.isa, self.chips
        m.submodules.cascade = cascade = Cascade()
        m.d.comb += [
            cascade.clk_fall.eq(self.clk_fall),
            cascade.reset.eq(self.reset),
            cascade.hrq1.eq(dma1.hrq),
            cascade.drq.eq(isa.drq[5:]),
            cascade.dack2_n.eq(dma2.dack[0]),
            dma1.dreq.eq(isa.drq[:4]),
            dma2.dreq.eq(cascade.dreq2),
            dma1.hlda.eq(cascade.hlda1),
            isa.aen.eq((dma1.aen | dma2.aen) & isa.master_n),
            isa.dack_n.eq(dma1.dack | (dma2.dack << 4) | 0x10),
        ]
        if refresh:
            m.d.comb += [
                refresh.clk_fall.eq(self.clk_fall),
                refresh.reset.eq(self.reset),
                refresh.out1.eq(self.out1),
                refresh.dma_hrq.eq(dma2.hrq),
                refresh.hlda.eq(self.hlda),
                refresh.iochrdy.eq(isa.iochrdy),
                self.hrq.eq(refresh.hold),
                dma2.hlda.eq(refresh.dma_hlda),
                isa.refresh_n.eq(~refresh.active),
            ]
        else:
            m.d.comb += [self.hrq.eq(dma2.hrq), dma2.hlda.eq(self.hlda), isa.refresh_n.eq(1)]

    def _decode_ports(self, m):
        # An address stands a clock before the strobe and a clock after it: so CS# may come a clock after the address,
        # and the decoder is not on any way that counts. The DMA's own cycles are no accesses, a bus master's are.
        isa, (dma1, dma2) = self.isa, self.chips
        port = isa.a.i[: DECODED_EISA if self._high_pages else DECODED]
        at_dma1, at_dma2, at_pages, at_high_pages = (
            Signal(name=name, reset_less=True) for name in ("at_dma1", "at_dma2", "at_pages", "at_high_pages")
        )
        others = ~(self.hlda & isa.master_n)
        m.d.sync += [
            at_dma1.eq(others & (port[4:] == Window.DMA1 >> 4)),
            at_dma2.eq(others & (port[5:] == Window.DMA2 >> 5)),
            at_pages.eq(others & (port[4:] == Window.PAGES >> 4)),
        ]
        m.d.comb += [
            dma1.cs_n.eq(~at_dma1),
            dma2.cs_n.eq(~at_dma2),
            dma1.a.i.eq(port[:4]),
            dma2.a.i.eq(port[1:5]),
        ]
        if self._high_pages:
            m.d.sync += at_high_pages.eq(others & (port[4:] == Window.HIGH_PAGES >> 4))
        for dma in self.chips:
            m.d.comb += [
                dma.clk_fall.eq(self.clk_fall),
                dma.clk_rise.eq(self.clk_rise),
                dma.reset.eq(self.reset),
                dma.ior_n.i.eq(isa.ior_n.i),
                dma.iow_n.i.eq(isa.iow_n.i),
                dma.db.i.eq(isa.d.i[:8]),
                dma.eop_n.i.eq(1),  # the AT drives TC only: no card can end a service
            ]
        return at_pages, at_high_pages

    def _look_up_pages(self, m, refresh, at_pages, at_high_pages):
        # From HLDA on the registers are looked up for the DMA, so the page is there in S1; and until the address goes,
        # so it stands when HLDA falls with HRQ, in the clock in which MEMW# rises. A bus master is as a processor.
        isa, (dma1, dma2) = self.isa, self.chips
        addressing = dma1.aen | dma2.aen | (refresh.active if refresh else 0)
        m.submodules.page_select = select = PageSelect()
        m.d.comb += [
            select.words.eq(dma2.served != 0),
            select.channel.eq(Mux(select.words, dma2.served, dma1.served)),
            select.refresh.eq(refresh.owns if refresh else 0),
        ]
        m.submodules.pages = low = self.pages
        every = [low]
        m.d.comb += [
            low.write.eq(at_pages & ~isa.iow_n.i),
            low.write_data.eq(isa.d.i[:8]),
        ]
        if self._high_pages:
            m.submodules.high_pages = high = AtPages()
            every.append(high)
            m.d.comb += [
                high.write.eq((at_pages | at_high_pages) & ~isa.iow_n.i),
                high.write_data.eq(Mux(at_high_pages, isa.d.i[:8], 0)),
            ]
        for pages in every:
            m.d.comb += [
                pages.port.eq(isa.a.i[:4]),
                pages.select.eq(select.register),
                pages.dma.eq((self.hlda | addressing) & isa.master_n),
            ]
        # DB carries A8-A15 while ADSTB is high, and stays off the bus then. Of a chip that is not spoken to it is 0.
        m.d.comb += [
            isa.d.o.eq(at_pages.replicate(8) & low.page | dma1.db.o | dma2.db.o),
            isa.d.oe.eq(
                (dma1.db.oe & ~dma1.adstb) | (dma2.db.oe & ~dma2.adstb) | ((at_pages | at_high_pages) & ~isa.ior_n.i)
            ),
        ]
        if self._high_pages:
            with m.If(at_high_pages):
                m.d.comb += isa.d.o.eq(high.page)
        return low.page, (high.page if self._high_pages else 0)

    def _form_the_address(self, m, refresh, page, high_page):
        isa, (dma1, dma2) = self.isa, self.chips
        m.submodules.latch = latch = self.latch
        m.submodules.address = address = AtAddress(high_pages=self._high_pages)
        refreshing = refresh.active if refresh else 0
        m.d.comb += [
            latch.adstb.eq(dma1.adstb | dma2.adstb),
            latch.db.eq(Mux(dma2.aen, dma2.high, dma1.high)),
            address.words.eq(dma2.aen),
            address.low.eq(Mux(dma2.aen, dma2.a.o, dma1.a.o)),
            address.high.eq(latch.high),
            address.page.eq(page),
            address.high_page.eq(high_page),
            isa.a.o.eq(address.address),
            isa.a.oe.eq((dma1.a.oe | dma2.a.oe | refreshing) & isa.master_n),
            isa.sbhe_n.o.eq(address.sbhe_n),
            isa.sbhe_n.oe.eq(isa.a.oe),
        ]
        if refresh:
            with m.If(refreshing):
                m.d.comb += [address.low.eq(refresh.row), address.high.eq(0)]

    def _drive_strobes(self, m, refresh):
        isa, (dma1, dma2) = self.isa, self.chips
        m.submodules.waits = waits = self._waits
        m.d.comb += [
            waits.clk_fall.eq(self.clk_fall),
            waits.iochrdy.eq(isa.iochrdy),
            isa.tc.eq(dma1.eop_n.oe | dma2.eop_n.oe),
            dma1.ready.eq(waits.ready),
            dma2.ready.eq(waits.ready),
        ]
        low = Signal(len(STROBES))
        for bit, line, one, two in zip(low, strobes(isa), strobes(dma1), strobes(dma2), strict=True):
            m.d.comb += [
                bit.eq((one.oe & ~one.o) | (two.oe & ~two.o)),
                line.o.eq(~bit),
                line.oe.eq(isa.a.oe),
            ]
        m.d.comb += waits.strobe.eq(dma1.strobing | dma2.strobing)
        if refresh:
            with m.If(~refresh.memr_n):
                m.d.comb += isa.memr_n.o.eq(0)
