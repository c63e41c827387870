"""Which channels a board has and how far they reach: facts about the AT and the PC/XT; no logic."""

# Ref: IBM PC AT Technical Reference, system board, DMA; IBM PC/XT Technical Reference, system board, DMA.

from dataclasses import dataclass, field
from enum import IntEnum

from isadma_driver.ports import AT_PAGES, XT_PAGES

#: Channel through which the AT's first controller reaches the bus, and the name /proc/dma shows for it.
CASCADE_CHANNEL, CASCADE_OWNER = 4, "cascade"

KB = 1 << 10
MB = 1 << 20


@dataclass(frozen=True)
class Board:
    """A board's DMA.

    Attributes
    ----------
    name : str
        What messages call it.
    channels : int
        Number of channels, from 0.
    pages : dict of int to IntEnum
        Page register of each channel that moves data.
    reach : int
        First physical address that no page register can name, in bytes.
    reserved : dict of int to str
        Channels that belong to the board from the start, with their owner's name.
    """

    name: str
    channels: int
    pages: dict[int, IntEnum]
    reach: int
    reserved: dict[int, str] = field(default_factory=dict)

    def width(self, channel: int) -> int:
        """Return a channel's width in bytes: 1 on channels 0 to 3, 2 above."""
        return 1 if channel < CASCADE_CHANNEL else 2

    def span(self, channel: int) -> int:
        """Return the size in bytes of the block that a channel counts around in: 64K, or 128K in words."""
        return 64 * KB * self.width(channel)


#: Two controllers, eight-bit pages: 16 MB.
AT = Board("AT", 8, AT_PAGES, 16 * MB, {CASCADE_CHANNEL: CASCADE_OWNER})

#: One controller, four-bit pages: 1 MB. Channel 0 refreshes the memory.
XT = Board("PC/XT", 4, XT_PAGES, 1 * MB, {0: "refresh"})

BOARDS = {"at": AT, "xt": XT}
