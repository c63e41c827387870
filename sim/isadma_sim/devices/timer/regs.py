"""The 8254's codes: control word, access, read-back and status; and the bits of the system control port."""

# Ref: Intel 8254 data sheet, order no. 231164-005: figures 7 (control word), 11 (read-back), 12 (status byte);
#      IBM PC AT Technical Reference (1502494), port 61h; IBM PC/XT Technical Reference, 8255A ports B and C.

from __future__ import annotations

from enum import IntEnum, IntFlag
from fractions import Fraction

#: CLK of all three counters in hertz: the boards' 14.31818 MHz crystal (four times 315/88 MHz) by 12, 1.193182 MHz.
CLK_HZ = Fraction(315_000_000, 22 * 12)

COUNTERS = 3


class Address(IntEnum):
    """A1 and A0."""

    COUNTER_0 = 0
    COUNTER_1 = 1
    COUNTER_2 = 2
    CONTROL = 3


class Access(IntEnum):
    """Bits 5-4 of a control word."""

    LATCH = 0  # not an access: the count is latched
    LOW = 1
    HIGH = 2
    BOTH = 3  # low byte, then high byte


class Mode(IntEnum):
    """Bits 3-1 of a control word; 6 and 7 are 2 and 3 again."""

    TERMINAL_COUNT = 0
    ONE_SHOT = 1
    RATE = 2
    SQUARE = 3
    SOFTWARE_STROBE = 4
    HARDWARE_STROBE = 5


SELECT_SHIFT = 6
#: Bits 7-6 of a control word: not a counter, but the read-back command of the 8254.
READ_BACK = 3
ACCESS_SHIFT = 4
MODE_SHIFT = 1
#: Bits of a control word that the status byte gives back.
PROGRAMMED = 0x3F


class Control(IntFlag):
    """Bit 0 of a control word."""

    BCD = 0x01


class ReadBack(IntFlag):
    """Bits of a read-back command; bit 1 is counter 0."""

    NO_STATUS = 0x10
    NO_COUNT = 0x20


READ_BACK_SHIFT = 1


class Status(IntFlag):
    """Bits 7 and 6 of the status byte; the others are the control word's."""

    NULL_COUNT = 0x40
    OUT = 0x80


class PortB(IntFlag):
    """Port 61h."""

    GATE_2 = 0x01
    SPEAKER = 0x02
    REFRESH = 0x10  # AT: read, toggles with every refresh
    OUT_2 = 0x20  # AT: read


#: Bits of port 61h that an AT keeps as written: gate, speaker, and the two parity enables.
AT_WRITTEN = 0x0F


class PortC(IntFlag):
    """Port 62h of a PC/XT."""

    OUT_2 = 0x20
