"""What a text adapter shows: rows of characters with their attributes, and the cursor."""

# Ref: IBM Color/Graphics Monitor Adapter and IBM Monochrome Display and Printer Adapter (6322507): attributes.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from isadma_sim.devices.display import regs
from isadma_sim.devices.display.adapter import TextAdapter
from isadma_sim.devices.display.regs import Crtc, Kind, Mode

__all__ = ["Colours", "Page", "colours_of", "page_of"]

#: Glyphs of the character generator's codes 0 to 1Fh; Python's cp437 has the rest.
_LOW = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"
GLYPHS = tuple(_LOW) + tuple(bytes(range(0x20, 0x7F)).decode("ascii")) + ("⌂",)
GLYPHS += tuple(bytes(range(0x80, 0x100)).decode("cp437"))

#: The sixteen colours of a CGA on IBM's 5153, red, green, blue.
_HALF = [(170 * (c >> 2 & 1), 170 * (c >> 1 & 1), 170 * (c & 1)) for c in range(8)]
_HALF[6] = (170, 85, 0)  # brown: the monitor takes half of its green
CGA_COLOURS = (*_HALF, *((85 + 170 * (c >> 2 & 1), 85 + 170 * (c >> 1 & 1), 85 + 170 * (c & 1)) for c in range(8)))
_BLACK, _GREEN, _BRIGHT = (0, 0, 0), (0, 170, 0), (85, 255, 85)


class Colours(NamedTuple):
    """How a character looks.

    Attributes
    ----------
    ink, paper : tuple of int
        Red, green, blue.
    underline, blink : bool
        What the MDA and both do with it.
    """

    ink: tuple[int, int, int]
    paper: tuple[int, int, int]
    underline: bool = False
    blink: bool = False


def colours_of(attribute: int, kind: Kind, *, blinks: bool = True) -> Colours:
    """Return what an attribute byte means; `blinks`: bit 7 makes it blink, and is not the paper's intensity."""
    blink = bool(attribute & 0x80) and blinks
    if kind == "cga":
        paper = attribute >> 4 & (7 if blinks else 15)
        return Colours(CGA_COLOURS[attribute & 15], CGA_COLOURS[paper], False, blink)
    if attribute & 0x77 == 0:
        return Colours(_BLACK, _BLACK)
    if attribute & 0x77 == 0x70:
        return Colours(_BLACK, _GREEN, False, blink)
    return Colours(_BRIGHT if attribute & 8 else _GREEN, _BLACK, attribute & 7 == 1, blink)


@dataclass(frozen=True)
class Page:
    """A screen of text.

    Attributes
    ----------
    kind : str
        Of the adapter: ``"cga"`` or ``"mda"``.
    columns, rows : int
        Its size.
    cells : tuple of bytes
        A row each: code and attribute in turn.
    cursor : tuple of int or None
        Row and column; None when it is not on the screen, or off.
    blinks : bool
        What bit 7 of an attribute means.
    """

    kind: Kind
    columns: int
    rows: int
    cells: tuple[bytes, ...]
    cursor: tuple[int, int] | None = None
    blinks: bool = True

    @property
    def lines(self) -> list[str]:
        """The text, a string for each row, without the blanks at its end."""
        return ["".join(GLYPHS[code] for code in row[::2]).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        """All of it, without blank lines at the end."""
        return "\n".join(self.lines).rstrip("\n")


def page_of(adapter: TextAdapter, memory: Any) -> Page | None:
    """Return what an adapter shows of a machine's memory; None while the picture is off, or is graphics.

    Parameters
    ----------
    adapter : TextAdapter
        Its registers decide.
    memory : buffer
        Physical memory: ``pc.memory``, or the buffer that was given to the PC.
    """
    crtc = adapter.crtc
    columns, rows = crtc[Crtc.H_DISPLAYED], crtc[Crtc.V_DISPLAYED]
    if not adapter.mode & Mode.ENABLE or adapter.mode & Mode.GRAPHICS or not columns or not rows:
        return None
    base, size = regs.MEMORY[adapter.kind]
    video = bytes(memoryview(memory)[base : base + size])
    start = crtc[Crtc.START_HIGH] << 8 | crtc[Crtc.START_LOW]
    words = size // 2

    def row(number: int) -> bytes:
        first = (start + number * columns) % words * 2
        return (video + video)[first : first + 2 * columns].ljust(2 * columns, b"\0")

    place = ((crtc[Crtc.CURSOR_HIGH] << 8 | crtc[Crtc.CURSOR_LOW]) - start) & 0x3FFF
    visible = crtc[Crtc.CURSOR_START] & regs.CURSOR_MODE != regs.CURSOR_OFF and place < columns * rows
    cursor = divmod(place, columns) if visible else None
    blinks = bool(adapter.mode & Mode.BLINK)
    return Page(adapter.kind, columns, rows, tuple(row(number) for number in range(rows)), cursor, blinks)
