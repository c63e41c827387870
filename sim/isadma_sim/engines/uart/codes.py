"""The bridge's protocol as the host reads it; a contract test holds it against the hardware's."""

from __future__ import annotations

from enum import IntEnum, IntFlag

#: Version of the protocol spoken here.
PROTOCOL = 1

SYNC = 0x7E
ESCAPE = 0x7D
ESCAPE_FLIP = 0x20

#: Largest LEN of a frame or an answer: the bridge's buffer, less what its commands may run over.
LARGEST = 240


class Command(IntEnum):
    """Bits 5 and 4 of a command byte."""

    END = 0x00
    SET = 0x10
    GET = 0x20
    DO = 0x30


class Set(IntEnum):
    """Registers to write."""

    A0 = 0
    A1 = 1
    D0 = 2
    D1 = 3
    N0 = 4
    N1 = 5
    DRQ = 6
    HOST = 7
    CONTROL = 8


class Get(IntEnum):
    """Registers to read."""

    STATUS = 0
    LINES = 1
    DACK = 2
    A0 = 3
    A1 = 4
    A2 = 5
    D0 = 6
    D1 = 7
    N0 = 8
    N1 = 9
    DIVISOR = 10
    BOARD = 12
    PROTOCOL = 14
    MEMORY = 15


class Action(IntEnum):
    """What `Command.DO` does."""

    RUN = 0
    IN = 1
    OUT = 2
    READ = 3
    WRITE = 4
    ACQUIRE = 5


class Status(IntFlag):
    """First byte of every answer."""

    ATTENTION = 1
    ABORTED = 2
    HRQ = 4
    HLDA = 8
    IRQ = 16
    WRITTEN = 32


class Device(IntEnum):
    """Ports of the board's own device."""

    REQUEST = 0x300
    PATTERN = 0x301
    SUM_LOW = 0x302
    SUM_HIGH = 0x303
    CONTROL = 0x304
