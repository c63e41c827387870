"""Every port, register bit, status bit and command code of the floppy controller; no behaviour.

# Ref: Intel 82077AA CHMOS Single-Chip Floppy Disk Controller, order 290166, sections 2.1 (registers), 5 (commands,
#      tables 5-1 to 5-9) and 6 (status registers); NEC uPD765A/B data sheet (commands, SCAN, ST3, NR).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final, Literal

Variant = Literal["82077AA", "uPD765A"]
Speed = Literal["real", "full"]

#: DMA channel and interrupt the AT wires the controller to.
DMA: Final = 2
IRQ: Final = 6


class Port(IntEnum):
    """I/O addresses; two registers share 3F4h and 3F7h, one to read and one to write."""

    SRA = 0x3F0
    SRB = 0x3F1
    DOR = 0x3F2
    TDR = 0x3F3
    MSR = 0x3F4
    DSR = 0x3F4
    FIFO = 0x3F5
    DIR = 0x3F7
    CCR = 0x3F7


#: Ports decoded in PC/AT mode. SRA and SRB exist in the PS/2 modes only; 3F6h belongs to the hard disk.
PORTS: Final = (Port.DOR, Port.TDR, Port.MSR, Port.FIFO, Port.DIR)


class Dor(IntFlag):
    """Digital output register."""

    SELECT = 0x03
    NOT_RESET = 0x04
    DMA_GATE = 0x08
    MOTOR0 = 0x10
    MOTOR1 = 0x20
    MOTOR2 = 0x40
    MOTOR3 = 0x80


class Msr(IntFlag):
    """Main status register."""

    DRIVE0_BUSY = 0x01
    DRIVE1_BUSY = 0x02
    DRIVE2_BUSY = 0x04
    DRIVE3_BUSY = 0x08
    BUSY = 0x10
    NON_DMA = 0x20
    TO_HOST = 0x40
    REQUEST = 0x80


class Dsr(IntFlag):
    """Data rate select register."""

    RATE = 0x03
    PRECOMPENSATION = 0x1C
    POWER_DOWN = 0x40
    RESET = 0x80


#: Data rate of the two rate bits of DSR and CCR, bit/s in MFM.
RATES: Final = (500_000, 300_000, 250_000, 1_000_000)
#: Rate bits after a hardware reset: 250 kbit/s.
DEFAULT_RATE: Final = 2

#: Digital input register: disk changed. In PC/AT mode bits 6-0 are not driven, and float high here.
DIR_CHANGED: Final = 0x80
DIR_FLOATING: Final = 0x7F
#: Tape drive register: two bits that read and write, the rest floats.
TDR_SELECT: Final = 0x03
TDR_FLOATING: Final = 0xFC
#: What a read of the data register gives when there is nothing to read.
FLOATING: Final = 0xFF


class Code(IntEnum):
    """Command codes, without the option bits."""

    READ_TRACK = 0x02
    SPECIFY = 0x03
    SENSE_DRIVE_STATUS = 0x04
    WRITE_DATA = 0x05
    READ_DATA = 0x06
    RECALIBRATE = 0x07
    SENSE_INTERRUPT_STATUS = 0x08
    WRITE_DELETED_DATA = 0x09
    READ_ID = 0x0A
    READ_DELETED_DATA = 0x0C
    FORMAT_TRACK = 0x0D
    DUMPREG = 0x0E
    SEEK = 0x0F
    VERSION = 0x10
    SCAN_EQUAL = 0x11
    PERPENDICULAR_MODE = 0x12
    CONFIGURE = 0x13
    LOCK = 0x14
    VERIFY = 0x16
    SCAN_LOW_OR_EQUAL = 0x19
    SCAN_HIGH_OR_EQUAL = 0x1D
    RELATIVE_SEEK = 0x8F


class Option(IntFlag):
    """Option bits of a command's first byte."""

    MT = 0x80
    MFM = 0x40
    SK = 0x20
    LOCK = 0x80  # LOCK only
    INWARD = 0x40  # RELATIVE SEEK only: toward the spindle


class Unit(IntFlag):
    """Bits of a command's second byte."""

    DRIVE = 0x03
    HEAD = 0x04
    EC = 0x80  # VERIFY only: SC counts the sectors


class St0(IntFlag):
    """Status register 0."""

    DRIVE = 0x03
    HEAD = 0x04
    NOT_READY = 0x08  # uPD765A only; the 82077AA ties READY true
    EQUIPMENT_CHECK = 0x10
    SEEK_END = 0x20
    ABNORMAL = 0x40
    INVALID = 0x80
    POLLING = 0xC0


class St1(IntFlag):
    """Status register 1."""

    MISSING_ADDRESS_MARK = 0x01
    NOT_WRITABLE = 0x02
    NO_DATA = 0x04
    OVERRUN = 0x10
    DATA_ERROR = 0x20
    END_OF_CYLINDER = 0x80


