"""Every register and bit of the EtherLink that the driver uses; no logic."""

# Ref: SEEQ 8001 EDLC data sheet, 1982; Linux drivers/net/3c501.h (values of the commands in common use).

from enum import IntEnum, IntFlag

#: As the card leaves the factory.
DEFAULT_PORT, DEFAULT_DMA, DEFAULT_IRQ = 0x300, 1, 3
#: What its jumpers can select.
IRQS, CHANNELS = (3, 4, 5, 6, 7, 9), (1, 2, 3)

#: Bytes of the packet buffer, of an address, and of a frame: address, address and type, and without checksum.
BUFFER_BYTES, ADDRESS_BYTES, SHORTEST, PADDED, LONGEST = 2048, 6, 14, 60, 1514
#: Collisions in a row after which a frame is given up.
MOST_COLLISIONS = 16


class Reg(IntEnum):
    """Offsets from the base port."""

    STATION = 0x0
    RECEIVE = 0x6
    TRANSMIT = 0x7
    GP_LOW = 0x8
    GP_HIGH = 0x9
    RECEIVE_LOW = 0xA
    RECEIVE_HIGH = 0xB
    PROM = 0xC
    AUX = 0xE
    DATA = 0xF


class Tx(IntFlag):
    """Transmit status, and which of it interrupts."""

    UNDERFLOW = 0x01
    COLLISION = 0x02
    COLLISIONS_16 = 0x04
    READY = 0x08


#: All of it.
TX_TOLD = Tx.UNDERFLOW | Tx.COLLISION | Tx.COLLISIONS_16 | Tx.READY


class Rx(IntFlag):
    """Receive status; of the first six, the command says which are told of."""

    OVERFLOW = 0x01
    CHECKSUM = 0x02
    DRIBBLE = 0x04
    RUNT = 0x08
    GOOD = 0x20
    STALE = 0x80  # no frame since the last read


#: Receive commands: bits 7-6 choose whose frames come; the others, that good and bad ones are told of.
RX_TOLD = Rx.OVERFLOW | Rx.CHECKSUM | Rx.DRIBBLE | Rx.RUNT | Rx.GOOD
RX_OWN_AND_BROADCAST, RX_ALL = 0x80 | RX_TOLD, 0x40 | RX_TOLD


class Aux(IntFlag):
    """Auxiliary command. Bits 3-2 say who has the packet buffer: the host, when both are 0."""

    SEND = 0x04
    RECEIVE = 0x08
    DMA_REQUEST = 0x20
    ENABLE = 0x40
    RESET = 0x80


class AuxStatus(IntFlag):
    """Auxiliary status."""

    RECEIVING = 0x01
    DMA_DONE = 0x10
    TRANSMITTING = 0x80
