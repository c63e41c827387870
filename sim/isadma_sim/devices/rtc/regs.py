"""Every register and bit of the clock chip, and what an AT keeps in its memory; no behaviour."""

# Ref: Motorola MC146818 data sheet; IBM PC AT Technical Reference (1502494), real-time clock and CMOS RAM information.

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

#: Its interrupt on an AT, and its ports: which byte, and the byte.
IRQ: Final = 8
INDEX: Final = 0x70
DATA: Final = 0x71
#: Bit 7 of the index is the board's: it keeps NMI from the processor.
NMI_OFF: Final = 0x80
#: Bytes that it has, and pulses of its crystal in a second on an AT.
SIZE: Final = 64
CRYSTAL_HZ: Final = 32_768


class Reg(IntEnum):
    """The first fourteen bytes."""

    SECONDS = 0x00
    SECONDS_ALARM = 0x01
    MINUTES = 0x02
    MINUTES_ALARM = 0x03
    HOURS = 0x04
    HOURS_ALARM = 0x05
    WEEKDAY = 0x06
    DAY = 0x07
    MONTH = 0x08
    YEAR = 0x09
    A = 0x0A
    B = 0x0B
    C = 0x0C
    D = 0x0D


#: Register A: an update is near or under way; the divider (010 runs, 11x holds it in reset); the periodic rate.
UPDATE_IN_PROGRESS: Final = 0x80
DIVIDER_SHIFT: Final = 4
DIVIDER_RUNS: Final = 0b010
DIVIDER_RESET: Final = 0b110  # and 111
RATE: Final = 0x0F
#: Rate that an AT's BIOS sets: 1024 a second.
BIOS_A: Final = 0x26


class B(IntFlag):
    """Register B."""

    DAYLIGHT = 0x01
    HOURS_24 = 0x02
    BINARY = 0x04
    SQUARE_WAVE = 0x08
    UPDATE = 0x10
    ALARM = 0x20
    PERIODIC = 0x40
    SET = 0x80


class C(IntFlag):
    """Register C: what happened since it was read last. Bits 4 to 6 stand where register B has their enables."""

    UPDATE = 0x10
    ALARM = 0x20
    PERIODIC = 0x40
    REQUEST = 0x80


#: Register D: the time has been kept.
VALID: Final = 0x80
#: An alarm byte from here on matches everything.
ANY: Final = 0xC0
#: 12-hour mode: afternoon.
PM: Final = 0x80

#: The update ends the second; it takes so long, and is announced so long before, in seconds.
UPDATE_SECONDS: Final = 1984e-6
ANNOUNCED_SECONDS: Final = 244e-6


class Kept(IntEnum):
    """What an AT's BIOS keeps behind the registers."""

    DIAGNOSTIC = 0x0E
    SHUTDOWN = 0x0F
    FLOPPIES = 0x10
    DISKS = 0x12
    EQUIPMENT = 0x14
    BASE_LOW = 0x15
    BASE_HIGH = 0x16
    EXTENDED_LOW = 0x17
    EXTENDED_HIGH = 0x18
    CHECKSUM_HIGH = 0x2E
    CHECKSUM_LOW = 0x2F
    FOUND_LOW = 0x30
    FOUND_HIGH = 0x31
    CENTURY = 0x32


#: The checksum covers these.
CHECKED: Final = range(0x10, 0x2E)
#: Floppy drives by the name of their largest format.
FLOPPY_TYPES: Final = {"360K": 1, "1.2M": 2, "720K": 3, "1.44M": 4, "2.88M": 5}


class Equipment(IntFlag):
    """The equipment byte."""

    FLOPPY = 0x01
    COPROCESSOR = 0x02
    COLOUR_80 = 0x20
    MONOCHROME = 0x30
    SECOND_FLOPPY = 0x40
