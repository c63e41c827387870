"""Bounce buffers: memory that a channel reaches, standing in for memory that it does not."""

from __future__ import annotations

import threading

from isadma_driver.channels.board import Board
from isadma_driver.channels.limits import check_length
from isadma_driver.channels.ownership import Channels, Claim
from isadma_driver.errors import DmaError
from isadma_driver.memory.pages import Block, PhysicalMemory


class BouncePool:
    """The bounce buffers of a machine: one kept for each channel that asked early, others as they are needed.

    Parameters
    ----------
    pages : PhysicalMemory
        Where they come from.
    channels : Channels
        Who may reserve.
    """

    def __init__(self, pages: PhysicalMemory, channels: Channels) -> None:
        self._pages = pages
        self._channels = channels
        self._reserved: dict[int, Block] = {}
        self._lent: set[int] = set()
        self._guard = threading.RLock()

    @property
    def board(self) -> Board:
        """The board whose channels are served."""
        return self._channels.board

    def reserve(self, claim: Claim, size: int) -> Block:
        """Allocate a buffer now and keep it for a channel: later, low memory may be in pieces.

        It belongs to the channel, not to the claim: the next owner of the channel finds it there.

        Raises
        ------
        LengthError
            More than one programming of the channel could use.
        OutOfMemoryError
            Too late already.
        """
        channel = self._channels.check(claim)
        check_length(self.board, channel, size)
        with self._guard:
            old = self._reserved.get(channel)
            if old is not None and old.size >= size:
                return old
            if channel in self._lent:
                raise DmaError(f"the bounce buffer of DMA channel {channel} is in use: reserve before transfers")
            block = self._alloc(channel, size)
            if old is not None:
                self._pages.free(old)
            self._reserved[channel] = block
            return block

    def unreserve(self, claim: Claim) -> None:
        """Give a channel's kept buffer back; without one, do nothing."""
        channel = self._channels.check(claim)
        with self._guard:
            if channel in self._lent:
                raise DmaError(f"the bounce buffer of DMA channel {channel} is in use: end its transfer first")
            block = self._reserved.pop(channel, None)
            if block is not None:
                self._pages.free(block)

    def largest(self, channel: int) -> int:
        """Return the bytes one segment may bounce: what the kept buffer holds, or all that the channel can count."""
        with self._guard:
            block = self._reserved.get(channel)
            return min(block.size, self.board.span(channel)) if block else self.board.span(channel)

    def borrow(self, channel: int, size: int) -> Block:
        """Return a buffer of at least `size` bytes for a channel: the kept one, if it is free and large enough."""
        with self._guard:
            kept = self._reserved.get(channel)
            if kept is not None and channel not in self._lent and kept.size >= size:
                self._lent.add(channel)
                return kept
            return self._alloc(channel, size)

    def give_back(self, channel: int, block: Block) -> None:
        """Take a borrowed buffer back."""
        with self._guard:
            if self._reserved.get(channel) is block:
                self._lent.discard(channel)
            else:
                self._pages.free(block)

    def _alloc(self, channel: int, size: int) -> Block:
        return self._pages.alloc(size, f"bounce buffer of DMA {channel}", boundary=self.board.span(channel))
