"""A block: data that a device hands to its DMA channel at once."""

from __future__ import annotations

from collections.abc import Callable


class Block:
    """A stretch of data between a device and its channel.

    Parameters
    ----------
    data : bytearray
        What the device gives, or the room for what it takes; at least one byte.
    to_host : bool
        Direction: True when the device gives.
    done : callable
        Called once with the number of bytes moved and whether TC ended it, as the last service ends.
    """

    __slots__ = ("acknowledged", "counted", "data", "done", "moved", "position", "to_host", "width")

    def __init__(self, data: bytearray, *, to_host: bool, done: Callable[[int, bool], None]) -> None:
        if not data:
            raise ValueError("a block of 0 bytes: a device with nothing to move must not ask for DMA")
        self.data = data
        self.to_host = to_host
        self.done = done
        self.position = 0
        self.width = 1  # bytes of a transfer: the channel decides
        self.acknowledged = False  # DACK# is active
        self.moved = False  # a strobe came under this DACK#
        self.counted = False  # TC came

    @property
    def wants(self) -> bool:
        """Whether DREQ is asked for.

        It goes early enough that no extra cycle follows the last byte: a read's strobe falls before DREQ is sampled
        for the next byte, a write's rises after.
        """
        ahead = self.acknowledged and not (self.to_host and self.moved)
        return not self.counted and len(self.data) - self.position > ahead * self.width

    @property
    def over(self) -> bool:
        """Whether nothing is left to move."""
        return self.counted or self.position >= len(self.data)
