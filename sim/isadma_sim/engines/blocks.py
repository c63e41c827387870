"""Blocks: data that a device hands to its DMA channel at once, moved one by one as DACK# and the strobes ask."""

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.machine.block import Block
from isadma_sim.machine.engine import World
from isadma_sim.machine.memory import FLOATING

#: Channels from here on move words.
_FIRST_WORD_CHANNEL = 4


class Blocks:
    """Stands between the bus and the devices of a `World`, and answers for a device whose block is under way.

    Parameters
    ----------
    world : World
        Where everything goes that no block answers.
    set_dreq : callable
        Drives a DRQ line: channel and level.
    """

    def __init__(self, world: World, set_dreq: Callable[[int, bool], None]) -> None:
        self._world = world
        self._set_dreq = set_dreq
        #: Blocks under way, by channel.
        self.running: dict[int, Block] = {}

    def start(self, channel: int, block: Block) -> None:
        """Begin a block on a channel.

        Raises
        ------
        RuntimeError
            While another one is under way there.
        ValueError
            When a word channel is given an odd number of bytes.
        """
        if channel in self.running:
            raise RuntimeError(f"DMA channel {channel} has a block under way: stop it first")
        block.width = 1 if channel < _FIRST_WORD_CHANNEL else 2
        if len(block.data) % block.width:
            raise ValueError(f"a block of {len(block.data)} bytes on DMA channel {channel}: it moves words, give pairs")
        self.running[channel] = block
        self._set_dreq(channel, block.wants)

    def stop(self, channel: int) -> int:
        """Take a block back without calling `done`; return the bytes moved, 0 when none was under way."""
        block = self.running.pop(channel, None)
        if block is None:
            return 0
        self._set_dreq(channel, False)
        return block.position

    def finish(self, channel: int) -> None:
        """End a block that is over, and tell its device."""
        block = self.running.pop(channel)
        self._set_dreq(channel, False)
        block.done(block.position, block.counted)

    # ---------------------------------------------------------------- what the bus asks of a World
    def dma_read(self, channel: int) -> int:
        """Return what the channel's device drives."""
        block = self.running.get(channel)
        if block is None:
            return self._world.dma_read(channel)
        block.moved = True
        value = FLOATING * 0x101 if block.width > 1 else FLOATING
        if block.position < len(block.data):
            value = int.from_bytes(block.data[block.position : block.position + block.width], "little")
            block.position += block.width
        self._set_dreq(channel, block.wants)
        return value

    def dma_write(self, channel: int, value: int) -> None:
        """Hand data to the channel's device."""
        block = self.running.get(channel)
        if block is None:
            self._world.dma_write(channel, value)
            return
        block.moved = True
        if block.position < len(block.data):
            block.data[block.position : block.position + block.width] = value.to_bytes(block.width, "little")
            block.position += block.width
        self._set_dreq(channel, block.wants)

    def dack(self, channel: int, active: bool) -> None:
        """Note that DACK# changed; its end closes a service, also one without a strobe (verify)."""
        block = self.running.get(channel)
        if block is None:
            self._world.dack(channel, active)
            return
        if not active and block.acknowledged and not block.moved:
            block.position += block.width
        block.acknowledged = active
        block.moved = False
        if not active and block.over:
            self.finish(channel)
        else:
            self._set_dreq(channel, block.wants)

    def tc(self, channel: int) -> None:
        """Note terminal count: the block ends with this service."""
        block = self.running.get(channel)
        if block is None:
            self._world.tc(channel)
        else:
            block.counted = True
            self._set_dreq(channel, False)
