"""The processor's port accesses on their way to the machine, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from isadma_sim.pc import PC

__all__ = ["BoardPorts"]


class BoardPorts:
    """Ports of a PC for a processor (`isadma_sim.boot.processor.PortSide`).

    Parameters
    ----------
    pc : PC
        The machine.
    accessed : callable
        Called behind each of them.

    Attributes
    ----------
    reads, writes : Counter
        Accesses by port.
    count : int
        All of them.
    """

    def __init__(self, pc: PC, accessed: Callable[[], None]) -> None:
        self._pc = pc
        self._accessed = accessed
        self.count = 0
        self.reads: Counter[int] = Counter()
        self.writes: Counter[int] = Counter()

    def read(self, port: int) -> int:
        """Read a byte."""
        self.reads[port] += 1
        self.count += 1
        value = self._pc.inb(port)
        self._accessed()
        return value

    def write(self, port: int, value: int) -> None:
        """Write a byte."""
        self.writes[port] += 1
        self.count += 1
        self._pc.outb(port, value)
        self._accessed()
