"""System control port A, 92h: A20 and the processor's reset in two bits, as PS/2s and later ATs have it."""

# Ref: IBM Personal System/2 Hardware Interface Technical Reference, system control port A.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.machine.device import Device

__all__ = ["ControlPortA"]

_RESET, _A20 = 0x01, 0x02


class ControlPortA(Device):
    """Port 92h.

    Parameters
    ----------
    a20 : callable
        Called with bit 1 when it is written, and at RESET.
    reset_cpu : callable
        Called when bit 0 goes high.
    """

    name, ports = "control port A", (0x92,)

    def __init__(self, a20: Callable[[bool], None], reset_cpu: Callable[[], None]) -> None:
        self._a20, self._reset_cpu = a20, reset_cpu
        self._value = 0

    def reset(self) -> None:
        """Bus RESET: both bits are low."""
        self._value = 0
        self._a20(False)

    def io_read(self, port: int) -> int:
        """Read both bits."""
        return self._value

    def io_write(self, port: int, value: int) -> None:
        """Write both."""
        rises = value & ~self._value & _RESET
        self._value = value & (_RESET | _A20)
        self._a20(bool(value & _A20))
        if rises:
            self._reset_cpu()

    def save_state(self) -> Any:
        """Return both bits."""
        return self._value

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self._value = int(state)
        self._a20(bool(self._value & _A20))
