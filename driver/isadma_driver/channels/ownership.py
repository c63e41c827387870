"""Who owns which DMA channel: the vector of `dma_chan`, and the text of /proc/dma."""

# Ref: Linux 6.1 kernel/dma.c (names and text only).

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from isadma_driver.channels.board import AT, Board
from isadma_driver.checks.values import as_int, as_kind, as_name, shown
from isadma_driver.errors import ChannelBusyError, NotOwnerError


class Kind(Enum):
    """What a device needs of a channel."""

    BYTE = 1
    WORD = 2


class Wiring(Enum):
    """How a device came to its channel; it decides what to advise when that is taken."""

    FIXED = "wired to it"
    JUMPER = "set to it by jumper"
    SOFTWARE = "free to choose"


@dataclass
class DmaChan:
    """One channel's entry: whether it is taken, and by whom."""

    allocated: bool = False
    owner: str = ""


class Claim:
    """Proof that a channel is held: what `request_dma` returns and every setter asks for.

    Attributes
    ----------
    channel : int
        The channel, 0..7.
    owner : str
        Who holds it, as /proc/dma shows it.
    """

    def __init__(self, channels: Channels, channel: int, owner: str) -> None:
        self._channels = channels
        self.channel = channel
        self.owner = owner
        self.held = True

    def __repr__(self) -> str:
        return f"<Claim of DMA channel {self.channel} by {self.owner!r}{'' if self.held else ', given back'}>"


class Channels:
    """The channels of a board and their owners. Safe for several threads.

    Parameters
    ----------
    board : Board, optional
        Which channels there are, and which belong to the board itself.
    """

    def __init__(self, board: Board = AT) -> None:
        self.board = as_kind("board", board, Board, "give AT or XT")
        self.dma_chan_busy = [DmaChan() for _ in range(board.channels)]
        for channel, owner in board.reserved.items():
            self.dma_chan_busy[channel] = DmaChan(allocated=True, owner=owner)
        self._claims: dict[int, Claim] = {}
        self._guard = threading.RLock()

    def check_number(self, channel: int) -> int:
        """Return the channel if the board has it.

        Raises
        ------
        ValueError
            When there is no such channel.
        """
        last = self.board.channels - 1
        return as_int(f"no DMA channel {{}} on the {self.board.name}: use 0 to {last}", channel, 0, last)

    def request_dma(self, channel: int, owner: str, wiring: Wiring = Wiring.SOFTWARE) -> Claim:
        """Take a channel.

        Parameters
        ----------
        channel : int
            Channel, 0..7.
        owner : str
            Name for /proc/dma and for the errors others get: one line, not empty.
        wiring : Wiring, optional
            Whether the device could use another channel.

        Raises
        ------
        ValueError
            No such channel, or no name.
        ChannelBusyError
            It is taken; the error names the owner.
        """
        channel = self.check_number(channel)
        as_name(f"owner of DMA channel {channel},", owner)
        as_kind("wiring", wiring, Wiring, "give a Wiring, such as Wiring.SOFTWARE")
        with self._guard:
            entry = self.dma_chan_busy[channel]
            if entry.allocated:
                raise ChannelBusyError(self._busy(channel, owner, wiring))
            self.dma_chan_busy[channel] = DmaChan(allocated=True, owner=owner)
            claim = Claim(self, channel, owner)
            self._claims[channel] = claim
            return claim

    def find_free(self, kind: Kind, among: Collection[int] | None = None) -> int:
        """Return the lowest free channel of a kind; `request_free` also takes it, with no one in between.

        Parameters
        ----------
        kind : Kind
            Bytes or words.
        among : collection of int, optional
            The channels that the device is wired to, where these are not all.

        Raises
        ------
        ChannelBusyError
            All are taken; the error names every owner.
        """
        width = as_kind("kind", kind, Kind, "give Kind.BYTE or Kind.WORD").value
        fitting = [channel for channel in range(self.board.channels) if self.board.width(channel) == width]
        if among is not None:
            try:
                wired = {self.check_number(channel) for channel in among}
            except TypeError:
                raise TypeError(f"among {shown(among)}: give the channels that the device is wired to") from None
            fitting = [channel for channel in fitting if channel in wired]
        for channel in fitting:
            if not self.dma_chan_busy[channel].allocated:
                return channel
        holders = ", ".join(f"{channel} by {self.dma_chan_busy[channel].owner!r}" for channel in fitting)
        raise ChannelBusyError(f"no free {kind.name.lower()} DMA channel on the {self.board.name}: {holders or 'none'}")

    def request_free(self, kind: Kind, owner: str, among: Collection[int] | None = None) -> Claim:
        """Take the lowest free channel of a kind, for a device that lets software choose; errors as above."""
        with self._guard:
            return self.request_dma(self.find_free(kind, among), owner)

    def free_dma(self, claim: Claim) -> None:
        """Give a channel back.

        Raises
        ------
        NotOwnerError
            The claim was given back before, or is no claim: a channel's number frees nothing.
        """
        with self._guard:
            channel = self._check(claim)
            self.dma_chan_busy[channel] = DmaChan()
            del self._claims[channel]
            claim.held = False

    def check(self, claim: Claim) -> int:
        """Return the channel of a claim that is held.

        Raises
        ------
        ValueError
            A number was given, and no such channel exists.
        NotOwnerError
            The claim is not held, or a bare number was given.
        """
        with self._guard:
            return self._check(claim)

    def owner(self, channel: int) -> str | None:
        """Return the name of a channel's owner, or None when it is free."""
        entry = self.dma_chan_busy[self.check_number(channel)]
        return entry.owner if entry.allocated else None

    def free_channels(self) -> list[int]:
        """Return the channels nobody holds, lowest first."""
        return [channel for channel, entry in enumerate(self.dma_chan_busy) if not entry.allocated]

    def proc_dma(self) -> str:
        """Return the text of /proc/dma: one line per taken channel."""
        with self._guard:
            return "".join(
                f"{channel:2d}: {entry.owner}\n" for channel, entry in enumerate(self.dma_chan_busy) if entry.allocated
            )

    def _check(self, claim: Claim) -> int:
        if not isinstance(claim, Claim):
            channel = self.check_number(claim)
            entry = self.dma_chan_busy[channel]
            if entry.allocated:
                raise NotOwnerError(
                    f"DMA channel {channel} is held by {entry.owner!r}: only its claim programs or frees it"
                )
            raise NotOwnerError(f"DMA channel {channel} is free: take it with request_dma({channel}, name) first")
        if claim._channels is not self:
            raise NotOwnerError(f"{claim!r} is a claim on another machine: request the channel on this one")
        if self._claims.get(claim.channel) is not claim:
            holder = self.dma_chan_busy[claim.channel]
            now = f"held by {holder.owner!r}" if holder.allocated else "free"
            raise NotOwnerError(
                f"DMA channel {claim.channel} was given back by {claim.owner!r} and is now {now}: request it again"
            )
        return claim.channel

    def _busy(self, channel: int, wanted_by: str, wiring: Wiring) -> str:
        free = ", ".join(map(str, self.free_channels()))
        holder = self.dma_chan_busy[channel].owner
        advice = {
            Wiring.FIXED: f"and it is {Wiring.FIXED.value}: stop {holder!r} first",
            Wiring.JUMPER: f"and it is {Wiring.JUMPER.value}: move it to a free one ({free or 'there is none'})",
            Wiring.SOFTWARE: f"free channels: {free or 'none'}",
        }[wiring]
        return f"DMA channel {channel}, wanted by {wanted_by!r}, is held by {holder!r}; {advice}"
