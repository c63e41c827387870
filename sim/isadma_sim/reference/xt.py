"""The PC/XT's DMA board: one 8237A, 4-bit pages, refresh on channel 0, the wait state; one call per clock."""

# Ref: IBM 5150 and 5160 netlists and technical references, as in facts 6.1 and 6.3; row 31 of section 8 (AEN).

from __future__ import annotations

from isadma_sim.reference.chip import Chip
from isadma_sim.reference.pins import BoardInputs, BoardOutputs, ChipInputs
from isadma_sim.reference.regs import (
    IO_DECODE,
    XT_DMA_BASE,
    XT_DMA_END,
    XT_PAGE_BITS,
    XT_PAGES_BASE,
    XT_PAGES_END,
)
from isadma_sim.reference.waits import WaitStates

_REFRESH = 0
"""Channel that refreshes memory; its DREQ is the board's own latch."""
_DACK4_TO_7 = 0xF0


class XtBoard:
    """One 8237A (bytes, channels 0-3, no cascade) with the page registers and the refresh latch of a PC/XT.

    Parameters
    ----------
    wait_states : int
        SW in every transfer of channels 1-3 in normal timing, 0 to 7; the PC/XT has 1. Refresh has none.
    variant : {"nmos", "cmos"}
        Which chip; see `Chip`.
    undefined_read : int
        See `Chip`.

    Raises
    ------
    ValueError
        On `wait_states` out of range, or what `Chip` refuses.

    Attributes
    ----------
    dma1 : Chip
        The controller.
    pages : list of int
        The four page registers (4 bits each), by port address bits 1-0. They do not read.
    dreq0 : int
        The refresh request latch.
    """

    __slots__ = (
        "_address_high",
        "_dma_wait",
        "_in",
        "_index",
        "_out",
        "_out1",
        "_value",
        "_waits",
        "_writing",
        "dma1",
        "dreq0",
        "pages",
    )

    def __init__(self, *, wait_states: int = 1, variant: str = "nmos", undefined_read: int = 0xFF) -> None:
        self._waits = WaitStates(wait_states)
        self.dma1 = Chip(variant=variant, undefined_read=undefined_read)
        self.pages = [0] * 4
        self.dreq0 = 0
        self._in = ChipInputs()
        self._out = BoardOutputs()
        self._out1 = 1  # high from power-up on is no edge
        self._address_high = 0
        self._dma_wait = 0
        self._writing = False
        self._index = self._value = 0

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
        if out.aen:
            return out
        out.d_oe = 0
        if pins is not None and not pins.ior_n:
            self._connect(pins)
            shown = self.dma1.outputs(self._in)
            if shown.db_oe:
                out.d_oe = 1
                out.d = shown.db
        return out

    def clock(self, pins: BoardInputs) -> None:
        """End this clock: sample `pins` as they were during it, and go on to the next."""
        out, chip = self._out, self.dma1
        aen, driven = out.aen, out.a_oe
        self._connect(pins)
        dack0 = not chip.pins.dack >> _REFRESH & 1
        self._waits.clock(chip.pins, counts=not dack0)
        self._write_page(pins, aen)
        self._latch_refresh(pins, dack0)
        chip.clock(self._in)
        # AEN is HOLDA a clock later, DMA WAIT is AEN a clock later: the chip's own AEN pin is not connected.
        self._dma_wait = 0 if pins.reset else aen
        out.aen = 0 if pins.reset else pins.hlda
        self._show(driven)

    def _connect(self, pins: BoardInputs) -> None:
        chip = self._in
        chip.reset = pins.reset
        chip.hlda = pins.hlda
        chip.ready = pins.iochrdy and (self._waits.ready or not self.dma1.pins.dack & 1 << _REFRESH)
        chip.dreq = pins.drq & 0b1110 | self.dreq0 << _REFRESH
        chip.ior_n = pins.ior_n
        chip.iow_n = pins.iow_n
        chip.db = pins.d & 0xFF
        chip.cs_n = 1
        if not (pins.ior_n and pins.iow_n) and not self._out.aen:
            port = pins.a & IO_DECODE
            if XT_DMA_BASE <= port < XT_DMA_END:
                chip.cs_n = 0
                chip.a = port & 0xF

    def _latch_refresh(self, pins: BoardInputs, dack0: bool) -> None:
        # Set by the rising edge of OUT1, held clear while DACK0# is low; RESET does not reach it.
        if dack0:
            self.dreq0 = 0
        elif pins.out1 and not self._out1:
            self.dreq0 = 1
        self._out1 = pins.out1

    def _write_page(self, pins: BoardInputs, aen: int) -> None:
        if not pins.iow_n:
            if not aen and XT_PAGES_BASE <= pins.a & IO_DECODE < XT_PAGES_END:
                self._writing = True
                self._index = pins.a & 3
                self._value = pins.d & XT_PAGE_BITS
        elif self._writing:
            self._writing = False
            self.pages[self._index] = self._value

    def _show(self, was_driven: int) -> None:
        out, pins = self._out, self.dma1.pins
        out.hrq = pins.hrq
        out.dack_n = _DACK4_TO_7 | pins.dack
        out.refresh_n = pins.dack >> _REFRESH & 1  # slot pin B19 is DACK0#: it is what refreshes
        out.state1 = pins.state
        if pins.adstb:
            self._address_high = pins.db << 8
        if pins.aen and out.aen and self._dma_wait:
            self._show_cycle()
        elif was_driven:
            out.a_oe = out.strobes_oe = out.d_oe = out.tc = 0
            out.ior_n = out.iow_n = out.memr_n = out.memw_n = out.sbhe_n = 1

    def _show_cycle(self) -> None:
        out, pins = self._out, self.dma1.pins
        out.a_oe = out.strobes_oe = 1
        out.ior_n, out.iow_n, out.memr_n, out.memw_n = pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n
        out.tc = pins.eop_oe
        out.d_oe = int(pins.db_oe and not pins.adstb)  # A8-A15 stay on the chip's own data bus
        out.d = pins.db
        # 74LS670 read select: RA = DACK3#, RB = DACK2#; so channels 0 and 1 share 83h, and 80h never comes out.
        page = self.pages[pins.dack >> 3 & 1 | (pins.dack >> 2 & 1) << 1]
        out.a = page << 16 | self._address_high | pins.a
