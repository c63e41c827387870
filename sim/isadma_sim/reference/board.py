"""The PC/AT's DMA board: two cascaded 8237As, page registers, the wait state, on the ISA bus; one call per clock."""

# Ref: IBM PC/AT technical reference; the project's clock contract, "The AT board".

from __future__ import annotations

from isadma_sim.reference.chip import Chip
from isadma_sim.reference.pages import Pages
from isadma_sim.reference.pins import BoardInputs, BoardOutputs, ChipInputs
from isadma_sim.reference.refresh import Refresh
from isadma_sim.reference.regs import DMA1_BASE, DMA1_END, DMA2_BASE, DMA2_END, IO_DECODE, REFRESH_PAGE
from isadma_sim.reference.waits import WaitStates

_DMA2_CHANNELS = 0b1110
"""DMA 2's own channels, 5-7; its channel 0 is the cascade."""
_DACK4_HIGH = 0x10


class AtBoard:
    """DMA 1 (bytes, channels 0-3), DMA 2 (words, channels 5-7, cascade on 4) and what ties them to the bus.

    Parameters
    ----------
    wait_states : int
        SW in every transfer of normal timing, 0 to 7; the PC/AT has 1.
    variant : {"nmos", "cmos"}
        Which chips; see `Chip`.
    undefined_read : int
        See `Chip`.
    refresh : bool
        Whether rising edges of OUT1 make refresh cycles.

    Raises
    ------
    ValueError
        On any other `wait_states`, or what `Chip` refuses.

    Attributes
    ----------
    dma1, dma2 : Chip
        The two controllers.
    pages : Pages
        The page registers.
    refresh : Refresh or None
        What makes refresh cycles, with `refresh`.
    """

    __slots__ = (
        "_address_high",
        "_hlda1",
        "_in1",
        "_in2",
        "_out",
        "_waits",
        "dma1",
        "dma2",
        "pages",
        "refresh",
    )

    def __init__(
        self, *, wait_states: int = 1, variant: str = "nmos", undefined_read: int = 0xFF, refresh: bool = False
    ) -> None:
        self._waits = WaitStates(wait_states)
        self.dma1 = Chip(variant=variant, undefined_read=undefined_read)
        self.dma2 = Chip(variant=variant, undefined_read=undefined_read)
        self.pages = Pages()
        self.refresh = Refresh() if refresh else None
        self._in1, self._in2 = ChipInputs(), ChipInputs()
        self._out = BoardOutputs()
        self._hlda1 = 0
        self._address_high = 0

    def outputs(self, pins: BoardInputs | None = None) -> BoardOutputs:
        """Return what this clock shows.

        Parameters
        ----------
        pins : BoardInputs, optional
            This clock's inputs; needed only for the data of a CPU's read.

        Returns
        -------
        BoardOutputs
            The board's own object: it changes with the next call, so copy what you keep.
        """
        out = self._out
        if out.a_oe:
            return out
        if pins is not None and not pins.ior_n:
            value = self._read(pins)
            out.d_oe = 0 if value is None else 1
            out.d = value or 0
        else:
            out.d_oe = 0
        return out

    def _read(self, pins: BoardInputs) -> int | None:
        if self.pages.selected(pins.a):
            return self.pages.read(pins.a)
        self._connect(pins)
        for chip, inputs in ((self.dma1, self._in1), (self.dma2, self._in2)):
            shown = chip.outputs(inputs)
            if shown.db_oe:
                return shown.db
        return None

    def clock(self, pins: BoardInputs) -> None:
        """End this clock: sample `pins` as they were during it, and go on to the next."""
        driven, aen = self._out.a_oe, self._out.aen
        self._connect(pins)
        one, two = self.dma1, self.dma2
        hlda1 = 1 ^ (two.pins.dack & 1)
        self._waits.clock(one.pins if one.pins.aen else two.pins)
        self.pages.clock(pins, aen)
        if self.refresh is not None:
            self.refresh.clock(pins, two.pins.hrq)
        one.clock(self._in1)
        two.clock(self._in2)
        self._hlda1 = 0 if pins.reset else hlda1
        self._show(driven)

    def _connect(self, pins: BoardInputs) -> None:
        in1, in2 = self._in1, self._in2
        in1.reset = in2.reset = pins.reset
        in1.hlda = self._hlda1
        in2.hlda = pins.hlda and (self.refresh is None or self.refresh.dma_may)
        in1.ready = in2.ready = pins.iochrdy and self._waits.ready
        in1.dreq = pins.drq & 0xF
        in2.dreq = pins.drq >> 4 & _DMA2_CHANNELS | self.dma1.pins.hrq
        in1.ior_n = in2.ior_n = pins.ior_n
        in1.iow_n = in2.iow_n = pins.iow_n
        in1.db = in2.db = pins.d & 0xFF
        in1.cs_n = in2.cs_n = 1
        if not (pins.ior_n and pins.iow_n) and not self._out.aen:
            port = pins.a & IO_DECODE
            if DMA1_BASE <= port < DMA1_END:
                in1.cs_n = 0
                in1.a = port - DMA1_BASE
            elif DMA2_BASE <= port < DMA2_END:
                in2.cs_n = 0
                in2.a = (port - DMA2_BASE) >> 1

    # What the next clock shows

    def _show(self, was_driven: int) -> None:
        out, one, two = self._out, self.dma1.pins, self.dma2.pins
        out.hrq = two.hrq
        out.dack_n = one.dack | (two.dack & _DMA2_CHANNELS) << 4 | _DACK4_HIGH
        out.state1 = one.state
        out.state2 = two.state
        if one.aen:
            self._show_cycle(self.dma1, words=False)
        elif two.aen:
            self._show_cycle(self.dma2, words=True)
        elif was_driven:
            out.aen = out.a_oe = out.strobes_oe = out.d_oe = out.tc = 0
            out.ior_n = out.iow_n = out.memr_n = out.memw_n = out.sbhe_n = 1
        if self.refresh is not None:
            self._show_refresh(self.refresh)

    def _show_refresh(self, refresh: Refresh) -> None:
        out = self._out
        out.refresh_n = int(not refresh.active)
        if not refresh.dma_may:
            out.hrq = int(refresh.hrq)
        if refresh.active:
            out.a_oe = out.strobes_oe = 1
            out.memr_n = int(not refresh.reads)
            out.a = self.pages.read(REFRESH_PAGE) << 16 | refresh.row
            out.sbhe_n = 1 ^ (refresh.row & 1)

    def _show_cycle(self, chip: Chip, *, words: bool) -> None:
        out, pins = self._out, chip.pins
        out.aen = out.a_oe = out.strobes_oe = 1
        out.ior_n, out.iow_n, out.memr_n, out.memw_n = pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n
        out.tc = pins.eop_oe
        if pins.adstb:
            self._address_high = pins.db << 8  # a transparent latch: new while ADSTB is high, held after
            out.d_oe = 0  # A8-A15 stay on the chip's own data bus
        else:
            out.d_oe = pins.db_oe  # memory-to-memory's second half
            out.d = pins.db
        address = self._address_high | pins.a
        if words:
            out.a = (self.pages.of_channel(chip.channel + 4) & 0xFE) << 16 | address << 1
            out.sbhe_n = 0
        else:
            out.a = self.pages.of_channel(chip.channel) << 16 | address
            out.sbhe_n = 1 ^ (address & 1)
