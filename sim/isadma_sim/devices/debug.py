"""Ports that a program tells how it is: a POST card at 80h, and consoles at E9h and 402h, as emulators have them."""

# Ref: IBM PC AT Technical Reference (1502494), manufacturing test port; SeaBIOS, docs/Debugging.md (port 402h).

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.machine.device import Device

__all__ = ["DebugConsole", "PostCard"]

#: What a console answers to a read: a program asks so whether it is there.
THERE = 0xE9


class DebugConsole(Device):
    """Takes characters.

    Parameters
    ----------
    port : int
        E9h or 402h; 402h needs a machine that decodes 16 address lines (``PC(decode=16)``).
    on_character : callable
        Called with each as well.

    Attributes
    ----------
    said : bytearray
        All that was written.
    """

    def __init__(self, port: int = 0xE9, on_character: Callable[[int], None] = lambda value: None) -> None:
        self.name = f"debug console {port:X}h"
        self.ports = (port,)
        self.said = bytearray()
        self._on_character = on_character

    def io_read(self, port: int) -> int:
        """Say that it is there."""
        return THERE

    def io_write(self, port: int, value: int) -> None:
        """Take a character."""
        self.said.append(value)
        self._on_character(value)

    def save_state(self) -> Any:
        """Return what was said."""
        return [*self.said]

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self.said[:] = bytes(state)


class PostCard(Device):
    """Shows the last byte written to 80h. Attach it with ``share=True``: the port is a page register's as well.

    Attributes
    ----------
    shown : int or None
        That byte.
    """

    name, ports = "POST card", (0x80,)

    def __init__(self) -> None:
        self.shown: int | None = None

    def reset(self) -> None:
        """Bus RESET: nothing to show."""
        self.shown = None

    def io_write(self, port: int, value: int) -> None:
        """Show a byte."""
        self.shown = value

    def save_state(self) -> Any:
        """Return what it shows."""
        return self.shown

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self.shown = state
