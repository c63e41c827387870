"""Every I/O port number of the PC boards' DMA, and the wiring between channels and page registers; no logic."""

# Ref: Ralf Brown, Interrupt List release 61, PORTS.A: 0000-001F, 0080-009F, 00C0-00DF, 0400-04FF;
#      IBM PC AT Technical Reference, system board; IBM PC/XT Technical Reference, system board (74LS670, U19).

from amaranth.lib import enum

__all__ = ["AT_PAGES", "XT_PAGES", "Dma1", "Dma2", "HighPage", "Page", "Window", "XtPage"]


class Window(enum.IntEnum):
    """First port of each block that a board decodes, as I/O addresses."""

    DMA1 = 0x00
    """DMA 1, bytes: sixteen ports on the AT (a choice: docs/decisions, 8), thirty-two on the PC/XT, where 10h to 1Fh
    repeat 00h to 0Fh."""
    PAGES = 0x80
    """Page registers: sixteen on the AT, the same choice. Four on the PC/XT, repeated through 9Fh."""
    DMA2 = 0xC0
    """DMA 2, words: thirty-two ports, two for each register of the chip."""
    HIGH_PAGES = 0x480
    """High page registers, A31 to A24, EISA class."""


class Dma1(enum.IntEnum):
    """Ports of the first controller: channels 0 to 3, eight bits wide."""

    ADDRESS_0 = 0x00
    COUNT_0 = 0x01
    ADDRESS_1 = 0x02
    COUNT_1 = 0x03
    ADDRESS_2 = 0x04
    COUNT_2 = 0x05
    ADDRESS_3 = 0x06
    COUNT_3 = 0x07
    COMMAND = 0x08
    """Written; read, it is the status register."""
    REQUEST = 0x09
    SINGLE_MASK = 0x0A
    MODE = 0x0B
    CLEAR_FLIP_FLOP = 0x0C
    MASTER_CLEAR = 0x0D
    """Written; read, it is the temporary register."""
    CLEAR_MASK = 0x0E
    ALL_MASK = 0x0F


class Dma2(enum.IntEnum):
    """Ports of the second controller: channel 4 (the cascade) and channels 5 to 7, sixteen bits wide."""

    ADDRESS_4 = 0xC0
    COUNT_4 = 0xC2
    ADDRESS_5 = 0xC4
    COUNT_5 = 0xC6
    ADDRESS_6 = 0xC8
    COUNT_6 = 0xCA
    ADDRESS_7 = 0xCC
    COUNT_7 = 0xCE
    COMMAND = 0xD0
    """Written; read, it is the status register."""
    REQUEST = 0xD2
    SINGLE_MASK = 0xD4
    MODE = 0xD6
    CLEAR_FLIP_FLOP = 0xD8
    MASTER_CLEAR = 0xDA
    """Written; read, it is the temporary register."""
    CLEAR_MASK = 0xDC
    ALL_MASK = 0xDE


class Page(enum.IntEnum):
    """Page registers of the AT: a 74LS612, sixteen bytes that read and write. A SPARE one is storage and no more."""

    SPARE_0 = 0x80
    """The power-on self test shows its progress here."""
    CHANNEL_2 = 0x81
    CHANNEL_3 = 0x82
    CHANNEL_1 = 0x83
    SPARE_4 = 0x84
    SPARE_5 = 0x85
    SPARE_6 = 0x86
    CHANNEL_0 = 0x87
    SPARE_8 = 0x88
    CHANNEL_6 = 0x89
    CHANNEL_7 = 0x8A
    CHANNEL_5 = 0x8B
    SPARE_C = 0x8C
    SPARE_D = 0x8D
    SPARE_E = 0x8E
    REFRESH = 0x8F


class HighPage(enum.IntEnum):
    """High page registers, A31 to A24 of a channel: EISA systems and some PCI bridges."""

    CHANNEL_2 = 0x481
    CHANNEL_3 = 0x482
    CHANNEL_1 = 0x483
    CHANNEL_0 = 0x487
    CHANNEL_6 = 0x489
    CHANNEL_7 = 0x48A
    CHANNEL_5 = 0x48B


class XtPage(enum.IntEnum):
    """Page registers of the PC/XT: a 74LS670, four registers of four bits, written only."""

    UNUSED = 0x80
    """Stored, but no channel puts it on the bus."""
    CHANNEL_2 = 0x81
    CHANNEL_3 = 0x82
    CHANNEL_0_1 = 0x83


AT_PAGES = {
    0: Page.CHANNEL_0,
    1: Page.CHANNEL_1,
    2: Page.CHANNEL_2,
    3: Page.CHANNEL_3,
    5: Page.CHANNEL_5,
    6: Page.CHANNEL_6,
    7: Page.CHANNEL_7,
}
"""The AT's page register of each channel. Channel 4 is the cascade and has none."""

XT_PAGES = {
    0: XtPage.CHANNEL_0_1,
    1: XtPage.CHANNEL_0_1,
    2: XtPage.CHANNEL_2,
    3: XtPage.CHANNEL_3,
}
"""The PC/XT's page register of each channel."""
