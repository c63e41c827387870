"""Every port, bit and byte of an AHA-154x host adapter and of a SCSI disk that the driver uses; no logic.

The driver's own reading of the manuals: a contract test compares it with the simulated hardware's.
"""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapters 4 and 5 (Standard Mode, which is the AHA-1542B's).
# Ref: SCSI-2, X3.131-1994, chapters 7 to 9.

from enum import IntEnum, IntFlag

#: First port unless jumpers say otherwise.
BASE = 0x330


class Port(IntEnum):
    """Offsets of the ports."""

    CONTROL = 0  # written
    STATUS = 0  # read
    COMMAND = 1  # written
    DATA = 1  # read
    INTERRUPT = 2  # read


class Control(IntFlag):
    """Control port."""

    HARD_RESET = 0x80
    SOFT_RESET = 0x40
    INTERRUPT_RESET = 0x20
    SCSI_RESET = 0x10


class Status(IntFlag):
    """Status port."""

    SELF_TEST = 0x80
    DIAGNOSTIC_FAILURE = 0x40
    MAILBOX_NEEDED = 0x20
    IDLE = 0x10
    COMMAND_FULL = 0x08
    DATA_FULL = 0x04
    INVALID_COMMAND = 0x01


class Interrupt(IntFlag):
    """Interrupt flag port."""

    ANY = 0x80
    SCSI_RESET = 0x08
    COMMAND_COMPLETE = 0x04
    MAILBOX_OUT = 0x02
    MAILBOX_IN = 0x01


class Command(IntEnum):
    """Adapter commands."""

    MAILBOX_INIT = 0x01
    START_SCSI = 0x02
    INQUIRY = 0x04
    INSTALLED_DEVICES = 0x0A
    CONFIGURATION = 0x0B
    WRITE_EEPROM = 0x22
    READ_EEPROM = 0x23
    EXTENDED_BIOS = 0x28
    MAILBOX_ENABLE = 0x29


#: Bytes of the answers, in the order of the commands above.
INQUIRY_BYTES, DEVICES_BYTES, CONFIGURATION_BYTES, EXTENDED_BIOS_BYTES = 4, 8, 3, 2
#: INQUIRY byte 0 from here on: a board whose channel software sets (AHA-1542C, CF, CP).
SOFTWARE_BOARD = 0x44
#: EEPROM byte 1: channel in bits 6-4, interrupt from 9 on in bits 2-0. WRITE EEPROM always carries 32 bytes.
EEPROM_LINES, EEPROM_DMA_SHIFT, EEPROM_BYTES, FIRST_IRQ = 1, 4, 32, 9
#: Channels the adapter can use.
CHANNELS = (0, 5, 6, 7)


class MailboxOut(IntEnum):
    """Command byte of an outgoing mailbox."""

    FREE = 0
    START = 1
    ABORT = 2


class MailboxIn(IntEnum):
    """Status byte of an incoming mailbox."""

    FREE = 0
    SUCCESS = 1
    ABORTED = 2
    NOT_FOUND = 3
    ERROR = 4


#: Bytes of a mailbox.
MAILBOX_BYTES = 4


class Opcode(IntEnum):
    """Byte 0 of a CCB."""

    INITIATOR_RESIDUAL = 0x03
    SCATTER_GATHER_RESIDUAL = 0x04


class Ccb(IntEnum):
    """Offsets in a command control block."""

    OPCODE = 0
    ADDRESS = 1
    CDB_LENGTH = 2
    SENSE_LENGTH = 3
    DATA_LENGTH = 4
    DATA_POINTER = 7
    HOST_STATUS = 14
    TARGET_STATUS = 15
    CDB = 18


#: Byte 1 of a CCB: direction, and where the target's number begins.
DATA_IN, DATA_OUT, NO_DATA, TARGET_SHIFT = 0x08, 0x10, 0x18, 5
#: A scatter/gather entry, and how many a list can have.
SEGMENT_BYTES, SEGMENTS_MOST = 6, 17
#: Bytes of sense data asked for.
SENSE_BYTES = 18


class HostStatus(IntEnum):
    """CCB byte 14."""

    GOOD = 0x00
    SELECTION_TIMEOUT = 0x11
    DATA_RUN = 0x12
    PHASE = 0x14
    MAILBOX_COMMAND = 0x15
    OPCODE = 0x16
    PARAMETER = 0x1A


class Scsi(IntEnum):
    """Operation codes."""

    TEST_UNIT_READY = 0x00
    INQUIRY = 0x12
    MODE_SENSE_6 = 0x1A
    READ_CAPACITY = 0x25
    READ_10 = 0x28
    WRITE_10 = 0x2A
    VERIFY_10 = 0x2F
    SYNCHRONIZE_CACHE = 0x35


class ScsiStatus(IntEnum):
    """Status byte of a command."""

    GOOD = 0x00
    CHECK_CONDITION = 0x02
    BUSY = 0x08


class Key(IntEnum):
    """Sense keys."""

    NO_SENSE = 0x0
    RECOVERED = 0x1
    NOT_READY = 0x2
    MEDIUM_ERROR = 0x3
    HARDWARE_ERROR = 0x4
    ILLEGAL_REQUEST = 0x5
    UNIT_ATTENTION = 0x6
    DATA_PROTECT = 0x7
    BLANK_CHECK = 0x8
    ABORTED_COMMAND = 0xB
    VOLUME_OVERFLOW = 0xD
    MISCOMPARE = 0xE


#: Where sense data has its key, code and qualifier.
SENSE_KEY, SENSE_CODE, SENSE_QUALIFIER, KEY_MASK = 2, 12, 13, 0x0F
#: Additional sense codes in words.
SENSE_TEXT = {
    0x0C: "write error",
    0x11: "unrecovered read error",
    0x1D: "data differs",
    0x20: "unknown command",
    0x21: "block address out of range",
    0x24: "invalid field in the command",
    0x25: "no such logical unit",
    0x27: "write protected",
    0x29: "power-on or reset",
}
#: INQUIRY: bytes asked for, type of a disk, and where the names are.
IDENTITY_BYTES, DISK_TYPE, TYPE_MASK, VENDOR, PRODUCT = 36, 0x00, 0x1F, slice(8, 16), slice(16, 32)
#: MODE SENSE: bytes and bit of the device-specific byte; page 4 without block descriptors.
MODE_BYTES, MODE_DEVICE, MODE_PROTECTED, MODE_PAGE, MODE_NO_DESCRIPTOR = 28, 2, 0x80, 4, 0x08
#: Bytes of READ CAPACITY's answer.
CAPACITY_BYTES = 8
