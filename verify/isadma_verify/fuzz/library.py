"""The compiled side of a target: built once per content, then called for whole seeds or single scenarios."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from amaranth.back import rtlil

from isadma_verify.fuzz.building import FuzzError, compiled
from isadma_verify.fuzz.scenario import RawScenario, RawStep, Scenario
from isadma_verify.fuzz.targets import Target, design
from isadma_verify.random.noise import power_up

__all__ = ["FLAT", "TO_CPP", "Clock", "Difference", "FuzzError", "Library", "RawDifference", "build", "load", "netlist"]

_HEADERS = ("registers.h", "chip.h", "bins.h", "steps.h", "generate.h", "coverage.h", "play.h", "record.h", "fuzz.cc")
_MOST_STEPS = 1 << 20
FLAT = "read_rtlil top.il; proc; flatten; opt"
TO_CPP = "splitnets -driver; clean -purge; write_cxxrtl -O6 -g0 top.cc"
"""What Yosys does with a flat netlist."""

_WORDS = ctypes.POINTER(ctypes.c_uint32)
_ROW = ctypes.CFUNCTYPE(None, ctypes.c_void_p, _WORDS, _WORDS, _WORDS, _WORDS, _WORDS)
_NO_ROW = _ROW()


class RawDifference(ctypes.Structure):
    """As the C++ side has it."""

    _fields_ = (
        ("clock", ctypes.c_int64),
        ("pin", ctypes.c_uint32),
        ("expected", ctypes.c_uint32),
        ("got", ctypes.c_uint32),
        ("care", ctypes.c_uint32),
        ("state", ctypes.c_uint32),
        ("done", ctypes.c_uint32),
    )


@dataclass(frozen=True)
class Difference:
    """The first clock in which design and golden model differ.

    Attributes
    ----------
    clock : int
        Fabric clock from power-up, the first is 0.
    pin : str
        Pin that differs, the first of that clock.
    expected, got : int
        What the model and the design show.
    care : int
        Bits of it that the contract fixes.
    state : str
        The model's state.
    """

    clock: int
    pin: str
    expected: int
    got: int
    care: int
    state: str


@dataclass(frozen=True)
class Clock:
    """One fabric clock of a trace: inputs, pins of both sides, which bits of them count, the chips' states."""

    inputs: dict[str, int]
    expected: dict[str, int]
    got: dict[str, int]
    care: dict[str, int]
    states: tuple[str, str]


class Library:
    """A design and its golden model, compiled together."""

    def __init__(self, loads: str, target: Target, per_state: int) -> None:
        self.target = target
        self.per_state = per_state
        self.compiled = lib = ctypes.CDLL(loads)
        lib.fuzz_pin_name.restype = lib.fuzz_state_name.restype = ctypes.c_char_p
        lib.fuzz_scenario.restype = ctypes.c_uint32
        lib.fuzz_scenario.argtypes = [
            ctypes.c_uint64,
            ctypes.c_uint32,
            ctypes.c_uint32,
            ctypes.POINTER(RawScenario),
            ctypes.POINTER(RawStep),
            ctypes.c_uint32,
        ]
        bins = ctypes.POINTER(ctypes.c_uint64)
        difference = ctypes.POINTER(RawDifference)
        lib.fuzz_play.restype = None
        lib.fuzz_play.argtypes = [ctypes.POINTER(RawScenario), difference, bins, _ROW, ctypes.c_void_p]
        lib.fuzz_seeds.restype = ctypes.c_uint64
        lib.fuzz_seeds.argtypes = [
            ctypes.c_uint64,
            ctypes.c_uint64,
            ctypes.c_uint32,
            ctypes.c_uint32,
            bins,
            difference,
        ]
        lib.fuzz_follow.argtypes = [_WORDS, ctypes.c_char_p, ctypes.c_uint32, bins]
        self.pins = [lib.fuzz_pin_name(0, n).decode() for n in range(lib.fuzz_pins(0))]
        self.inputs = [lib.fuzz_pin_name(1, n).decode() for n in range(lib.fuzz_pins(1))]
        self.widths = {name: lib.fuzz_pin_width(0, n) for n, name in enumerate(self.pins)}
        self.widths |= {name: lib.fuzz_pin_width(1, n) for n, name in enumerate(self.inputs)}
        self.bins = list(self._bin_names())

    def _bin_names(self) -> Iterator[str]:
        text = ctypes.create_string_buffer(256)
        for number in range(self.compiled.fuzz_bins()):
            self.compiled.fuzz_bin_name(number, text, len(text))
            yield text.value.decode()

    def let_live(self, mutant: int) -> None:
        """Let one of the mutations that were built in live in all that is played from now on; 0: none."""
        self.compiled.fuzz_mutant(mutant)

    def counters(self) -> ctypes.Array[ctypes.c_uint64]:
        """Return new coverage counters, one per bin, all 0."""
        return (ctypes.c_uint64 * len(self.bins))()

    def scenario(self, seed: int, clocks: int) -> Scenario:
        """Draw the scenario of a seed."""
        steps = (RawStep * _MOST_STEPS)()
        raw = RawScenario()
        count = self.compiled.fuzz_scenario(seed, clocks, self.per_state, raw, steps, _MOST_STEPS)
        if count > _MOST_STEPS:
            raise FuzzError(f"a scenario of {clocks} clocks has {count} steps: take fewer clocks a scenario")
        return Scenario.from_raw(self.target.name, raw, steps[:count])

    def play(self, scenario: Scenario, bins: ctypes.Array[ctypes.c_uint64] | None = None) -> Difference | None:
        """Play one scenario; return where the design differs first, or None."""
        return self._play(scenario, bins, _NO_ROW)

    def trace(self, scenario: Scenario) -> list[Clock]:
        """Play one scenario whole, differences or not, and return every clock."""
        clocks: list[Clock] = []

        def row(_context: int, inputs: Sequence[int], *shown: Sequence[int]) -> None:
            expected, got, care = (_named(self.pins, side) for side in shown[:3])
            states = (self.state(shown[3][0]), self.state(shown[3][1]))
            clocks.append(Clock(_named(self.inputs, inputs), expected, got, care, states))

        self._play(scenario, None, _ROW(row))
        return clocks

    def seeds(
        self, first: int, count: int, clocks: int, bins: ctypes.Array[ctypes.c_uint64] | None = None
    ) -> tuple[int, Difference | None]:
        """Play the scenarios of seeds one after the other; return how many agreed before the first that does not."""
        raw = RawDifference()
        agreed = self.compiled.fuzz_seeds(first, count, clocks, self.per_state, bins, raw)
        return agreed, self.difference(raw)

    def follow(
        self, inputs: Sequence[Sequence[int]], edges: Sequence[tuple[bool, bool]], bins: ctypes.Array[ctypes.c_uint64]
    ) -> None:
        """Count the bins of pins that something else has driven, from power-up on.

        Parameters
        ----------
        inputs
            Of each fabric clock, in the order of `inputs`.
        edges
            Whether each clock ends CLK's low half, and its high half.
        bins
            Counters, as `counters` makes them.

        Raises
        ------
        FuzzError
            The target cannot do that.
        """
        flat = [level for clock in inputs for level in clock]
        words = (ctypes.c_uint32 * max(1, len(flat)))(*flat)
        if not self.compiled.fuzz_follow(words, bytes(r | f << 1 for r, f in edges), len(edges), bins):
            raise FuzzError(f"{self.target.name}: its coverage cannot follow a bench's pins")

    def _play(
        self, scenario: Scenario, bins: ctypes.Array[ctypes.c_uint64] | None, row: Callable[..., None]
    ) -> Difference | None:
        raw, difference = scenario.to_raw(), RawDifference()
        self.compiled.fuzz_play(raw, difference, bins, row, None)
        return self.difference(difference)

    def state(self, number: int) -> str:
        """Return the name of a state of the model."""
        return str(self.compiled.fuzz_state_name(number).decode())

    def difference(self, raw: RawDifference) -> Difference | None:
        """Take a difference from the C++ side; None where there is none."""
        if raw.clock < 0:
            return None
        pin = self.pins[raw.pin]
        return Difference(raw.clock, pin, raw.expected, raw.got, raw.care, self.state(raw.state))


