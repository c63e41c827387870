"""The AT board's page registers: sixteen bytes at 80h-8Fh that give DMA its high address bits."""

# Ref: IBM PC/AT technical reference (74LS612 and its decode); the project's clock contract, "The AT board".

from __future__ import annotations

from isadma_sim.reference.pins import BoardInputs
from isadma_sim.reference.regs import IO_DECODE, PAGE_OF_CHANNEL, PAGES_BASE, PAGES_END

_COUNT = PAGES_END - PAGES_BASE


class Pages:
    """Page registers, each a byte that reads and writes; RESET does not touch them.

    Attributes
    ----------
    bytes : list of int
        The sixteen registers, by port address bits 3-0.
    """

    __slots__ = ("_index", "_value", "_writing", "bytes")

    def __init__(self) -> None:
        self.bytes = [0] * _COUNT
        self._writing = False
        self._index = self._value = 0

    def of_channel(self, channel: int) -> int:
        """Return the page of channel 0-7 (8 bits); the cascade, channel 4, has none and gives 0."""
        port = PAGE_OF_CHANNEL[channel]
        return 0 if port is None else self.bytes[port - PAGES_BASE]

    def selected(self, address: int) -> bool:
        """Tell whether an I/O address (24 bits, A0-A9 decoded) is a page register."""
        return PAGES_BASE <= address & IO_DECODE < PAGES_END

    def read(self, address: int) -> int:
        """Return the page register at an I/O address."""
        return self.bytes[address % _COUNT]

    def clock(self, pins: BoardInputs, aen: int) -> None:
        """See one clock of the bus: a byte is written at the trailing edge of IOW#."""
        if not pins.iow_n:
            if not aen and self.selected(pins.a):
                self._writing = True
                self._index = pins.a % _COUNT
                self._value = pins.d & 0xFF
        elif self._writing:
            self._writing = False
            self.bytes[self._index] = self._value
