"""The 8237A's registers by name: port offsets, command and mode bits, and the AT board's port numbers."""

# Ref: Intel 8237A data sheet, order no. 231466-005: figures 5 to 7 and the command and mode register figures;
# IBM PC/AT technical reference: ports.
# One of three readings of the data sheet, apart on purpose so that comparing them means something:
# the golden model's. The others: `isadma.i8237.regs` (hardware) and `isadma_driver.ports` (software).

from __future__ import annotations

from enum import IntEnum, IntFlag

CHANNELS = 4
"""Channels in one chip."""


class Port(IntEnum):
    """A3-A0 of the control registers; 0-7 are address and word count of channels 0-3, alternating."""

    COMMAND_STATUS = 0x8
    REQUEST = 0x9
    SINGLE_MASK = 0xA
    MODE = 0xB
    CLEAR_FLIP_FLOP = 0xC
    MASTER_CLEAR_TEMPORARY = 0xD
    CLEAR_MASK = 0xE
    ALL_MASK = 0xF


class CmosRead(IntEnum):
    """A3-A0 of the reads that only the 82C37A has."""

    REQUEST = 0x9
    COMMAND = 0xA
    MODE = 0xB
    SET_FLIP_FLOP = 0xC
    CLEAR_MODE_COUNTER = 0xE
    MASK = 0xF


class Command(IntFlag):
    """Bits of the command register."""

    MEMORY_TO_MEMORY = 0x01
    CHANNEL_0_HOLD = 0x02
    DISABLE = 0x04
    COMPRESSED = 0x08
    ROTATING = 0x10
    EXTENDED_WRITE = 0x20
    DREQ_ACTIVE_LOW = 0x40
    DACK_ACTIVE_HIGH = 0x80


class Service(IntEnum):
    """Mode register bits 7-6."""

    DEMAND = 0
    SINGLE = 1
    BLOCK = 2
    CASCADE = 3


class Transfer(IntEnum):
    """Mode register bits 3-2, named from memory's side."""

    VERIFY = 0
    WRITE = 1
    READ = 2
    ILLEGAL = 3


MODE_AUTOINITIALIZE = 0x10
MODE_DECREMENT = 0x20
MODE_STORED = 0xFC
"""Mode register bits that are kept; bits 1-0 of the byte written choose the channel."""
MODE_READ_ONES = 0x03
"""Bits that read as ones when the 82C37A shows a mode register."""
CMOS_HIGH_ONES = 0xF0
"""Bits that read as ones when the 82C37A shows its request or mask register."""

SELECT_CHANNEL = 0x03
"""Channel number in a request, single mask or mode byte."""
SET_BIT = 0x04
"""Bit 2 of a request or single mask byte: 1 sets, 0 clears."""

# The AT board. I/O addresses are decoded on A0-A9.
IO_DECODE = 0x3FF
DMA1_BASE, DMA1_END = 0x00, 0x10
DMA2_BASE, DMA2_END = 0xC0, 0xE0
PAGES_BASE, PAGES_END = 0x80, 0x90
PAGE_OF_CHANNEL = (0x87, 0x83, 0x81, 0x82, None, 0x8B, 0x89, 0x8A)
"""Page register port of channels 0-7; channel 4 is the cascade and has none."""
REFRESH_PAGE = 0x8F
"""Page register port of the refresh cycles."""

# The PC/XT board decodes A5-A9, so that its ports repeat: the 8237A each sixteen, the page registers each four.
XT_DMA_BASE, XT_DMA_END = 0x00, 0x20
XT_PAGES_BASE, XT_PAGES_END = 0x80, 0xA0
XT_PAGE_BITS = 0xF
"""Page registers of the PC/XT give A16-A19 only."""
