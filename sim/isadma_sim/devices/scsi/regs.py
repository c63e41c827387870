"""Ports, bits, commands and memory structures of an AHA-154x SCSI host adapter; no logic."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapters 4 and 5 (Standard Mode, which is the AHA-1542B's).
# Ref: Ralf Brown, PORTS.LST release 61: 0330-0333 (Adaptec 154xB/154xC).
# Ref: Linux 6.1 drivers/scsi/aha1542.c and 86Box scsi_aha154x.c (behaviour only): commands 28h and 29h of the 1542C.

from __future__ import annotations

from enum import IntEnum, IntFlag

#: Where the adapter is unless jumpers say otherwise, and the other places there are.
BASE, BASES = 0x330, (0x130, 0x134, 0x230, 0x234, 0x330, 0x334)
#: Factory setting of the channel, the interrupt and the adapter's own SCSI address.
DMA, IRQ, SCSI_ID = 5, 11, 7


class Port(IntEnum):
    """Offsets of the four ports; the last one is reserved."""

    CONTROL = 0  # written
    STATUS = 0  # read
    COMMAND = 1  # written: command and data out
    DATA = 1  # read: data in
    INTERRUPT = 2  # read
    RESERVED = 3


PORTS = 4


class Control(IntFlag):
    """Control port."""

    HARD_RESET = 0x80
    SOFT_RESET = 0x40
    INTERRUPT_RESET = 0x20
    SCSI_RESET = 0x10


class Status(IntFlag):
    """Status port."""

    SELF_TEST = 0x80  # STST
    DIAGNOSTIC_FAILURE = 0x40  # DIAGF
    MAILBOX_NEEDED = 0x20  # INIT
    IDLE = 0x10
    COMMAND_FULL = 0x08  # CDF
    DATA_FULL = 0x04  # DF
    INVALID_COMMAND = 0x01  # INVDCMD


class Interrupt(IntFlag):
    """Interrupt flag port."""

    ANY = 0x80
    SCSI_RESET = 0x08  # SCRD
    COMMAND_COMPLETE = 0x04  # HACC
    MAILBOX_OUT = 0x02  # MBOA
    MAILBOX_IN = 0x01  # MBIF


#: These two wait until the others are cleared, and the others until these are.
MAIL = Interrupt.MAILBOX_OUT | Interrupt.MAILBOX_IN


class Command(IntEnum):
    """Adapter commands."""

    NOP = 0x00
    MAILBOX_INIT = 0x01
    START_SCSI = 0x02
    INQUIRY = 0x04
    MAILBOX_OUT_INTERRUPT = 0x05
    SELECTION_TIMEOUT = 0x06
    BUS_ON_TIME = 0x07
    BUS_OFF_TIME = 0x08
    TRANSFER_SPEED = 0x09
    INSTALLED_DEVICES = 0x0A
    CONFIGURATION = 0x0B
    SETUP_DATA = 0x0D
    WRITE_CHANNEL_2 = 0x1A
    READ_CHANNEL_2 = 0x1B
    WRITE_FIFO = 0x1C
    READ_FIFO = 0x1D
    ECHO = 0x1F
    WRITE_EEPROM = 0x22
    READ_EEPROM = 0x23
    EXTENDED_BIOS = 0x28
    MAILBOX_ENABLE = 0x29


#: Bytes that follow a command; the others have none.
PARAMETERS: dict[int, int] = {
    Command.MAILBOX_INIT: 4,
    Command.MAILBOX_OUT_INTERRUPT: 1,
    Command.SELECTION_TIMEOUT: 4,
    Command.BUS_ON_TIME: 1,
    Command.BUS_OFF_TIME: 1,
    Command.TRANSFER_SPEED: 1,
    Command.SETUP_DATA: 1,
    Command.WRITE_CHANNEL_2: 3,
    Command.READ_CHANNEL_2: 3,
    Command.WRITE_FIFO: 3,
    Command.READ_FIFO: 3,
    Command.ECHO: 1,
    Command.WRITE_EEPROM: 35,
    Command.READ_EEPROM: 3,
    Command.MAILBOX_ENABLE: 2,
}
#: Bytes of the two buffers that the test commands move by DMA.
CHANNEL_2_BYTES, FIFO_BYTES = 64, 54
#: Answer to INQUIRY: an AHA-1542CF, standard options, firmware 1.0.
BOARD_ID, OPTIONS, FIRMWARE = 0x45, 0x30, b"10"
#: Answer to EXTENDED_BIOS, byte 0: the BIOS translates disks above 1 GiB to 255 heads and 63 sectors.
EXTENDED_TRANSLATION = 0x08
#: Byte 1: 0, or the code that locks the mailboxes, which MAILBOX_ENABLE has to repeat (choice: drivers take any).
LOCK_CODE = 0x01
#: Bit 0 of MAILBOX_ENABLE's first parameter locks them; cleared, it unlocks.
LOCK = 0x01
#: Bytes of SETUP_DATA that mean something; the rest up to the length asked for is zero.
SETUP_BYTES = 17
#: Bit 1 of setup byte 0: parity is checked.
SETUP_PARITY = 0x02

# Times: microseconds on and off the bus, milliseconds of a selection, with their limits.
BUS_ON_US, BUS_ON_RANGE = 11, range(2, 16)
BUS_OFF_US, BUS_OFF_MOST, BUS_OFF_STEP, BUS_OFF_LEAST = 4, 64, 4, 1
SELECTION_MS = 250
#: Transfer speeds: nanoseconds of a cycle by code.
SPEED_NS = {0: 400, 1: 300, 2: 250, 3: 200, 4: 350}
#: Custom speeds: bit 7, read and write pulse in bits 6-4 and 2-0, pause between two in bit 3.
SPEED_CUSTOM, PULSE_NS, PULSE_STEP_NS, PAUSE_NS = 0x80, 100, 50, (100, 150)

#: The EEPROM of the boards that software configures, as emulators have it: no manual at hand gives it.
EEPROM_BYTES = 32
#: Byte 0: SCSI address in bits 2-0. Byte 1: channel in bits 6-4, interrupt from 9 on in bits 2-0.
EEPROM_ID, EEPROM_LINES, EEPROM_DMA_SHIFT, EEPROM_FIELD, FIRST_IRQ = 0, 1, 4, 7, 9
#: Channels and interrupts there are to choose from.
CHANNELS, IRQS = (0, 5, 6, 7), (9, 10, 11, 12, 14, 15)


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


#: Bytes of a mailbox: command or status, then the CCB's address, high byte first.
MAILBOX_BYTES = 4


class Opcode(IntEnum):
    """Byte 0 of a CCB."""

    INITIATOR = 0x00
    SCATTER_GATHER = 0x02
    INITIATOR_RESIDUAL = 0x03
    SCATTER_GATHER_RESIDUAL = 0x04
    BUS_DEVICE_RESET = 0x81


class Ccb(IntEnum):
    """Offsets in a command control block."""

    OPCODE = 0
    ADDRESS = 1  # target in bits 7-5, direction in 4-3, logical unit in 2-0
    CDB_LENGTH = 2
    SENSE_LENGTH = 3
    DATA_LENGTH = 4  # three bytes, high byte first, as all addresses and lengths
    DATA_POINTER = 7
    LINK_POINTER = 10
    LINK_ID = 13
    HOST_STATUS = 14
    TARGET_STATUS = 15
    CDB = 18


#: Direction bits of a CCB's address byte: length checked. Neither: the target decides. Both: no data.
DATA_IN, DATA_OUT, TARGET_SHIFT, LUN_MASK = 0x08, 0x10, 5, 0x07
#: Sense lengths with a meaning of their own, and the bytes that 0 stands for.
SENSE_DEFAULT, SENSE_NONE, SENSE_DEFAULT_BYTES = 0, 1, 14
#: A scatter/gather entry is a length and an address of three bytes each; a list has this many at most.
SEGMENT_BYTES, SEGMENTS_MOST = 6, 17
#: Longest command block.
CDB_MOST = 12


class HostStatus(IntEnum):
    """CCB byte 14."""

    GOOD = 0x00
    SELECTION_TIMEOUT = 0x11
    DATA_RUN = 0x12  # over- or underrun
    PHASE = 0x14
    MAILBOX_COMMAND = 0x15
    OPCODE = 0x16
    PARAMETER = 0x1A
