"""A burst: memory cycles that a card with the bus to itself runs one after the other."""

# Ref: IBM PC AT Technical Reference, "I/O Channel" (MASTER#, LA17-LA23, SA0-SA19: 24 address lines).

from __future__ import annotations

from collections.abc import Callable

#: A cycle is a clock of address and at least one of strobe.
MIN_CLOCKS = 2
_MAX_CLOCKS = 255
#: The bus has 24 address lines.
_LAST_ADDRESS = 0xFFFFFF


class Burst:
    """A stretch of memory that a card moves while the bus is its own.

    Parameters
    ----------
    channel : int
        Its DMA channel, in cascade mode.
    address : int
        Physical address of the first byte; A24 and above do not exist, so it goes on at 0 after FFFFFFh.
    data : bytearray
        What the card writes to memory, or the room for what it reads; at least one byte.
    to_memory : bool
        Direction: True when the card writes.
    done : callable
        Called once with the bytes moved: less than all when the bus was not granted, or was taken away.
    clocks : int
        8237 clocks of a cycle, 2 to 255: one of address, the others with the strobe low.
    width : int
        2: words at even addresses, bytes where a word does not fit. 1: bytes only, as on an eight-bit card.

    Raises
    ------
    ValueError
        For what no bus cycle can be.
    """

    __slots__ = ("address", "channel", "clocks", "data", "done", "to_memory", "width")

    def __init__(
        self,
        channel: int,
        address: int,
        data: bytearray,
        *,
        to_memory: bool,
        done: Callable[[int], None],
        clocks: int = MIN_CLOCKS,
        width: int = 2,
    ) -> None:
        if not data:
            raise ValueError("a burst of 0 bytes: a card with nothing to move must not ask for the bus")
        if not 0 <= address <= _LAST_ADDRESS:
            raise ValueError(f"a burst at {address:#x}: the bus has 24 address lines, 0..FFFFFFh")
        if not MIN_CLOCKS <= clocks <= _MAX_CLOCKS:
            raise ValueError(f"a cycle of {clocks!r} clocks: a bus master's takes {MIN_CLOCKS} to {_MAX_CLOCKS}")
        if width not in (1, 2):
            raise ValueError(f"a bus master of {width!r} bytes: the bus has 1 and 2")
        self.channel = channel
        self.address = address
        self.data = data
        self.to_memory = to_memory
        self.done = done
        self.clocks = clocks
        self.width = width