def _named(names: Sequence[str], values: Sequence[int]) -> dict[str, int]:
    return {name: values[number] for number, name in enumerate(names)}


def netlist(target: Target, per_state: int) -> tuple[str, str]:
    """Return a target's design in RTLIL, top module ``top``, and the C++ class that drives it.

    Raises
    ------
    FuzzError
        The model does not know that clocking.
    """
    if per_state not in target.clockings:
        known = " or ".join(map(str, target.clockings))
        raise FuzzError(f"{target.name} at {per_state} fabric clocks a state: its golden model knows {known}")
    top, ports, rtl = design(target, per_state)
    return power_up(rtlil.convert(top, name="top", ports=ports), target.noise), rtl


@cache
def load(target: Target, per_state: int = 1) -> Library:
    """Return the library of a target, building it where the cache has none.

    Parameters
    ----------
    target : Target
        What is fuzzed.
    per_state : int
        Fabric clocks a state, one of the target's `clockings`.

    Raises
    ------
    FuzzError
        There is no compiler, or the model does not know that clocking.
    isadma_sim.engines.base.EngineError
        The compiler failed.
    """
    text, rtl = netlist(target, per_state)
    return build(target, per_state, {"top.il": text, "rtl.h": rtl}, f"{FLAT}; {TO_CPP}")


def build(
    target: Target, per_state: int, sources: Mapping[str, str], script: str, defines: Mapping[str, int] | None = None
) -> Library:
    """Return the library of a target whose netlist a script of Yosys makes, building it where the cache has none.

    Parameters
    ----------
    target : Target
        Whose golden model it is compared with.
    per_state : int
        Fabric clocks a state.
    sources : mapping
        Files by name: ``rtl.h``, and what the script reads.
    script : str
        Of Yosys: leaves ``top.cc``.
    defines : mapping, optional
        Constants beside the target's own.
    """
    own = resources.files("isadma_verify.fuzz.cpp")
    files = {name: (own / name).read_text() for name in (*_HEADERS, *target.headers)}
    files |= {**sources, "target.h": _target_header(target, defines or {})}
    return Library(compiled("fuzz", files, "fuzz.cc", script), target, per_state)


def _target_header(target: Target, more: Mapping[str, int]) -> str:
    defines = [f"#define {name} {value}" for name, value in {**target.defines, **more}.items()]
    defines.append(f"#define NOISE {int(target.noise is not None)}")
    return "\n".join(["#pragma once", *defines, f'#include "{target.headers[0]}"', ""])
