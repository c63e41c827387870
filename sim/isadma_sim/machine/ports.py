"""Port numbers of the PC that this package needs by name: the interrupt controllers and the DMA subsystem.

Read from the AT's I/O map, apart from the RTL's own list: a contract test holds the two equal.
"""

# Ref: IBM PC AT Technical Reference (1502494), I/O address map.

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Pic(IntEnum):
    """The 8259A pair."""

    MASTER_COMMAND = 0x20
    MASTER_DATA = 0x21
    SLAVE_COMMAND = 0xA0
    SLAVE_DATA = 0xA1


class Pit(IntEnum):
    """The timer: an 8254 on the AT, an 8253 on the PC/XT."""

    COUNTER_0 = 0x40
    COUNTER_1 = 0x41
    COUNTER_2 = 0x42
    CONTROL = 0x43


#: System control port: gate and speaker, refresh detect; an 8255's port B on the PC/XT.
PORT_B = 0x61
#: The PC/XT's 8255, port C: OUT of counter 2 is bit 5.
PORT_C = 0x62


class Dma(IntEnum):
    """What POST writes in the two 8237As."""

    DMA1_COUNT_0 = 0x01
    DMA1_COMMAND = 0x08
    DMA1_MASK = 0x0A
    DMA1_MODE = 0x0B
    DMA1_CLEAR_FLIP_FLOP = 0x0C
    DMA1_MASTER_CLEAR = 0x0D
    DMA2_COMMAND = 0xD0
    DMA2_MASK = 0xD4
    DMA2_MODE = 0xD6
    DMA2_MASTER_CLEAR = 0xDA


#: The AT's page register of the refresh cycles.
REFRESH_PAGE = 0x8F
#: Ports the AT board itself decodes (A0-A9): DMA 1, page registers, DMA 2. That 10h-1Fh and 90h-9Fh are free is a
#: choice (docs/decisions, 8).
AT_BOARD_PORTS = frozenset([*range(0x00, 0x10), *range(0x80, 0x90), *range(0xC0, 0xE0)])
#: The PC/XT board decodes A5-A9: its 8237A answers through 1Fh, its page registers through 9Fh.
XT_BOARD_PORTS = frozenset([*range(0x00, 0x20), *range(0x80, 0xA0)])
#: Each of its other chips has a block of this many ports as well, and answers in all of it.
XT_BLOCK = 0x20
#: The CPU has 16 address lines for I/O.
LAST_PORT = 0xFFFF
#: Address lines the boards look at: A0-A9.
BOARD_DECODE_MASK = 0x3FF


def repeated(ports: Iterable[int]) -> tuple[int, ...]:
    """Return ports below 400h with all their repetitions, for a chip that is decoded on A0-A9 only."""
    return tuple(port + above for above in range(0, LAST_PORT + 1, BOARD_DECODE_MASK + 1) for port in ports)
