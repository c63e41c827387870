"""Port numbers of the PC that this package needs by name: the interrupt controllers and the DMA subsystem.

Read from the AT's I/O map, apart from the RTL's own list: a contract test holds the two equal.
"""

# Ref: IBM PC AT Technical Reference (1502494), I/O address map.

from __future__ import annotations

from enum import IntEnum


class Pic(IntEnum):
    """The 8259A pair."""

    MASTER_COMMAND = 0x20
    MASTER_DATA = 0x21
    SLAVE_COMMAND = 0xA0
    SLAVE_DATA = 0xA1


class Dma(IntEnum):
    """What POST writes in the two 8237As."""

    DMA1_COMMAND = 0x08
    DMA1_MASTER_CLEAR = 0x0D
    DMA2_COMMAND = 0xD0
    DMA2_MASK = 0xD4
    DMA2_MODE = 0xD6
    DMA2_MASTER_CLEAR = 0xDA


#: Ports the AT board itself decodes (A0-A9): DMA 1, page registers, DMA 2.
AT_BOARD_PORTS = frozenset([*range(0x00, 0x10), *range(0x80, 0x90), *range(0xC0, 0xE0)])
#: The CPU has 16 address lines for I/O.
LAST_PORT = 0xFFFF
#: Address lines the AT board looks at: A0-A9.
BOARD_DECODE_MASK = 0x3FF
