"""The chips around the board that C++ has (``chipset.h``), and its 8259As as a machine in Python sees them.

The timer and port 61h there are devices to the machine: `isadma_sim.devices.timer.compiled`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from isadma_sim.engines.native.library import ChipsState, Kind
from isadma_sim.engines.native.picmodels import load_pic, show_pic
from isadma_sim.machine.i8259 import Pic8259
from isadma_sim.machine.interrupt_controllers import CASCADE, IRQS, Interrupt, PicPair, PicSingle
from isadma_sim.machine.plain import put_back, take_down

__all__ = ["Chips", "NativePics"]


class Chips:
    """What C++ has of one machine, and the calls there.

    Parameters
    ----------
    library : ctypes.PyDLL
        The harness.
    machine : int
        Its machine.
    state : ChipsState
        The struct that both read and write.
    """

    def __init__(self, library: ctypes.PyDLL, machine: int, state: ChipsState) -> None:
        self.library: Any = library
        self.machine: int | None = machine
        self.state = state

    def close(self) -> None:
        """Go on with a copy, which stands still: the machine goes now."""
        self.machine, self.state = None, ChipsState.from_buffer_copy(self.state)


class _Reads:
    """One of the two 8259As, to be looked at: attributes of its model, as they are now."""

    def __init__(self, chips: Chips, number: int) -> None:
        self._chips = chips
        self._number = number

    def __getattr__(self, name: str) -> Any:
        model = Pic8259()
        show_pic(self._chips.state.pics[self._number], model)
        return getattr(model, name)


class NativePics:
    """The 8259As of a board: what `PicPair` and `PicSingle` are, in C++.

    Parameters
    ----------
    chips : Chips
        Where they are.
    kind : type
        `PicPair` or `PicSingle`, their model.
    on_int : callable
        Called with True when INT rises by what Python does; what rises it in C++ needs no call.
    """

    chip_kind = int(Kind.PICS)

    def __init__(self, chips: Chips, kind: type[PicPair | PicSingle], on_int: Callable[[bool], None]) -> None:
        self._chips = chips
        self._kind = kind
        self._on_int = on_int
        self.ports = kind.ports
        self._lines = range(8) if kind is PicSingle else (0, 1, *range(CASCADE + 1, IRQS))
        chips.state.pair = kind is PicPair
        self.master = _Reads(chips, 0)
        self.slave = _Reads(chips, 1)

    @property
    def int_out(self) -> bool:
        """INT to the CPU."""
        return bool(self._chips.state.pics[0].int_out)

    def model(self) -> PicPair | PicSingle:
        """Return a model of what they are now."""
        model = self._kind(lambda high: None)
        for state, one in zip(self._chips.state.pics, self._each(model), strict=False):
            show_pic(state, one)
        return model

    @staticmethod
    def _each(model: PicPair | PicSingle) -> list[Pic8259]:
        return [model.master, model.slave] if isinstance(model, PicPair) else [model.master]

    def save_state(self) -> Any:
        """As `PicPair.save_state`."""
        return take_down(self.model())

    def load_state(self, state: Any) -> None:
        """As `PicPair.load_state`."""
        model = self.model()
        put_back(model, state)
        for kept, one in zip(self._chips.state.pics, self._each(model), strict=False):
            load_pic(kept, one)

    def set_irq(self, irq: int, high: bool) -> None:
        """Drive one request line; ValueError where there is none of that number."""
        if irq not in self._lines:
            self._kind().set_irq(irq, high)  # says what is wrong
        chips = self._chips
        was = chips.state.pics[0].int_out
        if chips.library.isadma_set_irq(chips.machine, irq, high) and not was:
            self._on_int(True)

    def acknowledge(self) -> Interrupt:
        """Both INTA cycles of an 8086-mode CPU."""
        taken = self._chips.library.isadma_inta(self._chips.machine)
        return Interrupt(taken & 0xFF, taken >> 8 & 0xFF, bool(taken >> 16))

    def masked(self, irq: int) -> bool:
        """As `PicPair.masked`."""
        return self.model().masked(irq)

    def in_service(self) -> list[int]:
        """As `PicPair.in_service`."""
        return self.model().in_service()

    def snapshot(self) -> tuple[int, int, int, int]:
        """As `PicPair.snapshot`."""
        return self.model().snapshot()

    def requested(self, irq: int) -> bool:
        """As `PicPair.requested`."""
        return self.model().requested(irq)

    def io_read(self, port: int) -> int:
        """Read a port for whoever stands in front of it, or looks clock by clock."""
        return int(self._chips.library.isadma_chip_read(self._chips.machine, Kind.PICS, port))

    def io_write(self, port: int, value: int) -> None:
        """Write one."""
        was = self.int_out
        self._chips.library.isadma_chip_write(self._chips.machine, Kind.PICS, port, value)
        if self.int_out and not was:
            self._on_int(True)
