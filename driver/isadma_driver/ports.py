"""Every port number and register bit the driver uses: its own reading of the data sheets; no logic.

One of three readings of the data sheet, apart on purpose so that comparing them means something:
the driver's. The others: `isadma.i8237.regs` (hardware) and `isadma_sim.reference.regs` (golden model).
"""

# Ref: Intel 8237A data sheet 231466-005, figures 5 to 7 and pages 8 to 10 (registers, bits).
# Ref: Ralf Brown, PORTS.LST release 61: 0000-001F, 0020-003F, 0080-008F, 00A0-00BF, 00C0-00DF.
# Ref: Intel 8259A data sheet 231468-003, figures 7 and 8 (OCW1 to OCW3).

from enum import IntEnum, IntFlag


class Dma1(IntEnum):
    """Controller 1: bytes, channels 0 to 3; register r is at port r."""

    ADDRESS_0 = 0x00
    COUNT_0 = 0x01
    ADDRESS_1 = 0x02
    COUNT_1 = 0x03
    ADDRESS_2 = 0x04
    COUNT_2 = 0x05
    ADDRESS_3 = 0x06
    COUNT_3 = 0x07
    COMMAND = 0x08  # written
    STATUS = 0x08  # read; a read clears the four terminal count bits
    REQUEST = 0x09
    SINGLE_MASK = 0x0A
    MODE = 0x0B
    CLEAR_FLIP_FLOP = 0x0C
    MASTER_CLEAR = 0x0D  # written
    TEMPORARY = 0x0D  # read
    CLEAR_MASK = 0x0E
    ALL_MASK = 0x0F


class Dma2(IntEnum):
    """Controller 2 of the AT: 16-bit words, channels 4 (cascade) to 7; register r is at port C0h + 2r."""

    ADDRESS_4 = 0xC0
    COUNT_4 = 0xC2
    ADDRESS_5 = 0xC4
    COUNT_5 = 0xC6
    ADDRESS_6 = 0xC8
    COUNT_6 = 0xCA
    ADDRESS_7 = 0xCC
    COUNT_7 = 0xCE
    COMMAND = 0xD0
    STATUS = 0xD0
    REQUEST = 0xD2
    SINGLE_MASK = 0xD4
    MODE = 0xD6
    CLEAR_FLIP_FLOP = 0xD8
    MASTER_CLEAR = 0xDA
    TEMPORARY = 0xDA
    CLEAR_MASK = 0xDC
    ALL_MASK = 0xDE


class Page(IntEnum):
    """Page registers of the AT (74LS612): eight bits, A23 to A16, read and write."""

    CHANNEL_2 = 0x81
    CHANNEL_3 = 0x82
    CHANNEL_1 = 0x83
    CHANNEL_0 = 0x87
    CHANNEL_6 = 0x89
    CHANNEL_7 = 0x8A
    CHANNEL_5 = 0x8B
    REFRESH = 0x8F


class XtPage(IntEnum):
    """Page registers of the PC and PC/XT (74LS670): four bits, A19 to A16, write only."""

    CHANNEL_2 = 0x81
    CHANNEL_3 = 0x82
    CHANNEL_0_1 = 0x83  # one register for both


#: Page register of each channel of the AT. Channel 4 has none: it moves nothing.
AT_PAGES: dict[int, IntEnum] = {
    0: Page.CHANNEL_0,
    1: Page.CHANNEL_1,
    2: Page.CHANNEL_2,
    3: Page.CHANNEL_3,
    5: Page.CHANNEL_5,
    6: Page.CHANNEL_6,
    7: Page.CHANNEL_7,
}

#: Page register of each channel of the PC/XT.
XT_PAGES: dict[int, IntEnum] = {
    0: XtPage.CHANNEL_0_1,
    1: XtPage.CHANNEL_0_1,
    2: XtPage.CHANNEL_2,
    3: XtPage.CHANNEL_3,
}


class Command(IntFlag):
    """Bits of the command register."""

    MEMORY_TO_MEMORY = 0x01
    ADDRESS_HOLD = 0x02
    DISABLE = 0x04
    COMPRESSED = 0x08
    ROTATING = 0x10
    EXTENDED_WRITE = 0x20
    DREQ_ACTIVE_LOW = 0x40
    DACK_ACTIVE_HIGH = 0x80


class Mode(IntFlag):
    """Bits of the mode register above the channel number; named from the memory's side, as the data sheet does."""

    VERIFY = 0x00
    WRITE = 0x04  # device to memory
    READ = 0x08  # memory to device
    AUTOINIT = 0x10
    DECREMENT = 0x20
    DEMAND = 0x00
    SINGLE = 0x40
    BLOCK = 0x80
    CASCADE = 0xC0


#: Mode bits 7-6 and 3-2: how a service runs, and which way the data goes.
MODE_KIND, MODE_TRANSFER, MODE_CHANNEL = 0xC0, 0x0C, 0x03

# The kernel's names for whole mode bytes, seen from the program: read is device to memory.
DMA_MODE_READ = Mode.SINGLE | Mode.WRITE  # 44h
DMA_MODE_WRITE = Mode.SINGLE | Mode.READ  # 48h
DMA_MODE_VERIFY = Mode.SINGLE | Mode.VERIFY  # 40h
DMA_MODE_CASCADE = Mode.CASCADE  # C0h
DMA_AUTOINIT = Mode.AUTOINIT  # 10h

#: Bit 2 of a request or single mask write sets; without it the write clears.
SET_BIT = 0x04

#: Bits of the status register: terminal count per channel below, DREQ per channel above.
STATUS_TC, STATUS_REQUEST_SHIFT = 0x0F, 4


class Pic(IntEnum):
    """The two 8259A interrupt controllers."""

    MASTER_COMMAND = 0x20
    MASTER_MASK = 0x21
    SLAVE_COMMAND = 0xA0
    SLAVE_MASK = 0xA1


#: OCW2: specific end of interrupt, the level in bits 2-0. OCW3: the next read gives the in-service register.
SPECIFIC_EOI, READ_ISR = 0x60, 0x0B

#: The slave 8259A hangs on the master's input 2.
PIC_CASCADE = 2


class Fdc(IntEnum):
    """The floppy controller at its first address."""

    STATUS_A = 0x3F0
    STATUS_B = 0x3F1
    DOR = 0x3F2
    TAPE_DRIVE = 0x3F3
    MSR = 0x3F4  # read
    DSR = 0x3F4  # written
    FIFO = 0x3F5
    DIR = 0x3F7  # read
    CCR = 0x3F7  # written
