"""Every port, command and mixer register of the Sound Blaster 16 that is modelled; no behaviour.

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
VERSION: Final = (4, 5)
COPYRIGHT: Final = b"COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.\0"

#: From the end of the reset pulse to the answer, and how long the DSP takes for a byte (choice: less than an AT needs
#: from one port write to the next, so that only a faster machine loses bytes when it does not look).
RESET_NS: Final = 100_000
BYTE_NS: Final = 1_500
#: Bytes that wait to be read, at most.
READ_BUFFER: Final = 64


class Command(IntEnum):
    """DSP commands; Bxh and Cxh are families, see `Io`."""

    DIRECT_OUT = 0x10
    OUT_8 = 0x14
    OUT_8_AUTO = 0x1C
    DIRECT_IN = 0x20
    IN_8 = 0x24
    IN_8_AUTO = 0x2C
    TIME_CONSTANT = 0x40
    OUT_RATE = 0x41
    IN_RATE = 0x42
    CONTINUE_AUTO_8 = 0x45
    CONTINUE_AUTO_16 = 0x47
    BLOCK_SIZE = 0x48
    SILENCE = 0x80
    OUT_8_FAST_AUTO = 0x90
    OUT_8_FAST = 0x91
    IN_8_FAST_AUTO = 0x98
    IN_8_FAST = 0x99
    PAUSE_8 = 0xD0
    SPEAKER_ON = 0xD1
    SPEAKER_OFF = 0xD3
    CONTINUE_8 = 0xD4
    PAUSE_16 = 0xD5
    CONTINUE_16 = 0xD6
    SPEAKER_STATUS = 0xD8
    EXIT_AUTO_16 = 0xD9
    EXIT_AUTO_8 = 0xDA
    IDENTIFY = 0xE0
    VERSION = 0xE1
    COPYRIGHT = 0xE3
    WRITE_TEST = 0xE4
    READ_TEST = 0xE8
    INTERRUPT_8 = 0xF2
    INTERRUPT_16 = 0xF3


#: High nibbles of the commands that name width, direction and mode in their low nibble.
IO_16: Final = 0xB0
IO_8: Final = 0xC0


class Io(IntFlag):
    """Low nibble of a Bxh or Cxh command."""

    FIFO = 0x02
    AUTO = 0x04
    INPUT = 0x08


class IoMode(IntFlag):
    """The byte after a Bxh or Cxh command; the count follows, in samples less one, low byte first."""

    SIGNED = 0x10
    STEREO = 0x20


#: Bytes that follow a command, where any do. Commands of what is not modelled (ADPCM, MIDI, the signal processor)
#: take theirs too, or these would be taken for commands.
PARAMETERS: Final[dict[int, int]] = {
    0x04: 1,
    0x05: 2,
    0x0E: 2,
    0x0F: 1,
    Command.DIRECT_OUT: 1,
    Command.OUT_8: 2,
    0x16: 2,
    0x17: 2,
    Command.IN_8: 2,
    0x38: 1,
    Command.TIME_CONSTANT: 1,
    Command.OUT_RATE: 2,
    Command.IN_RATE: 2,
    Command.BLOCK_SIZE: 2,
    0x74: 2,
    0x75: 2,
    0x76: 2,
    0x77: 2,
    Command.SILENCE: 2,
    **dict.fromkeys(range(IO_16, IO_8 + 16), 3),
    Command.IDENTIFY: 1,
    0xE2: 1,
    Command.WRITE_TEST: 1,
}

#: Samples of a frame a second: what 41h and 42h take (Linux: 4000 to 44100; the guide: 5000 to 45000).
LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 45_000
#: A time constant is 256 less this over samples a second.
TIME_CONSTANT_HZ: Final = 1_000_000
#: The rate before anybody set one (choice).
RESET_RATE: Final = 11_025
#: Bytes of the FIFO when a command asks for it (choice: the guide tells none); without it, a frame.
FIFO_BYTES: Final = 32


class Mixer(IntEnum):
    """Mixer registers with a meaning of their own; `mixer.VOLUMES` has the plain ones."""

    RESET = 0x00
    IRQ_SELECT = 0x80
    DMA_SELECT = 0x81
    IRQ_STATUS = 0x82


#: Interrupt line of each bit of 80h. IRQ 2 of the slot is IRQ 9 of an AT.
IRQ_LINES: Final = {0x01: 9, 0x02: 5, 0x04: 7, 0x08: 10}
#: DMA channel of each bit of 81h.
BYTE_CHANNELS: Final = {0x01: 0, 0x02: 1, 0x08: 3}
WORD_CHANNELS: Final = {0x20: 5, 0x40: 6, 0x80: 7}


class IrqStatus(IntFlag):
    """Register 82h: which interrupt stands."""

    DMA_8 = 0x01
    DMA_16 = 0x02
