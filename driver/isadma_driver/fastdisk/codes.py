"""Every register and bit of the fast disk that its driver uses; no logic.

The device is this project's own, made to measure with: the guide's page on the tour describes its registers.
"""

from enum import IntEnum, IntFlag

#: Where it is unless moved.
FASTDISK_BASE, FASTDISK_DMA, FASTDISK_IRQ = 0x320, 7, 14
SECTOR_BYTES = 512
#: Sectors of one command; a count register of 0 means this many.
MOST_SECTORS = 256
#: What the identification registers read: "FD".
IDENTIFICATION = b"FD"


class Reg(IntEnum):
    """Offsets from the base port."""

    DATA = 0
    DATA_HIGH = 1
    STATUS = 2  # read: ends DONE
    COMMAND = 2  # written
    CONTROL = 3
    LBA_LOW = 4
    LBA_MIDDLE = 5
    LBA_HIGH = 6
    COUNT = 7
    LOST_LOW = 8
    LOST_HIGH = 9
    THRESHOLD = 10
    LEVEL = 11
    ID_LOW = 12
    ID_HIGH = 13


class Command(IntEnum):
    """Commands."""

    ABORT = 0
    READ = 1
    WRITE = 2


class Status(IntFlag):
    """Status register."""

    BUSY = 0x01
    REQUEST = 0x02
    DONE = 0x04
    LOST = 0x08
    BAD = 0x10


class Control(IntFlag):
    """Control register."""

    DMA = 0x01
    IRQ = 0x02
    RESET = 0x80
