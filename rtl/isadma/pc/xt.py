"""The PC/XT's DMA subsystem: one 8237A, four-bit pages, refresh on channel 0, the one wait state."""

# Ref: IBM PC/XT Technical Reference, system board (U35, U19, U98); netlist of the IBM 5150 (AEN, see `hold_xt`);
#      Intel 8237A data sheet 231466-005.

from amaranth import Cat, Const, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.i8237 import I8237

from .address import AddressLatch
from .hold_xt import BusOwner
from .isa import STROBES, IsaBus, strobes
from .pages import XtPages
from .ports import Window
from .refresh import RefreshRequest
from .wait_states import WaitStates

__all__ = ["PcXt"]

#: I/O addresses are decoded on A0-A9.
DECODED = 10
#: A5-A9 choose a block of thirty-two ports.
BLOCK = 5


class PcXt(wiring.Component):
    """The PC/XT's DMA: four channels of bytes, of which channel 0 refreshes the memory.

    The processor sees the 8237A at ports 00h-0Fh and again at 10h-1Fh, and writes the page registers at 80h-83h,
    again each four ports through 9Fh; they do not read. Channels 1-3 get the board's wait state in every transfer,
    channel 0 none: five and four clocks.

    AEN of the slot is not the chip's: it is HLDA through a flip-flop, clocked at every state boundary. Address and
    strobes are on the slot with AEN from one state later on, so with DACK and not in the first S1 of a service.

    Parameters
    ----------
    wait_states : int
        Wait states of every transfer of channels 1-3 in normal timing, 0 to 7. The PC/XT has one.
    variant : str
        ``"nmos"`` (8237A) or ``"cmos"`` (82C37A, with its read-back map).
    undefined_read : int
        What the 8237A's illegal reads return, 00h to FFh.
    memory, mode_memory, uninitialized_memory
        The chip's memories, see `I8237`.

    Attributes
    ----------
    chip : I8237
        The controller, for whoever looks inside: waveforms and proofs.
    pages, latch : XtPages, AddressLatch
        The page registers, and A15-A8.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    """

    #: State boundary: the end of this clock is the chip's CLK falling edge. Tie to 1, with clk_rise, for one state
    #: per clock.
    clk_fall: In(1)
    #: Mid-state: the end of this clock is the chip's CLK rising edge.
    clk_rise: In(1)
    #: Resets the chip, high. Page registers keep what they hold.
    reset: In(1)
    #: HOLD to the processor, high: the board wants the bus.
    hrq: Out(1)
    #: Hold acknowledge, high: the processor has let go of address, data and strobes, and waits until HRQ falls. A
    #: processor without one, an 8088 in maximum mode, gets it from `HoldXt`.
    hlda: In(1)
    #: OUT of the timer's counter 1: its rising edge asks for a refresh cycle.
    out1: In(1)
    #: The bus. A23-A20 are 0, D8-D15 not used, DRQ0 and DRQ4-7 not on it. REFRESH# is DACK0#, as on the slot (B19).
    isa: Out(IsaBus())

    def __init__(
        self,
        *,
        wait_states=1,
        variant="nmos",
        undefined_read=0xFF,
        memory=None,
        mode_memory=None,
        uninitialized_memory=False,
    ):
        self._waits = WaitStates(wait_states)
        self.chip = I8237(
            variant=variant,
            undefined_read=undefined_read,
            memory=memory,
            mode_memory=mode_memory,
            uninitialized_memory=uninitialized_memory,
        )
        self.pages, self.latch = XtPages(), AddressLatch()
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        isa = self.isa
        m.submodules.dma = dma = self.chip
        m.submodules.owner = owner = BusOwner()
        m.submodules.waits = waits = self._waits
        m.submodules.refresh = refresh = RefreshRequest()
        m.submodules.pages = pages = self.pages
        m.submodules.latch = latch = self.latch

        # Who has the bus. DACK0# clears the request that it serves, so it is low for the rest of the cycle.
        m.d.comb += [
            refresh.out1.eq(self.out1),
            refresh.clear.eq(~dma.dack[0]),
            dma.dreq.eq(Cat(refresh.request, isa.drq[1:4])),
            dma.hlda.eq(self.hlda),
            self.hrq.eq(dma.hrq),
            owner.cpu_rise.eq(self.clk_fall),
            owner.reset.eq(self.reset),
            owner.holda.eq(self.hlda),
            isa.aen.eq(owner.aen),
            isa.dack_n.eq(Cat(dma.dack, Const(0xF, 4))),
            isa.refresh_n.eq(dma.dack[0]),
        ]

        # The processor's ports.
        port = isa.a.i[:DECODED]
        at_dma = Signal()
        at_pages = Signal()
        m.d.comb += [
            at_dma.eq(~isa.aen & (port[BLOCK:] == Window.DMA1 >> BLOCK)),
            at_pages.eq(~isa.aen & (port[BLOCK:] == Window.PAGES >> BLOCK)),
            dma.clk_fall.eq(self.clk_fall),
            dma.clk_rise.eq(self.clk_rise),
            dma.reset.eq(self.reset),
            dma.cs_n.eq(~at_dma),
            dma.a.i.eq(port[:4]),
            dma.ior_n.i.eq(isa.ior_n.i),
            dma.iow_n.i.eq(isa.iow_n.i),
            dma.db.i.eq(isa.d.i[:8]),
            dma.eop_n.i.eq(1),  # T/C is an output of this board
            pages.port.eq(port[:2]),
            pages.write.eq(at_pages & ~isa.iow_n.i),
            pages.write_data.eq(isa.d.i[:4]),
            isa.d.o.eq(dma.db.o),
            isa.d.oe.eq(dma.db.oe & ~dma.adstb),  # A8-A15 stay off the bus
        ]

        # Address, strobes, terminal count.
        m.d.comb += [
            pages.dack_n.eq(dma.dack[2:]),
            latch.adstb.eq(dma.adstb),
            latch.db.eq(dma.db.o),
            isa.a.o.eq(Cat(dma.a.o, latch.high, pages.page)),
            isa.a.oe.eq(dma.a.oe & owner.dma_drives),
            isa.sbhe_n.o.eq(1),
            isa.sbhe_n.oe.eq(isa.a.oe),
            isa.tc.eq(dma.eop_n.oe),
        ]
        low = Signal(len(STROBES))
        for bit, line, pin in zip(low, strobes(isa), strobes(dma), strict=True):
            m.d.comb += [line.o.eq(pin.o | ~pin.oe), line.oe.eq(pin.oe & owner.dma_drives), bit.eq(~line.o)]

        # READY: a refresh passes at once, unless a card holds the bus.
        m.d.comb += [
            waits.clk_fall.eq(self.clk_fall),
            waits.strobe.eq(low.any()),
            waits.iochrdy.eq(isa.iochrdy),
            dma.ready.eq(waits.ready | (~dma.dack[0] & isa.iochrdy)),
        ]
        return m
