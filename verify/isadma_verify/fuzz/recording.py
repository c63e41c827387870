"""Some clocks of a scenario as numbers, with the registers around them: what a test vector is made from."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.library import FuzzError, Library, RawDifference
from isadma_verify.fuzz.scenario import RawScenario, Scenario

__all__ = ["Recorder", "Recording", "Snapshot"]

_WORDS = ctypes.POINTER(ctypes.c_uint32)
_MOST_STATES = 32


class Snapshot(ctypes.Structure):
    """The registers of one chip, as the golden model has them.

    Attributes
    ----------
    address, count, base_address, base_count : array of four
        16 bits each.
    mode : array of four
        Bits 7-2; bits 1-0 are 0.
    command, status, request, mask, temporary : int
        The registers; the request lines are not in `status`.
    high_byte : int
        1: the next byte is the high one.
    state, served : int
        The model's state, and the channel it serves or served last.
    """

    _fields_ = (
        ("address", ctypes.c_uint16 * 4),
        ("count", ctypes.c_uint16 * 4),
        ("base_address", ctypes.c_uint16 * 4),
        ("base_count", ctypes.c_uint16 * 4),
        ("mode", ctypes.c_uint8 * 4),
        *((name, ctypes.c_uint8) for name in ("command", "status", "request", "mask", "temporary", "high_byte")),
        ("state", ctypes.c_uint8),
        ("served", ctypes.c_uint8),
    )


@dataclass(frozen=True)
class Recording:
    """Some clocks of a scenario.

    Attributes
    ----------
    inputs : array of int
        A row a clock, a column an input, in the order of the library's `inputs`.
    pins : array of int
        Likewise what the golden model shows, in the order of the library's `pins`.
    care : array of int
        The bits of `pins` that the contract fixes; 0 where the pin is not driven or not fixed.
    states : tuple of str
        The model's states.
    before, after : Snapshot
        The registers before the first and after the last of these clocks.
    bins : dict
        Coverage bins that these clocks reached, by name, with how often.
    """

    inputs: NDArray[np.uint32]
    pins: NDArray[np.uint32]
    care: NDArray[np.uint32]
    states: tuple[str, ...]
    before: Snapshot
    after: Snapshot
    bins: dict[str, int]


class Recorder:
    """Plays scenarios of a one-chip target and keeps clocks of them.

    Parameters
    ----------
    library : Library
        The target, compiled.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        lib = library.compiled
        lib.fuzz_row_words.restype = ctypes.c_uint32
        lib.fuzz_record.restype = None
        scenario, difference = ctypes.POINTER(RawScenario), ctypes.POINTER(RawDifference)
        bins = ctypes.POINTER(ctypes.c_uint64)
        registers = ctypes.POINTER(Snapshot)
        lib.fuzz_record.argtypes = [scenario, ctypes.c_uint32, ctypes.c_uint32, _WORDS, registers, bins, difference]
        self._words = lib.fuzz_row_words()
        self._states = [library.state(number) for number in range(_MOST_STATES)]

    def record(self, scenario: Scenario, first: int, clocks: int) -> Recording:
        """Play a scenario whole and keep `clocks` clocks from clock `first` on.

        Raises
        ------
        FuzzError
            Design and golden model differ.
        ValueError
            The scenario has no clock after those.
        """
        if scenario.clocks <= first + clocks:
            raise ValueError(f"a scenario of {scenario.clocks} clocks has none after clock {first + clocks}")
        library = self._library
        rows = np.zeros((clocks, self._words), np.uint32)
        registers, counters, raw = (Snapshot * 2)(), library.counters(), RawDifference()
        to = rows.ctypes.data_as(_WORDS)
        library.compiled.fuzz_record(scenario.to_raw(), first, clocks, to, registers, counters, raw)
        found = library.difference(raw)
        if found is not None:
            raise FuzzError(f"clock {found.clock}: {found.pin} is {found.got:X}h, and by the model {found.expected:X}h")
        inputs, pins, care = np.split(rows[:, :-1], np.cumsum([len(library.inputs), len(library.pins)]), axis=1)
        bins = {name: count for name, count in zip(library.bins, counters, strict=True) if count}
        states = tuple(self._states[number] for number in rows[:, -1])
        return Recording(inputs, pins, care, states, registers[0], registers[1], bins)
