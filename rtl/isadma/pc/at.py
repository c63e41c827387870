"""The PC/AT's DMA subsystem: two 8237As, cascaded, with page registers, wait states and the ISA bus."""

# Ref: IBM PC AT Technical Reference, system board; Intel 8237A data sheet 231466-005;
# docs/decisions/0001-the-clock-contract.md.

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.i8237 import I8237

from .address import AddressLatch, AtAddress
from .cascade import Cascade
from .isa import IsaBus
from .pages import AtPages, PageSelect
from .ports import Window
from .wait_states import WaitStates

__all__ = ["PcAt"]

#: I/O addresses are decoded on A0-A9, as ISA cards do: every port is there again each 400h.
DECODED = 10


class PcAt(wiring.Component):
    """The PC/AT's DMA: channels 0-3 move bytes, channels 5-7 words, channel 4 is the cascade between the chips.

    The processor sees DMA 1 at ports 00h-0Fh, DMA 2 at C0h-DFh (two ports a register) and the page registers at
    80h-8Fh. Software has to put channel 4 into cascade mode (write C0h to port D6h) and unmask it (00h to port D4h),
    as every BIOS does at power-up, before a channel of DMA 1 gets the bus.

    Parameters
    ----------
    wait_states : int
        Wait states of every DMA transfer in normal timing, 0 to 7. The AT has one.
    variant : str
        ``"nmos"`` (8237A) or ``"cmos"`` (82C37A, with its read-back map).
    undefined_read : int
        What the 8237A's illegal reads return, 00h to FFh.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    """

    #: State boundary: the end of this clock is the chips' CLK falling edge. Tie to 1, with clk_rise, for one state
    #: per clock.
    clk_fall: In(1)
    #: Mid-state: the end of this clock is the chips' CLK rising edge.
    clk_rise: In(1)
    #: Resets both chips, high. Page registers keep what they hold.
    reset: In(1)
    #: HOLD to the processor, high: the board wants the bus.
    hrq: Out(1)
    #: Hold acknowledge, high: the processor has let go of address, data and strobes, and waits until HRQ falls.
    hlda: In(1)
    #: The bus.
    isa: Out(IsaBus())

    def __init__(self, *, wait_states=1, variant="nmos", undefined_read=0xFF):
        self._dma1 = I8237(variant=variant, undefined_read=undefined_read)
        self._dma2 = I8237(variant=variant, undefined_read=undefined_read)
        self._waits = WaitStates(wait_states)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        isa = self.isa
        m.submodules.dma1 = dma1 = self._dma1
        m.submodules.dma2 = dma2 = self._dma2
        m.submodules.cascade = cascade = Cascade()
        m.submodules.waits = waits = self._waits
        m.submodules.page_select = select = PageSelect()
        m.submodules.pages = pages = AtPages()
        m.submodules.latch = latch = AddressLatch()
        m.submodules.address = address = AtAddress()

        # Who has the bus.
        m.d.comb += [
            cascade.clk_fall.eq(self.clk_fall),
            cascade.reset.eq(self.reset),
            cascade.hrq1.eq(dma1.hrq),
            cascade.drq.eq(isa.drq[5:]),
            cascade.dack2_n.eq(dma2.dack[0]),
            dma1.dreq.eq(isa.drq[:4]),
            dma2.dreq.eq(cascade.dreq2),
            dma1.hlda.eq(cascade.hlda1),
            dma2.hlda.eq(self.hlda),
            self.hrq.eq(dma2.hrq),
            isa.aen.eq(dma1.aen | dma2.aen),
            isa.dack_n.eq(dma1.dack | (dma2.dack << 4) | 0x10),
            isa.refresh_n.eq(1),
        ]

        # The processor's ports. AEN keeps a controller from taking the other one's transfer for an access to itself.
        port = isa.a.i[:DECODED]
        at_dma1, at_dma2, at_pages, read_page = Signal(), Signal(), Signal(), Signal()
        m.d.comb += [
            at_dma1.eq(~isa.aen & (port[4:] == Window.DMA1 >> 4)),
            at_dma2.eq(~isa.aen & (port[5:] == Window.DMA2 >> 5)),
            at_pages.eq(~isa.aen & (port[4:] == Window.PAGES >> 4)),
            dma1.a.i.eq(port[:4]),
            dma2.a.i.eq(port[1:5]),
            dma1.cs_n.eq(~at_dma1),
            dma2.cs_n.eq(~at_dma2),
            read_page.eq(at_pages & ~isa.ior_n.i),
            pages.port.eq(port[:4]),
            pages.write.eq(at_pages & ~isa.iow_n.i),
            pages.write_data.eq(isa.d.i[:8]),
        ]
        for dma in (dma1, dma2):
            m.d.comb += [
                dma.clk_fall.eq(self.clk_fall),
                dma.clk_rise.eq(self.clk_rise),
                dma.reset.eq(self.reset),
                dma.ready.eq(waits.ready),
                dma.ior_n.i.eq(isa.ior_n.i),
                dma.iow_n.i.eq(isa.iow_n.i),
                dma.db.i.eq(isa.d.i[:8]),
                dma.eop_n.i.eq(1),  # the AT drives TC only: no card can end a service
            ]

        # Data: DB carries A8-A15 while ADSTB is high, and stays off the bus then.
        m.d.comb += [
            isa.d.o.eq(Mux(dma1.db.oe, dma1.db.o, Mux(dma2.db.oe, dma2.db.o, pages.page))),
            isa.d.oe.eq((dma1.db.oe & ~dma1.adstb) | (dma2.db.oe & ~dma2.adstb) | read_page),
        ]

        # The address.
        words = dma2.aen
        m.d.comb += [
            select.dack1_n.eq(dma1.dack),
            select.dack2_n.eq(dma2.dack),
            select.words.eq(words),
            pages.select.eq(select.register),
            pages.dma.eq(isa.aen),
            latch.adstb.eq(dma1.adstb | dma2.adstb),
            latch.db.eq(Mux(words, dma2.db.o, dma1.db.o)),
            address.words.eq(words),
            address.low.eq(Mux(words, dma2.a.o, dma1.a.o)),
            address.high.eq(latch.high),
            address.page.eq(pages.page),
            isa.a.o.eq(address.address),
            isa.a.oe.eq(dma1.a.oe | dma2.a.oe),
            isa.sbhe_n.o.eq(address.sbhe_n),
            isa.sbhe_n.oe.eq(isa.a.oe),
        ]

        # Strobes, wait states, terminal count.
        low = []
        for name in ("ior_n", "iow_n", "memr_n", "memw_n"):
            line, one, two = (getattr(bus, name) for bus in (isa, dma1, dma2))
            m.d.comb += [
                line.o.eq((one.o | ~one.oe) & (two.o | ~two.oe)),
                line.oe.eq(one.oe | two.oe),
            ]
            low.append(~line.o)
        m.d.comb += [
            waits.clk_fall.eq(self.clk_fall),
            waits.strobe.eq(low[0] | low[1] | low[2] | low[3]),
            waits.iochrdy.eq(isa.iochrdy),
            isa.tc.eq(dma1.eop_n.oe | dma2.eop_n.oe),
        ]
        return m
