"""The world around an engine that was closed: nothing is in it, and nothing holds the machine's memory any more."""

from __future__ import annotations

from isadma_sim.machine.guard import Guard
from isadma_sim.machine.memory import FLOATING
from isadma_sim.machine.schedule import Schedule

__all__ = ["Nowhere"]


class Nowhere:
    """A `isadma_sim.machine.engine.World` in which nobody answers."""

    stop = False
    watch_int = False

    def __init__(self) -> None:
        self.memory = memoryview(bytearray())
        self.guard = Guard()
        self.schedule = Schedule()

    def port_kind(self, port: int) -> int:
        """No device answers this port."""
        return 0

    def io_claimed(self, port: int) -> bool:
        """No device answers this port."""
        return False

    def io_hidden(self, port: int) -> bool:
        """Nothing is hidden."""
        return False

    def io_read(self, port: int) -> int:
        """Nothing drives the bus."""
        return FLOATING

    def io_write(self, port: int, value: int) -> None:
        """Nobody takes it."""

    def dma_read(self, channel: int) -> int:
        """Nothing drives the bus."""
        return FLOATING

    def dma_write(self, channel: int, value: int) -> None:
        """Nobody takes it."""

    def dack(self, channel: int, active: bool) -> None:
        """Nobody looks."""

    def tc(self, channel: int) -> None:
        """Nobody looks."""
