"""A text adapter: the CGA or the MDA by its 6845, mode and status registers. Its memory is the machine's."""

# Ref: IBM Color/Graphics Monitor Adapter and IBM Monochrome Display and Printer Adapter (6322507); MC6845 data sheet.

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

from isadma_sim.devices.display import regs
from isadma_sim.devices.display.regs import Crtc, Kind, Mode, Status
from isadma_sim.machine.device import Device

__all__ = ["TextAdapter"]

_XT_CLOCK_HZ, _EXACT_XT_CLOCK_HZ = 4_772_727, Fraction(315_000_000, 22 * 3)


class TextAdapter(Device):
    """A CGA (3D0h, memory at B8000h) or an MDA (3B0h, memory at B0000h).

    Parameters
    ----------
    kind : str
        ``"cga"`` or ``"mda"``.

    Attributes
    ----------
    crtc : list of int
        The 6845's registers.
    mode, colour : int
        Mode control and, on a CGA, colour select.

    Notes
    -----
    Characters and attributes lie in the machine's memory, where the processor and DMA find them; an adapter's own
    memory repeats in its window, and here it does not. Where the beam is follows from the machine's clock: the frame
    began at clock 0, and begins anew nowhere else when registers change (choice). The MDA's printer port is not here.
    """

    def __init__(self, kind: Kind = "cga") -> None:
        if kind not in get_args(Kind):
            raise ValueError(f"no adapter {kind!r}: use {' or '.join(get_args(Kind))}")
        self.kind: Kind = kind
        self.name = f"{kind.upper()} adapter"
        self.ports = regs.PORTS[kind]
        self.crtc = [0] * len(regs.MASKS)
        self._clear()

    def _clear(self) -> None:
        self._index = 0
        self.mode = self.colour = 0
        self._pen = False
        self._gauge()

    def _gauge(self) -> None:
        """Work out how many characters pass in a clock, as two whole numbers."""
        hertz = self.lines.clock_hz
        exact = _EXACT_XT_CLOCK_HZ if hertz == _XT_CLOCK_HZ else Fraction(hertz)
        self._passing, self._in_clocks = (self.characters / exact).as_integer_ratio()

    def reset(self) -> None:
        """Bus RESET: the picture is off; the 6845's registers stay as they are."""
        self._clear()

    # ---------------------------------------------------------------- the beam
    @property
    def characters(self) -> Fraction:
        """Characters a second."""
        rate = regs.CHARACTERS[self.kind]
        return rate if self.kind == "mda" or self.mode & Mode.COLUMNS_80 else rate / 2

    @property
    def lines_in_frame(self) -> int:
        """Scan lines of a frame, those of the retrace among them."""
        return (self.crtc[Crtc.V_TOTAL] + 1) * (self.crtc[Crtc.MAX_SCAN_LINE] + 1) + self.crtc[Crtc.V_ADJUST]

    @property
    def beam(self) -> tuple[int, int]:
        """Character in the scan line, and scan line in the frame."""
        gone = self.lines.clock * self._passing // self._in_clocks
        width = self.crtc[Crtc.H_TOTAL] + 1
        return gone % width, gone // width % self.lines_in_frame

    @property
    def displaying(self) -> bool:
        """Whether the beam draws characters: neither border nor retrace."""
        across, down = self.beam
        return across < self.crtc[Crtc.H_DISPLAYED] and down < self.crtc[Crtc.V_DISPLAYED] * (
            self.crtc[Crtc.MAX_SCAN_LINE] + 1
        )

    @property
    def vertical_sync(self) -> bool:
        """Whether the beam returns to the top."""
        first = self.crtc[Crtc.V_SYNC] * (self.crtc[Crtc.MAX_SCAN_LINE] + 1)
        return (self.beam[1] - first) % self.lines_in_frame < regs.V_SYNC_LINES

    @property
    def horizontal_sync(self) -> bool:
        """Whether the beam returns to the left."""
        width = self.crtc[Crtc.SYNC_WIDTH] or 16
        return (self.beam[0] - self.crtc[Crtc.H_SYNC]) % (self.crtc[Crtc.H_TOTAL] + 1) < width

    # ---------------------------------------------------------------- ports
    def io_read(self, port: int) -> int:
        """Read the 6845's readable registers, or status."""
        offset = port & 0xF
        if offset < regs.CRTC_PORTS:
            readable = offset & 1 and self._index in regs.READABLE
            return self.crtc[self._index] if readable else 0xFF if not offset & 1 else 0
        return self._status if offset == regs.STATUS else 0xFF

    @property
    def _status(self) -> int:
        status = Status.OPEN | Status.PEN_SWITCH_OPEN
        if self.kind == "mda":
            # The dots themselves: no character generator here, so video is on where the beam draws (choice).
            drawing = bool(self.mode & Mode.ENABLE) and self.displaying
            return int(status | Status.PEN_TRIGGERED) | (1 if self.horizontal_sync else 0) | (8 if drawing else 0)
        if not self.displaying:
            status |= Status.NOT_DISPLAYING
        if self.vertical_sync:
            status |= Status.VERTICAL_SYNC
        if self._pen:
            status |= Status.PEN_TRIGGERED
        return int(status)

    def io_write(self, port: int, value: int) -> None:
        """Write the 6845, mode, colour, or the light pen's latch."""
        offset = port & 0xF
        if offset < regs.CRTC_PORTS:
            if not offset & 1:
                self._index = value & 0x1F
            elif self._index < len(regs.MASKS) and regs.MASKS[self._index]:
                self.crtc[self._index] = value & regs.MASKS[self._index]
        elif offset == regs.MODE:
            self.mode = value & (0x3F if self.kind == "cga" else Mode.COLUMNS_80 | Mode.ENABLE | Mode.BLINK)
            self._gauge()
        elif self.kind == "cga" and offset == regs.COLOUR:
            self.colour = value & 0x3F
        elif self.kind == "cga" and offset in (regs.CLEAR_PEN, regs.SET_PEN):
            self._pen = offset == regs.SET_PEN

    # ---------------------------------------------------------------- saved
    def save_state(self) -> Any:
        """Return its registers in JSON's values."""
        return {"crtc": [*self.crtc], "index": self._index, "mode": self.mode, "colour": self.colour, "pen": self._pen}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self.crtc[:] = state["crtc"]
        self._index, self.mode, self.colour, self._pen = (state[name] for name in ("index", "mode", "colour", "pen"))
        self._gauge()
