"""The turn at a machine whose C++ looks too: who may call, and whether a signal waits, live in the shared struct."""

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.engines.native.library import State
from isadma_sim.engines.native.shared import shared
from isadma_sim.machine.signals import HeldSignals
from isadma_sim.machine.turn import Turn

__all__ = ["NativeTurn"]


class _NativeSignals(HeldSignals):
    """`HeldSignals` whose `hit` makes C++ come back."""

    hit = shared("hit")

    def __init__(self, state: State) -> None:
        self._state = state
        super().__init__()


class NativeTurn(Turn):
    """A `Turn` that C++ knows of: port accesses that ask no device are made without it.

    Parameters
    ----------
    adopt : callable
        Tells C++ that the calling thread is the owner.
    state : State
        The shared struct.
    """

    inside = shared("taken")
    signals: _NativeSignals

    def __init__(self, adopt: Callable[[], None], state: State) -> None:
        self._state = state
        self._adopt = adopt
        super().__init__(_NativeSignals(state))
        adopt()

    def take_over(self) -> None:
        """Make the calling thread the one that the machine is for."""
        super().take_over()
        self._adopt()

    def released(self) -> State:
        """Return a copy of the struct, which goes now, and look at that one from now on."""
        self._state = self.signals._state = State.from_buffer_copy(self._state)
        return self._state

    def close(self) -> None:
        """Refuse everybody from now on."""
        super().close()
        self._state.owner = 0

    def _forked(self) -> None:
        super()._forked()
        self._state.owner = 0
