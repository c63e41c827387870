"""Registers of the fast disk; no behaviour. The interface is this project's own: no card was ever sold with it.

It has what it takes to measure: a rate, a FIFO that is too small to hide anything, and a count of what was lost.
Sixteen ports from `BASE` on; every register is a byte, words are two of them, low byte first.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

#: Where the PC/XT had its fixed disk adapter, a 16-bit channel, and the AT's fixed disk interrupt.
BASE: Final = 0x320
DMA: Final = 7
IRQ: Final = 14
PORT_COUNT: Final = 16
SECTOR_BYTES: Final = 512
#: A sector count of 0 means this many.
MOST_SECTORS: Final = 256
#: What the two identification registers read: "FD".
IDENTIFICATION: Final = b"FD"
#: The lost count stays at its largest value.
MOST_LOST: Final = 0xFFFF
#: Units that the FIFO holds unless told otherwise.
FIFO_DEPTH: Final = 16
#: Its largest size: the threshold is a byte.
MOST_DEPTH: Final = 255


class Reg(IntEnum):
    """Offsets from the base port."""

    DATA = 0  # low byte: a read takes it from the head, a write keeps it
    DATA_HIGH = 1  # high byte: a read removes the word from the FIFO, a write adds it
    STATUS = 2  # read: clears DONE and its interrupt
    COMMAND = 2  # written
    CONTROL = 3
    LBA_LOW = 4
    LBA_MIDDLE = 5
    LBA_HIGH = 6
    COUNT = 7
    LOST_LOW = 8  # read
    LOST_HIGH = 9  # read
    THRESHOLD = 10
    LEVEL = 11  # read: units that can be moved now
    ID_LOW = 12  # read
    ID_HIGH = 13  # read


class Command(IntEnum):
    """What COMMAND takes; anything else sets BAD and DONE."""

    ABORT = 0
    READ = 1
    WRITE = 2


class Status(IntFlag):
    """What STATUS shows."""

    BUSY = 0x01
    #: As many units as the threshold says can be moved, or the last ones.
    REQUEST = 0x02
    #: A command has ended.
    DONE = 0x04
    #: Units were lost: the host was late.
    LOST = 0x08
    #: No such command, sector or threshold, and DONE at once; or a command while another one is under way.
    BAD = 0x10


class Control(IntFlag):
    """CONTROL: how data move, and whether there are interrupts."""

    #: Data by DMA; without it through DATA, with an interrupt at the threshold.
    DMA = 0x01
    IRQ = 0x02
    #: As bus RESET; reads as 0.
    RESET = 0x80
