"""The bridge's protocol as numbers: framing, commands, registers and status. docs/guide has it in words."""

# Ref: CRC-16/IBM-3740 (polynomial 1021h, start FFFFh, no reflection); ISO/IEC 13239 (HDLC), transparency by escape.

from amaranth.lib import enum

__all__ = [
    "CRC_INIT",
    "ESCAPE",
    "ESCAPE_FLIP",
    "PROTOCOL",
    "SYNC",
    "Action",
    "Command",
    "Get",
    "Set",
    "Status",
]

#: Version of the protocol; whoever changes a number here changes this one.
PROTOCOL = 1

#: Begins a frame, and is nowhere else on the line.
SYNC = 0x7E
#: The next byte was exclusive-ored with `ESCAPE_FLIP`: it would have been `SYNC` or `ESCAPE`.
ESCAPE = 0x7D
ESCAPE_FLIP = 0x20

#: The CRC before the first byte.
CRC_INIT = 0xFFFF


class Command(enum.IntEnum, shape=2):
    """Bits 5 and 4 of a command byte; bits 3 to 0 are a register or an action."""

    END = 0
    SET = 1
    """The next byte goes to a register (`Set`)."""
    GET = 2
    """A byte of the answer comes from a register (`Get`)."""
    DO = 3
    """An `Action`."""


class Set(enum.IntEnum, shape=4):
    """Registers to write."""

    A0 = 0
    """Port, or memory address: bits 7-0."""
    A1 = 1
    D0 = 2
    """D0-D7 where nothing on the board drives the bus."""
    D1 = 3
    N0 = 4
    """How many clocks or bytes at most: bits 7-0. Counts down."""
    N1 = 5
    DRQ = 6
    """DRQ lines that the host drives, a bit a channel."""
    HOST = 7
    """Channels whose device is the host: the clock stops where it has to act."""
    CONTROL = 8
    """Bit 0: RESET."""


class Get(enum.IntEnum, shape=4):
    """Registers to read."""

    STATUS = 0
    LINES = 1
    """MEMR#, MEMW#, IOR#, IOW#, TC, AEN, HRQ, SBHE#: bits 0 to 7."""
    DACK = 2
    """DACK#, a bit a channel."""
    A0 = 3
    """The address on the bus: bits 7-0, 15-8, 23-16."""
    A1 = 4
    A2 = 5
    D0 = 6
    """The data on the bus: bits 7-0, 15-8."""
    D1 = 7
    N0 = 8
    N1 = 9
    DIVISOR = 10
    """Clocks per bit of the serial line, which tell the clock; 0: more than 255."""
    BOARD = 12
    """0: PC/AT, 1: PC/XT."""
    LENGTH = 13
    """For the bridge's own use."""
    PROTOCOL = 14
    MEMORY = 15
    """The board's memory has 2 to the power of this many bytes."""


class Action(enum.IntEnum, shape=3):
    """What `Command.DO` does."""

    RUN = 0
    """N clocks, fewer where the host has to act."""
    IN = 1
    """A port read at A, 7 clocks; a byte of the answer. The bus must be free: `ACQUIRE` first."""
    OUT = 2
    """A port write of D0 at A, 7 clocks, likewise."""
    READ = 3
    """N bytes of memory from A on, into the answer; A goes up."""
    WRITE = 4
    """The next N bytes go to memory from A on; A goes up, D0 and D1 are lost."""
    ACQUIRE = 5
    """Clocks until the DMA has left the bus, at most N; the rest of the frame is not done if it does not."""


class Status(enum.IntFlag):
    """Bits of `Get.STATUS`, the first byte of every answer."""

    ATTENTION = 1
    """The host has to act before the next clock."""
    ABORTED = 2
    """ACQUIRE did not get the bus; the rest of the frame was not done."""
    HRQ = 4
    HLDA = 8
    IRQ = 16
    """The board's own device interrupts."""
    WRITTEN = 32
    """The DMA has written into the board's memory since the last answer, not counting what the host's devices gave."""