class St2(IntFlag):
    """Status register 2."""

    MISSING_DATA_MARK = 0x01
    BAD_CYLINDER = 0x02
    SCAN_NOT_SATISFIED = 0x04
    SCAN_EQUAL_HIT = 0x08
    WRONG_CYLINDER = 0x10
    DATA_FIELD_ERROR = 0x20
    CONTROL_MARK = 0x40


class St3(IntFlag):
    """Status register 3; bits 5 and 3 always read 1 on the 82077AA."""

    DRIVE = 0x03
    HEAD = 0x04
    TWO_SIDE = 0x08
    TRACK0 = 0x10
    READY = 0x20
    WRITE_PROTECTED = 0x40


class Config(IntFlag):
    """Second byte of CONFIGURE."""

    FIFO_THRESHOLD = 0x0F
    NO_POLLING = 0x10
    NO_FIFO = 0x20
    IMPLIED_SEEK = 0x40


class Perpendicular(IntFlag):
    """Parameter of PERPENDICULAR MODE."""

    WGATE = 0x01
    GAP = 0x02
    DRIVES = 0x3C
    OVERWRITE = 0x80


#: SPECIFY: step rate and head unload time share a byte; head load time stands above the non-DMA bit.
SPECIFY_SRT_SHIFT: Final = 4
SPECIFY_HUT: Final = 0x0F
SPECIFY_HLT_SHIFT: Final = 1
SPECIFY_ND: Final = 0x01

#: DUMPREG and the result of LOCK show the lock bit here.
LOCK_SHOWN_DUMPREG: Final = 0x80
LOCK_SHOWN: Final = 0x10

#: Result byte of VERSION: a controller with the enhanced commands.
VERSION_ENHANCED: Final = 0x90
#: Depth of the 82077AA's FIFO, bytes.
FIFO_DEPTH: Final = 16
#: Step pulses RECALIBRATE gives before it gives up.
RECALIBRATE_STEPS: Final[dict[Variant, int]] = {"82077AA": 80, "uPD765A": 77}
#: Cylinder number that marks a bad track in an ID field (IBM soft-sectored format).
BAD_TRACK: Final = 0xFF
#: Drives a controller addresses.
UNITS: Final = 4

_BOTH: Final[tuple[Variant, ...]] = ("82077AA", "uPD765A")
_ENHANCED: Final[tuple[Variant, ...]] = ("82077AA",)
_CLASSIC: Final[tuple[Variant, ...]] = ("uPD765A",)


@dataclass(frozen=True)
class Coding:
    """How a command is coded: `value` under `mask` in its first byte, then so many parameter bytes."""

    code: Code
    mask: int
    value: int
    parameters: int
    variants: tuple[Variant, ...] = _BOTH


CODINGS: Final = (
    Coding(Code.READ_DATA, 0x1F, 0x06, 8),
    Coding(Code.READ_DELETED_DATA, 0x1F, 0x0C, 8),
    Coding(Code.WRITE_DATA, 0x3F, 0x05, 8),
    Coding(Code.WRITE_DELETED_DATA, 0x3F, 0x09, 8),
    Coding(Code.READ_TRACK, 0xBF, 0x02, 8),
    Coding(Code.VERIFY, 0x1F, 0x16, 8, _ENHANCED),
    Coding(Code.SCAN_EQUAL, 0x1F, 0x11, 8, _CLASSIC),
    Coding(Code.SCAN_LOW_OR_EQUAL, 0x1F, 0x19, 8, _CLASSIC),
    Coding(Code.SCAN_HIGH_OR_EQUAL, 0x1F, 0x1D, 8, _CLASSIC),
    Coding(Code.FORMAT_TRACK, 0xBF, 0x0D, 5),
    Coding(Code.READ_ID, 0xBF, 0x0A, 1),
    Coding(Code.RECALIBRATE, 0xFF, 0x07, 1),
    Coding(Code.SENSE_INTERRUPT_STATUS, 0xFF, 0x08, 0),
    Coding(Code.SPECIFY, 0xFF, 0x03, 2),
    Coding(Code.SENSE_DRIVE_STATUS, 0xFF, 0x04, 1),
    Coding(Code.SEEK, 0xFF, 0x0F, 2),
    Coding(Code.VERSION, 0xFF, 0x10, 0, _ENHANCED),
    Coding(Code.CONFIGURE, 0xFF, 0x13, 3, _ENHANCED),
    Coding(Code.RELATIVE_SEEK, 0xBF, 0x8F, 2, _ENHANCED),
    Coding(Code.DUMPREG, 0xFF, 0x0E, 0, _ENHANCED),
    Coding(Code.PERPENDICULAR_MODE, 0xFF, 0x12, 1, _ENHANCED),
    Coding(Code.LOCK, 0x7F, 0x14, 0, _ENHANCED),
)


def decode(first: int, variant: Variant) -> Coding | None:
    """Return the coding of a command's first byte, or None when it is no command of this controller."""
    for coding in CODINGS:
        if first & coding.mask == coding.value and variant in coding.variants:
            return coding
    return None
