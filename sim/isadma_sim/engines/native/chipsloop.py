"""What of the native engine's loop is about the chips that C++ has itself, and the memory of the running DMA cycle."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.busloop import BusLoop
from isadma_sim.engines.dmacycle import DmaCycles
from isadma_sim.engines.native.chips import Chips, NativePics
from isadma_sim.engines.native.library import State
from isadma_sim.engines.native.shared import shared
from isadma_sim.engines.stats import Stats
from isadma_sim.machine.engine import World
from isadma_sim.machine.interrupt_controllers import PicPair, PicSingle

__all__ = ["ChipsLoop", "SharedCycles"]


class SharedCycles(DmaCycles):
    """`DmaCycles` whose memory of the running cycle is the struct's, so that either clock can go on with it."""

    def __init__(self, world: World, devices: Blocks, stats: Stats, state: State) -> None:
        self._state = state
        super().__init__(world.memory, world.guard, devices, stats)

    _data = shared("data")
    _strobed = shared("strobed")


class ChipsLoop(BusLoop):
    """A `BusLoop` whose 8259As, timer and system control port are in C++; the attributes are `NativeLoop`'s."""

    _library: ctypes.PyDLL
    _machine: Any
    _state: State
    _chips: Chips
    _on_int: Callable[[bool], None]

    int_since = property(
        lambda self: self._chips.state.int_since, lambda self, clock: setattr(self._chips.state, "int_since", clock)
    )

    def own_pics(self, kind: type[PicPair | PicSingle], on_int: Callable[[bool], None]) -> NativePics:
        """Return the 8259As in C++."""
        self._on_int = on_int
        return NativePics(self._chips, kind, on_int)

    def own_chips(self) -> Chips:
        """Return where timer and system control port are."""
        return self._chips

    def set_answered(self, channel: int) -> None:
        """Have the world asked about a channel: somebody is there."""
        self._state.answered |= 1 << channel

    @property
    def due(self) -> int:
        """Clock of the next event, in Python or of the timer in C++."""
        return min(self.world.schedule.due, self._chips.state.due)

    def _happen(self) -> None:
        chips = self._chips
        if self.clocks >= chips.state.due:
            was = chips.state.pics[0].int_out
            self._library.isadma_tick(self._machine)
            if chips.state.pics[0].int_out and not was:
                self._on_int(True)
        super()._happen()
