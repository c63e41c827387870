"""Blocks whose progress lives in the struct that C++ works on, so that either clock can go on with them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.native.library import BlockState, State
from isadma_sim.engines.native.shared import shared
from isadma_sim.machine.block import Block
from isadma_sim.machine.engine import World

__all__ = ["NativeBlocks"]


class _NativeBlock(Block):
    """A `Block` over a `BlockState`."""

    position = shared("position")
    width = shared("width")
    to_host = shared("to_host")
    acknowledged = shared("acknowledged")
    moved = shared("moved")
    counted = shared("counted")

    def __init__(self, block: Block, state: BlockState) -> None:
        self._state = state
        super().__init__(block.data, to_host=block.to_host, done=block.done)
        self._pinned = (ctypes.c_uint8 * len(block.data)).from_buffer(block.data)
        state.length = len(block.data)
        state.data = ctypes.addressof(self._pinned)

    def release(self) -> None:
        """Take the data away from C++; progress stays readable."""
        self._state.data = None
        self._state = BlockState.from_buffer_copy(self._state)
        del self._pinned


class NativeBlocks(Blocks):
    """`Blocks` that C++ serves.

    Parameters
    ----------
    world, set_dreq
        As for `Blocks`.
    state : State
        The shared struct.
    """

    def __init__(self, world: World, set_dreq: Callable[[int, bool], None], state: State) -> None:
        super().__init__(world, set_dreq)
        self._state = state

    def start(self, channel: int, block: Block) -> None:
        """Begin a block on a channel."""
        super().start(channel, block)
        self.running[channel] = _NativeBlock(block, self._state.blocks[channel])
        self._state.blocks[channel].width = block.width

    def stop(self, channel: int) -> int:
        """Take a block back; return the bytes moved."""
        self._release(channel)
        return super().stop(channel)

    def finish(self, channel: int) -> None:
        """End a block that is over, and tell its device."""
        self._release(channel)
        super().finish(channel)

    def _release(self, channel: int) -> None:
        block = self.running.get(channel)
        if isinstance(block, _NativeBlock):
            block.release()
