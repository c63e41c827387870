"""Every register, bit and port offset of the 8237A. No logic."""

# Ref: Intel 8237A data sheet, order no. 231466-005: figures 5 to 7 (ports), pages 7 to 10 (register bits).
# Ref: Harris/Intersil 82C37A data sheet for `CmosPort` (the CMOS part reads back what the NMOS part cannot).
# One of three readings of the data sheet, apart on purpose so that comparing them means something:
# the hardware's. The others: `isadma_sim.reference.regs` (golden model) and `isadma_driver.ports` (software).
from amaranth import unsigned
from amaranth.lib import data, enum

__all__ = [
    "CHANNELS",
    "HIGH_NIBBLE",
    "REGISTER_BITS",
    "CmosPort",
    "Command",
    "Mode",
    "ModeKind",
    "ReadPort",
    "Single",
    "Status",
    "Transfer",
    "WritePort",
    "address_port",
    "count_port",
]

#: Channels of one chip.
CHANNELS = 4

#: Width of the address and word count registers.
REGISTER_BITS = 16

#: Bits 7-4 of what the 82C37A reads back for the four-bit request and mask registers.
HIGH_NIBBLE = 0xF0


def address_port(channel):
    """Return the port offset (A3-A0) of a channel's address register; base and current are written together."""
    if channel not in range(CHANNELS):
        raise ValueError(f"channel {channel!r} does not exist; the 8237A has channels 0 to 3")
    return 2 * channel


def count_port(channel):
    """Return the port offset (A3-A0) of a channel's word count register (count N moves N + 1 words)."""
    return address_port(channel) + 1


class WritePort(enum.IntEnum, shape=unsigned(4)):
    """A3-A0 of a write above the channel registers 0 to 7."""

    COMMAND = 0x8
    REQUEST = 0x9
    SINGLE_MASK = 0xA
    MODE = 0xB
    CLEAR_FLIP_FLOP = 0xC
    MASTER_CLEAR = 0xD
    CLEAR_MASK = 0xE
    ALL_MASK = 0xF


class ReadPort(enum.IntEnum, shape=unsigned(4)):
    """A3-A0 of the two reads above the channel registers that both variants have."""

    STATUS = 0x8
    TEMPORARY = 0xD


class CmosPort(enum.IntEnum, shape=unsigned(4)):
    """A3-A0 of the reads that the NMOS data sheet calls illegal and the 82C37A defines."""

    REQUEST = 0x9
    COMMAND = 0xA
    MODE = 0xB
    SET_FLIP_FLOP = 0xC
    CLEAR_MODE_COUNTER = 0xE
    MASK = 0xF


class Command(data.Struct):
    """The command register (write 8)."""

    memory_to_memory: 1
    #: Channel 0's address holds in memory-to-memory.
    address_hold: 1
    disable: 1
    compressed: 1
    rotating: 1
    extended_write: 1
    dreq_active_low: 1
    dack_active_high: 1


class Transfer(enum.Enum, shape=unsigned(2)):
    """Mode bits 3-2. The data sheet calls 11 illegal; here it verifies."""

    VERIFY = 0b00
    #: From the device to memory: IOR# and MEMW#.
    WRITE = 0b01
    #: From memory to the device: MEMR# and IOW#.
    READ = 0b10
    ILLEGAL = 0b11


class ModeKind(enum.Enum, shape=unsigned(2)):
    """Mode bits 7-6."""

    DEMAND = 0b00
    SINGLE = 0b01
    BLOCK = 0b10
    CASCADE = 0b11


class Mode(data.Struct):
    """A mode register: bits 7-2 of a write to port B, whose bits 1-0 name the channel."""

    transfer: Transfer
    autoinitialize: 1
    decrement: 1
    kind: ModeKind


class Single(data.Struct):
    """What the request and the single mask register take (writes 9 and A)."""

    channel: 2
    set: 1
    ignored: 5


class Status(data.Struct):
    """The status register (read 8)."""

    #: Channels that reached terminal count or saw EOP#; a read clears them.
    terminal_count: CHANNELS
    #: DREQ after polarity, whatever the mask.
    requesting: CHANNELS
