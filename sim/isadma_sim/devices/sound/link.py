"""One of the card's two DMA connections: the channel that software selected, and the stream that uses it.

A request may be withdrawn at any time, but an 8237A that has seen it serves the channel nevertheless, and counts. So a
cycle belongs to whoever asked for it last, whatever became of that since; only room or content decides what it moves.
"""

from __future__ import annotations

from typing import Protocol

from isadma_sim.devices.sound.run import Run
from isadma_sim.machine.device import DmaLine, Lines

#: Channels from here on move words.
_FIRST_WORD_CHANNEL = 4


class DmaUser(Protocol):
    """Who moves data over a link."""

    @property
    def run(self) -> Run | None:
        """What it does now."""
        ...

    def ready(self, width: int) -> int:
        """Transfers of that many bytes it wants now."""
        ...

    def take(self, data: bytes, run: Run) -> int:
        """Take bytes for a run that asked for them; return how many went nowhere."""
        ...

    def give(self, width: int, run: Run) -> int:
        """Give that many bytes for a run that asked to be fetched."""
        ...

    def give_way(self) -> None:
        """Another one uses the link from now on."""
        ...


class DmaLink:
    """Asks for service as long as its user wants any, on the channel that is selected.

    Attributes
    ----------
    user : DmaUser or None
        Who moves data over it.
    unwanted : int
        Bytes that came and went nowhere: nobody had asked, or a reset came after.
    """

    def __init__(self) -> None:
        self.user: DmaUser | None = None
        self.unwanted = 0
        self._borrower: DmaUser | None = None
        self._wire: _Wire | None = None
        self._asked: tuple[DmaUser, Run] | None = None  # for whom DREQ was raised last

    @property
    def channel(self) -> int | None:
        """The selected channel."""
        return None if self._wire is None else self._wire.line.channel

    def select(self, channel: int | None, lines: Lines) -> None:
        """Let go of the channel, and drive another one or none; a cycle that was asked for on the old one is answered.

        Raises
        ------
        ValueError
            When another device drives it; the link has no channel then.
        """
        if self._wire is not None:
            self._wire.line.free()
            self._wire = None
        if channel is not None:
            wire = _Wire(self, 2 if channel >= _FIRST_WORD_CHANNEL else 1)
            wire.line = lines.take_dma(channel, wire)
            self._wire = wire
        self.update()

    def lend(self, borrower: DmaUser | None) -> None:
        """Let another one use it, ahead of the user, or no longer."""
        self._borrower = borrower
        self.update()

    def unplug(self) -> None:
        """Forget the channel: the machine is gone."""
        self._wire = None

    def update(self) -> None:
        """Drive DREQ as the user's wishes are now."""
        if self._wire is not None:
            self._wire.drive()

    def wants(self, wire: _Wire) -> bool:
        """Return whether DREQ is to be high.

        It goes when DACK# comes for the last transfer there is, so that no extra cycle follows: a read's strobe falls
        before DREQ is sampled for the next one, a write's rises after.
        """
        user = self._borrower or self.user
        if user is None or user.run is None:
            return False
        ahead = wire.acknowledged and not (user.run.program.to_host and wire.moved)
        wanted = user.ready(wire.width) > ahead
        if wanted:
            self._asked = (user, user.run)
        return wanted

    def read(self, width: int) -> int:
        """Give what was asked for; floating when nobody ever asked."""
        if self._asked is None:
            return (1 << 8 * width) - 1
        user, run = self._asked
        return user.give(width, run)

    def write(self, data: bytes) -> None:
        """Let whoever asked have it."""
        if self._asked is None:
            self.unwanted += len(data)
        else:
            user, run = self._asked
            self.unwanted += user.take(data, run)


class _Wire:
    """DRQ and DACK# of a channel (`isadma_sim.machine.device.DmaEnd`); deselected, it answers what it asked for."""

    line: DmaLine

    def __init__(self, link: DmaLink, width: int) -> None:
        self._link = link
        self._level = False
        self.width = width
        self.acknowledged = False
        self.moved = False

    def drive(self) -> None:
        """Drive DREQ."""
        level = self._link.wants(self)
        if level != self._level:
            self._level = level
            self.line.dreq(level)

    def dma_read(self) -> int:
        self.moved = True
        value = self._link.read(self.width)
        self._link.update()
        return value

    def dma_write(self, value: int) -> None:
        self.moved = True
        self._link.write(value.to_bytes(2, "little")[: self.width])
        self._link.update()

    def dack(self, active: bool) -> None:
        self.acknowledged = active
        self.moved = False
        self._link.update()

    def tc(self) -> None:
        """Ignore it: the DSP counts for itself."""
