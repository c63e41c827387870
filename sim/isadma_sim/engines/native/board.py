"""The compiled board by its packed pins, for the Python loop that waveforms and traces need."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from isadma_sim.engines.busloop import Probe

__all__ = ["NativeBoard"]


class NativeBoard:
    """A `isadma_sim.engines.busloop.Board` over the library's calls.

    Parameters
    ----------
    library : ctypes.PyDLL
        The built harness.
    machine : int
        What `isadma_open` returned.
    probes : sequence of Probe
        Packed from bit 0 in this order, at most 128 bits.
    """

    def __init__(self, library: ctypes.PyDLL, machine: int, probes: Sequence[Probe]) -> None:
        self._library = library
        self._machine = machine
        self.probes = probes

    def drive(self, inputs: int) -> int:
        """Set this clock's inputs and return what the outputs settle to."""
        return self._library.isadma_drive(self._machine, inputs)

    def clock(self, inputs: int) -> None:
        """End this clock."""
        self._library.isadma_edge(self._machine, inputs)

    def peek(self) -> Sequence[int]:
        """Values of `probes`."""
        word = self._library.isadma_probes(self._machine, 0) | self._library.isadma_probes(self._machine, 1) << 64
        values = []
        for probe in self.probes:
            values.append(word & ((1 << probe.width) - 1))
            word >>= probe.width
        return values
