"""Every port, command and mixer register of the Sound Blasters that the driver uses; no logic."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 2 to 4 and 6, appendix A.

from enum import IntEnum, IntFlag

#: Where cards are found, the usual place first.
BASES = (0x220, 0x240, 0x260, 0x280)


class Port(IntEnum):
    """Offsets from the base port."""

    MIXER_INDEX = 0x4
    MIXER_DATA = 0x5
    RESET = 0x6
    READ_DATA = 0xA
    COMMAND = 0xC
    READ_STATUS = 0xE
    ACK_16 = 0xF


#: Bit 7 of COMMAND (read) while the DSP takes no byte, and of READ_STATUS when one waits.
STATUS_BIT = 0x80
#: What a DSP says after a reset.
READY = 0xAA


class Command(IntEnum):
    """DSP commands without a low nibble of their own."""

    OUT = 0x14
    OUT_AUTO = 0x1C
    IN = 0x24
    IN_AUTO = 0x2C
    TIME_CONSTANT = 0x40
    OUT_RATE = 0x41
    IN_RATE = 0x42
    BLOCK_SIZE = 0x48
    OUT_FAST = 0x91
    IN_FAST = 0x99
    INPUT_MONO = 0xA0
    INPUT_STEREO = 0xA8
    PAUSE_8 = 0xD0
    SPEAKER_ON = 0xD1
    SPEAKER_OFF = 0xD3
    CONTINUE_8 = 0xD4
    PAUSE_16 = 0xD5
    CONTINUE_16 = 0xD6
    EXIT_AUTO_16 = 0xD9
    EXIT_AUTO_8 = 0xDA
    VERSION = 0xE1


#: A transfer: high nibble for the width, low nibble of `Io` bits, a byte of `Mode` bits, samples less one.
IO = {8: 0xC0, 16: 0xB0}


class Io(IntFlag):
    """Low nibble of a transfer command."""

    FIFO = 0x02
    AUTO = 0x04
    INPUT = 0x08


class Layout(IntFlag):
    """Mode byte of a transfer command."""

    SIGNED = 0x10
    STEREO = 0x20


#: Commands by width.
PAUSE = {8: Command.PAUSE_8, 16: Command.PAUSE_16}
CONTINUE = {8: Command.CONTINUE_8, 16: Command.CONTINUE_16}
EXIT_AUTO = {8: Command.EXIT_AUTO_8, 16: Command.EXIT_AUTO_16}


class Mixer(IntEnum):
    """Mixer registers that select and tell."""

    PRO_OUTPUT = 0x0E
    IRQ_SELECT = 0x80
    DMA_SELECT = 0x81
    IRQ_STATUS = 0x82


#: Bit of 80h for each interrupt line, best first; of 81h for each channel; of 82h for each width.
IRQ_BITS = {5: 0x02, 7: 0x04, 10: 0x08, 9: 0x01}
BYTE_DMA_BITS = {0: 0x01, 1: 0x02, 3: 0x08}
WORD_DMA_BITS = {5: 0x20, 6: 0x40, 7: 0x80}
STATUS_BITS = {8: 0x01, 16: 0x02}

#: Bit of the Sound Blaster Pro's output register that makes frames of left and right.
PRO_STEREO = 0x02
#: A time constant is 256 less this over samples a second.
TIME_CONSTANT_HZ = 1_000_000

#: Frames a second that a Sound Blaster 16 takes (Linux 6.1, sound/isa/sb/sb16_main.c, stops at 44,100; cards go on).
LOWEST_RATE, HIGHEST_RATE = 4_000, 45_454
#: More than the largest FIFO any card has, in bytes: what may still be on its way when the last interrupt comes.
FIFO_BYTES = 64
