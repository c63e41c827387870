"""A bus master's burst whose progress lives in the struct that C++ works on, so that either clock can go on with it."""

from __future__ import annotations

import ctypes

from isadma_sim.engines.mastering import Mastering
from isadma_sim.engines.native.library import BurstState, State
from isadma_sim.engines.native.shared import shared
from isadma_sim.engines.stats import Stats
from isadma_sim.machine.burst import Burst
from isadma_sim.machine.guard import Guard

__all__ = ["NativeMastering"]


class NativeMastering(Mastering):
    """`Mastering` that C++ runs.

    Parameters
    ----------
    memory, guard, stats
        As for `Mastering`.
    state : State
        The shared struct.
    """

    position = shared("position")
    phase = shared("phase")
    _word = shared("word")
    _data = shared("carried")

    def __init__(self, memory: memoryview, guard: Guard, stats: Stats, state: State) -> None:
        self._state: BurstState = state.burst
        self._burst: Burst | None = None
        self._pinned: ctypes.Array[ctypes.c_uint8] | None = None
        super().__init__(memory, guard, stats)

    @property
    def burst(self) -> Burst | None:
        """The burst under way."""
        return self._burst

    @burst.setter
    def burst(self, burst: Burst | None) -> None:
        self._burst = burst
        state = self._state
        if burst is None:
            state.data = self._pinned = None
            return
        self._pinned = (ctypes.c_uint8 * len(burst.data)).from_buffer(burst.data)
        state.address, state.channel, state.length = burst.address, burst.channel, len(burst.data)
        state.to_memory, state.clocks, state.width = burst.to_memory, burst.clocks, burst.width
        state.data = ctypes.addressof(self._pinned)

    def finish(self, moved: int) -> None:
        """Take the burst back from C++ and tell its card."""
        burst = self._burst
        assert burst is not None
        self.burst = None
        burst.done(moved)
