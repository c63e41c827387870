"""Every register and bit of the EtherLink; no behaviour.

# Ref: SEEQ 8001 EDLC data sheet, 1982 (receive and transmit registers); Linux drivers/net/3c501.h and OpenBSD
#      sys/dev/isa/if_elreg.h (the others); IEEE 802.3-1985, 4.4.2 (slot, gap, jam, backoff, attempts).
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

BASE: Final = 0x300
PORT_COUNT: Final = 0x10
#: What jumpers can select.
BASES: Final = (0x280, 0x300, 0x310, 0x320)
IRQS: Final = (3, 4, 5, 6, 7, 9)
CHANNELS: Final = (1, 2, 3)
#: 3Com's part of a station address.
VENDOR: Final = bytes((0x02, 0x60, 0x8C))

#: Bytes of the packet buffer; its pointers count twice as far, and the top bit addresses nothing.
BUFFER: Final = 2048
POINTER_MASK: Final = 0xFFF
#: Readable bytes of the address PROM.
PROM: Final = 8
#: Bytes of a frame without its checksum: shorter ones are runts.
SHORTEST: Final = 60
ADDRESS: Final = 6
BROADCAST: Final = b"\xff" * ADDRESS

#: The wire.
BIT_HZ: Final = 10_000_000
PREAMBLE: Final = 8
CHECKSUM: Final = 4
GAP_BITS: Final = 96
#: What stations that collide put on the wire before they let go of it: the preamble, and a jam of 32 bits.
COLLISION_BYTES: Final = PREAMBLE + 4
#: After the nth collision in a row a station waits up to 2**n - 1 slots, with n no more than ten.
SLOT_BITS: Final = 512
BACKOFF_MOST: Final = 10
#: Collisions in a row after which a frame is given up.
MOST_COLLISIONS: Final = 16


class Reg(IntEnum):
    """Offsets from the base port. Below 8 a read gives one of two status registers, by address bit 0."""

    STATION = 0x0  # six bytes, written
    RECEIVE = 0x6
    TRANSMIT = 0x7
    GP_LOW = 0x8
    GP_HIGH = 0x9
    RECEIVE_LOW = 0xA  # a write clears the pointer
    RECEIVE_HIGH = 0xB
    PROM = 0xC
    PROM_ALIAS = 0xD
    AUX = 0xE
    DATA = 0xF


class Tx(IntFlag):
    """Transmit status, and which of it interrupts."""

    UNDERFLOW = 0x01
    COLLISION = 0x02
    COLLISIONS_16 = 0x04
    READY = 0x08
    ALL = 0x0F


class Rx(IntFlag):
    """Receive status, and, but for STALE, which of it ends reception and interrupts."""

    OVERFLOW = 0x01
    CHECKSUM = 0x02
    DRIBBLE = 0x04
    RUNT = 0x08
    NO_OVERFLOW = 0x10
    GOOD = 0x20
    STALE = 0x80
    DETECT = 0x3F


class Match(IntEnum):
    """Receive command bits 7-6: what is received."""

    NOTHING = 0
    ALL = 1
    BROADCAST = 2  # and the station's own
    MULTICAST = 3  # and the station's own


MATCH_SHIFT: Final = 6


class Buffer(IntEnum):
    """Auxiliary bits 3-2: who has the packet buffer."""

    SYSTEM = 0
    TRANSMIT = 1  # and then receive
    RECEIVE = 2
    LOOPBACK = 3


class Aux(IntFlag):
    """Auxiliary command, and status where the two agree."""

    IRQ_ENABLE = 0x01
    BAD_CHECKSUM = 0x02
    BUFFER = 0x0C
    DMA_REQUEST = 0x20
    ENABLE = 0x40  # of interrupt and DMA request
    RESET = 0x80


BUFFER_SHIFT: Final = 2


class AuxStatus(IntFlag):
    """Auxiliary status where it differs from the command."""

    RECEIVING = 0x01
    DMA_DONE = 0x10
    TRANSMITTING = 0x80


class Source(IntFlag):
    """What interrupts; not a register."""

    RECEIVE = 1
    TRANSMIT = 2
    DMA = 4
