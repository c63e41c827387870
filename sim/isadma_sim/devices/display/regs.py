"""Every port, register and bit of the two text adapters; no behaviour."""

# Ref: IBM Color/Graphics Monitor Adapter and IBM Monochrome Display and Printer Adapter (Options and Adapters Technical
#      Reference, 6322507); Motorola MC6845 data sheet.

from __future__ import annotations

from enum import IntEnum, IntFlag
from fractions import Fraction
from typing import Final, Literal

Kind = Literal["cga", "mda"]


class Crtc(IntEnum):
    """Registers of the 6845."""

    H_TOTAL = 0
    H_DISPLAYED = 1
    H_SYNC = 2
    SYNC_WIDTH = 3
    V_TOTAL = 4
    V_ADJUST = 5
    V_DISPLAYED = 6
    V_SYNC = 7
    INTERLACE = 8
    MAX_SCAN_LINE = 9
    CURSOR_START = 10
    CURSOR_END = 11
    START_HIGH = 12
    START_LOW = 13
    CURSOR_HIGH = 14
    CURSOR_LOW = 15
    PEN_HIGH = 16
    PEN_LOW = 17


#: Bits that each register has.
MASKS: Final = (0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x1F, 0x7F, 0x7F, 0x03, 0x1F, 0x7F, 0x1F, 0x3F, 0xFF, 0x3F, 0xFF, 0, 0)
#: Registers that read: the cursor's address, and the light pen's.
READABLE: Final = (Crtc.CURSOR_HIGH, Crtc.CURSOR_LOW, Crtc.PEN_HIGH, Crtc.PEN_LOW)
#: Scan lines of vertical sync, which the MC6845 does not let be set.
V_SYNC_LINES: Final = 16
#: Bits 6-5 of the cursor's start: not displayed.
CURSOR_MODE: Final = 0x60
CURSOR_OFF: Final = 0x20


class Mode(IntFlag):
    """Mode control: 3D8h, and 3B8h, which has bits 0, 3 and 5."""

    COLUMNS_80 = 0x01
    GRAPHICS = 0x02
    BLACK_AND_WHITE = 0x04
    ENABLE = 0x08
    HIGH_RESOLUTION = 0x10
    BLINK = 0x20


class Status(IntFlag):
    """Status: 3DAh, and 3BAh, which has HORIZONTAL and VIDEO in bits 0 and 3. What is not connected reads 1."""

    NOT_DISPLAYING = 0x01
    PEN_TRIGGERED = 0x02
    PEN_SWITCH_OPEN = 0x04
    VERTICAL_SYNC = 0x08
    OPEN = 0xF0


#: Offsets in the sixteen ports of an adapter.
MODE: Final = 8
COLOUR: Final = 9
STATUS: Final = 10
CLEAR_PEN: Final = 11
SET_PEN: Final = 12
#: The 6845 answers in the first eight: even its index, odd its data.
CRTC_PORTS: Final = 8

#: First port, ports, address of its memory and bytes, and characters a second (80 columns).
PORTS: Final[dict[str, tuple[int, ...]]] = {"cga": tuple(range(0x3D0, 0x3DD)), "mda": tuple(range(0x3B0, 0x3BC))}
MEMORY: Final = {"cga": (0xB8000, 0x4000), "mda": (0xB0000, 0x1000)}
CHARACTERS: Final = {"cga": Fraction(315_000_000, 22) / 8, "mda": Fraction(16_257_000) / 9}
