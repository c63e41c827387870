"""One of the card's two DMA connections: the channel that software selected, and the stream that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isadma_sim.machine.device import DmaLine

if TYPE_CHECKING:
    from isadma_sim.devices.sound.stream import Stream

#: Channels from here on move words.
_FIRST_WORD_CHANNEL = 4


class DmaLink:
    """Asks for service as long as its stream wants any (`isadma_sim.machine.device.DmaEnd`).

    Attributes
    ----------
    line : DmaLine or None
        The selected channel.
    user : Stream or None
        Who moves data over it.
    """

    def __init__(self) -> None:
        self.line: DmaLine | None = None
        self.user: Stream | None = None
        self._acknowledged = False
        self._moved = False
        self._level = False

    @property
    def channel(self) -> int | None:
        """The selected channel."""
        return None if self.line is None else self.line.channel

    @property
    def width(self) -> int:
        """Bytes of a transfer."""
        return 2 if self.line is not None and self.line.channel >= _FIRST_WORD_CHANNEL else 1

    def connect(self, line: DmaLine | None) -> None:
        """Let go of the channel, and drive another one or none."""
        if self.line is not None:
            self.line.free()
        self.line = line
        self._level = self._acknowledged = self._moved = False
        self.update()

    def update(self) -> None:
        """Drive DREQ.

        It goes when DACK# comes for the last transfer there is, so that no extra cycle follows: a read's strobe falls
        before DREQ is sampled for the next one, a write's rises after.
        """
        if self.line is None:
            return
        level = False
        if self.user is not None:
            ahead = self._acknowledged and not (self.user.to_host and self._moved)
            level = self.user.ready(self.width) > ahead
        if level != self._level:
            self._level = level
            self.line.dreq(level)

    def dma_read(self) -> int:
        """Give what the stream recorded; floating without one."""
        self._moved = True
        width = self.width
        value = (1 << 8 * width) - 1 if self.user is None else self.user.give(width)
        self.update()
        return value

    def dma_write(self, value: int) -> None:
        """Let the stream have it; nobody wants it without one."""
        self._moved = True
        if self.user is not None:
            self.user.take(value.to_bytes(2, "little")[: self.width])
        self.update()

    def dack(self, active: bool) -> None:
        """Note that a service begins or ends."""
        self._acknowledged = active
        self._moved = False
        self.update()

    def tc(self) -> None:
        """Ignore it: the DSP counts for itself."""
