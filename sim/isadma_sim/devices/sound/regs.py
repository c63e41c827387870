"""Every port and mixer register of the Sound Blasters that is modelled; no behaviour. `commands` has the DSP's.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 2 to 4, 6 (DSP commands) and appendix A
#      (ports); its mixer chapter, "CT1745".
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

#: First port unless told otherwise, and how many there are.
BASE: Final = 0x220
PORT_COUNT: Final = 0x10


class Port(IntEnum):
    """Offsets from the base port."""

    MIXER_INDEX = 0x4
    MIXER_DATA = 0x5
    RESET = 0x6
    READ_DATA = 0xA
    COMMAND = 0xC  # read: bit 7 is 1 while the DSP takes no byte
    READ_STATUS = 0xE  # bit 7 is 1 when a byte waits; the read ends the 8-bit interrupt
    ACK_16 = 0xF  # the read ends the 16-bit interrupt


#: Bit 7 of both status ports, and what their other bits read.
STATUS_BIT: Final = 0x80
STATUS_REST: Final = 0x7F
#: What the DSP says after a reset.
READY: Final = 0xAA
COPYRIGHT: Final = b"COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.\0"

#: From the end of the reset pulse to the answer, and how long the DSP takes for a byte (choice: less than an AT needs
#: from one port write to the next, so that only a faster machine loses bytes when it does not look).
RESET_NS: Final = 100_000
BYTE_NS: Final = 1_500
#: Bytes that wait to be read, at most.
READ_BUFFER: Final = 64


class Io(IntFlag):
    """Low nibble of a Bxh or Cxh command."""

    FIFO = 0x02
    AUTO = 0x04
    INPUT = 0x08


class IoMode(IntFlag):
    """The byte after a Bxh or Cxh command; the count follows, in samples less one, low byte first."""

    SIGNED = 0x10
    STEREO = 0x20


#: Frames a second that 41h and 42h take (Linux: 4000 to 44100; the guide: 5000 to 45000; cards reach 45,454, which is
#: what a time constant of 234 gives).
LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 45_454
#: A time constant is 256 less this over samples a second.
TIME_CONSTANT_HZ: Final = 1_000_000
#: The least divisor a DSP 4 has time for: constants above 234 are taken for it.
HIGHEST_CONSTANT_DIVISOR: Final = 22
#: The rate before anybody set one (choice).
RESET_RATE: Final = 11_025
#: Bytes of the FIFO when a command asks for it (choice: the guide tells none); without it, a frame.
FIFO_BYTES: Final = 32


class Mixer(IntEnum):
    """Mixer registers with a meaning of their own; `mixer.VOLUMES` has the plain ones."""

    RESET = 0x00
    PRO_OUTPUT = 0x0E
    IRQ_SELECT = 0x80
    DMA_SELECT = 0x81
    IRQ_STATUS = 0x82


#: Bits of the Sound Blaster Pro's output register 0Eh, and those of its registers that always read 1.
PRO_STEREO: Final = 0x02
PRO_ONES: Final = 0x11

#: Interrupt line of each bit of 80h. IRQ 2 of the slot is IRQ 9 of an AT.
IRQ_LINES: Final = {0x01: 9, 0x02: 5, 0x04: 7, 0x08: 10}
#: DMA channel of each bit of 81h.
BYTE_CHANNELS: Final = {0x01: 0, 0x02: 1, 0x08: 3}
WORD_CHANNELS: Final = {0x20: 5, 0x40: 6, 0x80: 7}


class IrqStatus(IntFlag):
    """Register 82h: which interrupt stands."""

    DMA_8 = 0x01
    DMA_16 = 0x02
