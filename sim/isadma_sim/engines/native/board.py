"""The compiled board by its packed pins, for the Python loop that waveforms and traces need."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from isadma_sim.engines.packed import CHIPS, probe_values, probes_of

__all__ = ["NativeBoard"]


class NativeBoard:
    """A `isadma_sim.engines.board.Board` over the library's calls.

    Parameters
    ----------
    library : ctypes.PyDLL
        The built harness.
    machine : int
        What `isadma_open` returned.
    board : str
        Which board it is.
    """

    def __init__(self, library: ctypes.PyDLL, machine: int, board: str) -> None:
        self.probes = probes_of(board)
        self._chips = len(CHIPS[board])
        self._library = library
        self._machine = machine

    def drive(self, inputs: int) -> int:
        """Set this clock's inputs and return what the outputs settle to."""
        return self._library.isadma_drive(self._machine, inputs)

    def clock(self, inputs: int) -> None:
        """End this clock."""
        self._library.isadma_edge(self._machine, inputs)

    def save(self) -> Any:
        """Return all that the board remembers: its registers and memories as C++ has them."""
        room = ctypes.create_string_buffer(self._library.isadma_board_size())
        self._library.isadma_board_save(self._machine, room)
        return {"kind": "native", "rtl": f"{self._library.isadma_board_id():016x}", "registers": room.raw.hex()}

    def load(self, state: Any) -> None:
        """Remember that instead."""
        if state["kind"] != "native":
            raise ValueError(f"this board was saved by engine {state['kind']!r}, not 'native'")
        registers = bytes.fromhex(state["registers"])
        mine = f"{self._library.isadma_board_id():016x}"
        if state["rtl"] != mine or len(registers) != self._library.isadma_board_size():
            raise ValueError(f"this board was saved by another version: its RTL is {state['rtl']}, and not {mine}")
        self._library.isadma_board_load(self._machine, registers)

    def peek(self) -> Sequence[int]:
        """Values of `probes`."""
        library, machine = self._library, self._machine
        return probe_values(
            self._chips,
            library.isadma_probes(machine),
            lambda chip, word: library.isadma_register(machine, chip, word),
        )
