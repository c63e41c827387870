"""Every command, bit and result code of the floppy controller that the driver uses; no logic."""

# Ref: Intel 82077AA data sheet, order 290166, sections 2.1 (registers), 5 (commands) and 6 (status registers).

from enum import IntEnum, IntFlag

#: The AT's wiring of the controller.
FLOPPY_DMA, FLOPPY_IRQ = 2, 6

#: Drives one controller addresses.
DRIVES = 4


class Dor(IntFlag):
    """Digital output register; the drive's number is in bits 1-0."""

    NOT_RESET = 0x04
    DMA_GATE = 0x08
    MOTOR_0 = 0x10  # drive n: shifted left by n


class Msr(IntFlag):
    """Main status register."""

    BUSY = 0x10
    NON_DMA = 0x20
    TO_HOST = 0x40
    REQUEST = 0x80


class Code(IntEnum):
    """First bytes of the commands."""

    SPECIFY = 0x03
    SENSE_DRIVE_STATUS = 0x04
    WRITE_DATA = 0xC5  # multi-track, MFM
    READ_DATA = 0xE6  # multi-track, MFM, skip deleted data
    RECALIBRATE = 0x07
    SENSE_INTERRUPT_STATUS = 0x08
    READ_ID = 0x4A  # MFM
    FORMAT_TRACK = 0x4D  # MFM
    SEEK = 0x0F
    VERSION = 0x10
    PERPENDICULAR_MODE = 0x12
    CONFIGURE = 0x13


#: Multi-track bit of the data commands: without it a command ends at the end of its track.
MULTI_TRACK = 0x80
#: Head bit of a command's second byte.
HEAD_SHIFT = 2
#: Data length when N is not 0, "128 << N", and the filler of fresh sectors.
DTL_UNUSED, FILLER = 0xFF, 0xF6
#: What VERSION answers: a 82077AA; everything older calls it invalid.
VERSION_ENHANCED = 0x90
#: CONFIGURE: FIFO on with a threshold of 8 bytes, drive polling off, no implied seek.
CONFIGURE_BYTES = (0x00, 0x10 | 0x07, 0x00)
#: PERPENDICULAR MODE: WGATE and GAP for 1 Mbit/s, nothing for the others.
PERPENDICULAR_ON, PERPENDICULAR_OFF = 0x03, 0x00
#: DIR: the disk was changed, or there is none.
DIR_CHANGED = 0x80


class St0(IntFlag):
    """Status register 0."""

    HEAD = 0x04
    NOT_READY = 0x08
    EQUIPMENT_CHECK = 0x10
    SEEK_END = 0x20
    ABNORMAL = 0x40
    INVALID = 0x80
    ENDED = 0xC0  # the two bits of the interrupt code together


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
    WRONG_CYLINDER = 0x10
    DATA_FIELD_ERROR = 0x20
    CONTROL_MARK = 0x40


class St3(IntFlag):
    """Status register 3."""

    HEAD = 0x04
    TWO_SIDE = 0x08
    TRACK_0 = 0x10
    READY = 0x20
    WRITE_PROTECTED = 0x40
