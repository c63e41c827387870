"""A scenario in Python and in JSON: the steps of the processor and of the wires that a design is put through."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from isadma_tools.files.whole import write_whole

__all__ = ["MOST_GAP", "WIRES", "Kind", "RawScenario", "RawStep", "Scenario", "ScenarioError", "Step"]

FORMAT = 1
"""Version of the JSON."""


class ScenarioError(ValueError):
    """A file that is no scenario; the message says where."""


class Kind(IntEnum):
    """What a step does; the numbers are the C++ side's. The first five are the processor's, the next five the wires'.

    WRITE and READ are a Wishbone master's cycles, ANSWER is how memory answers the design's. FRAME and COMMAND are what
    the bridge gets over its line.
    """

    OUT = 0
    IN = 1
    IDLE = 2
    RESET = 3
    RELOAD = 4
    LINES = 5
    BUSY = 6
    STOP = 7
    GRANT = 8
    DROP = 9
    WRITE = 10
    READ = 11
    ANSWER = 12
    FRAME = 13
    COMMAND = 14


DEFECTS = (
    "whole",
    "with the number of the one before",
    "with a bit of it wrong",
    "that ends early",
    "with a byte that has no stop bit",
    "after bytes of none",
)
"""What may be wrong with a FRAME, by its length."""
WIRES = frozenset({Kind.LINES, Kind.BUSY, Kind.STOP, Kind.GRANT, Kind.DROP, Kind.ANSWER})
"""Steps of the wires: their gap comes before them."""
MOST_GAP = 0xFF
"""Clocks that a gap may have."""


class RawStep(ctypes.Structure):
    """As the C++ side has it."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("length", ctypes.c_uint8),
        ("gap", ctypes.c_uint8),
        ("data", ctypes.c_uint8),
        ("port", ctypes.c_uint16),
        ("count", ctypes.c_uint16),
    )


class RawScenario(ctypes.Structure):
    """As the C++ side has it."""

    _fields_ = (
        ("clocks", ctypes.c_uint32),
        ("noise", ctypes.c_uint32),
        ("per_state", ctypes.c_uint32),
        ("settle", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("steps", ctypes.POINTER(RawStep)),
    )


@dataclass(frozen=True)
class Step:
    """One step; what a kind does not use is 0.

    Attributes
    ----------
    kind : Kind
        OUT and IN are the processor's accesses, IDLE its pauses; RESET waits until no service is under way, RELOAD does
        not and then loads every channel again. LINES sets the request lines, BUSY holds READY low, STOP holds EOP# low,
        GRANT sets how late HLDA follows HRQ, DROP takes HLDA from a cascaded master. WRITE and READ are cycles of
        Wishbone, ANSWER sets when and how memory answers. FRAME begins a frame, COMMAND adds a command to it.
    length : int
        Clocks of a strobe, of RESET, or from HRQ to HLDA (GRANT); until a cycle is given up (0: never) or answered.
    gap : int
        Clocks after an access; before a step of the wires.
    data : int
        Byte written, or clocks from HRQ's fall to HLDA's (GRANT), or byte lanes (WRITE, READ).
    port : int
        Port or word of an access, or the request lines (LINES; bit 8 is OUT1).
    count : int
        Clocks of IDLE, BUSY, STOP; seed of RELOAD; what WRITE writes; which transfer to come fails (ANSWER; 0: none).
    """

    kind: Kind
    length: int = 0
    gap: int = 0
    data: int = 0
    port: int = 0
    count: int = 0

    def words(self) -> str:
        """Say it in words."""
        match self.kind:
            case Kind.OUT:
                return f"OUT {self.port:02X}h, {self.data:02X}h (strobe {self.length}, then {self.gap} clocks)"
            case Kind.IN:
                return f"IN {self.port:02X}h (strobe {self.length}, then {self.gap} clocks)"
            case Kind.IDLE:
                return f"the processor pauses for {self.count} clocks"
            case Kind.RESET:
                return f"RESET for {self.length} clocks"
            case Kind.RELOAD:
                return f"RESET at once for {self.length} clocks, then every channel loaded (seed {self.count})"
            case Kind.LINES:
                return f"{self.gap} clocks later the request lines are {self.port:03X}h"
            case Kind.BUSY:
                return f"{self.gap} clocks later READY is low for {self.count}"
            case Kind.STOP:
                return f"{self.gap} clocks later EOP# is low for {self.count}"
            case Kind.GRANT:
                return f"{self.gap} clocks later HLDA rises {self.length} late and falls {self.data} late"
            case Kind.DROP:
                return f"{self.gap} clocks later HLDA is taken from a cascaded master"
            case Kind.WRITE | Kind.READ:
                data = f", {self.count:04X}h" if self.kind is Kind.WRITE else ""
                patience = f", given up after {self.length}" if self.length else ""
                word = f"{self.kind.name} word {self.port:02X}h{data}"
                return f"{word} (lanes {self.data:04b}b{patience}, then {self.gap} clocks)"
            case Kind.ANSWER:
                fails = f", number {self.count} from now with ERR" if self.count else ""
                return f"{self.gap} clocks later memory answers after {self.length} clocks{fails}"
            case Kind.FRAME:
                return f"{self.gap} bits later a frame, {DEFECTS[self.length % len(DEFECTS)]}"
            case Kind.COMMAND:
                return f"  command {self.data:02X}h (address or value {self.port:04X}h, count {self.count})"


@dataclass(frozen=True)
class Scenario:
    """What a design is put through, from power-up on.

    Attributes
    ----------
    target : str
        Name of the target.
    clocks : int
        Fabric clocks.
    steps : tuple of Step
        Processor's and wires' steps, mixed; each kind in its own order.
    noise : int
        Seed of what idle lines carry; 0 lets them rest.
    per_state : int
        Fabric clocks a state.
    settle : int
        Clocks after an access before HLDA may rise.
    """

    target: str
    clocks: int
    steps: tuple[Step, ...]
    noise: int = 0
    per_state: int = 1
    settle: int = 1

    @classmethod
    def from_raw(cls, target: str, raw: RawScenario, steps: Sequence[RawStep]) -> Scenario:
        """Take it from the C++ side."""
        taken = tuple(Step(Kind(s.kind), s.length, s.gap, s.data, s.port, s.count) for s in steps)
        return cls(target, raw.clocks, taken, raw.noise, raw.per_state, raw.settle)

    def to_raw(self) -> RawScenario:
        """Give it to the C++ side; the steps live as long as what is returned."""
        steps = (RawStep * len(self.steps))(*(RawStep(int(s.kind), *astuple(s)) for s in self.steps))
        raw = RawScenario(self.clocks, self.noise, self.per_state, self.settle, len(self.steps), steps)
        return raw

    def with_steps(self, steps: Sequence[Step]) -> Scenario:
        """Return the same with other steps."""
        return replace(self, steps=tuple(steps))

    def write(self, path: Path, **more: Any) -> None:
        """Write it as JSON, with more to read beside it."""
        steps = [{"kind": s.kind.name, **{k: v for k, v in asdict(s).items() if k != "kind" and v}} for s in self.steps]
        told = {"format": FORMAT, **more, "target": self.target, "clocks": self.clocks, "noise": self.noise}
        told |= {"per_state": self.per_state, "settle": self.settle, "steps": steps}
        told["in_words"] = [s.words() for s in self.steps]
        write_whole(path, (json.dumps(told, indent=1) + "\n").encode())

    @classmethod
    def read(cls, path: Path) -> Scenario:
        """Read it from JSON.

        Raises
        ------
        ScenarioError
            The file is no scenario.
        OSError
            It cannot be read.
        """
        try:
            told = json.loads(path.read_text())
        except ValueError as error:
            raise ScenarioError(f"{str(path)!r} is no JSON: {error}") from None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ScenarioError(f"{str(path)!r} is no scenario of format {FORMAT}: `isadma fuzz` writes them")
        try:
            steps = tuple(_step(number, step) for number, step in enumerate(told["steps"]))
            ints = {name: _int(name, told[name], most) for name, most in _HEAD.items()}
            return cls(target=str(told["target"]), steps=steps, **ints)
        except (KeyError, TypeError, ValueError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise ScenarioError(f"{str(path)!r}: {what}") from None


_HEAD = {"clocks": 50_000_000, "noise": 0xFFFFFFFF, "per_state": 4, "settle": 100}
_FIELDS = {"length": 0xFF, "gap": MOST_GAP, "data": 0xFF, "port": 0xFFFF, "count": 0xFFFF}


def astuple(step: Step) -> tuple[int, ...]:
    """Give a step's numbers in the C++ side's order, without its kind."""
    return (step.length, step.gap, step.data, step.port, step.count)


def _int(name: str, value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{name}={value!r}: give a whole number from 0 to {most}")
    return value


def _step(number: int, told: Any) -> Step:
    if not isinstance(told, dict) or told.get("kind") not in Kind.__members__:
        raise ValueError(f"step {number} has no kind of {', '.join(Kind.__members__)}")
    unknown = set(told) - {"kind", *_FIELDS}
    if unknown:
        raise ValueError(f"step {number}: nothing is named {', '.join(sorted(unknown))}")
    values = {name: _int(f"step {number}: {name}", told.get(name, 0), most) for name, most in _FIELDS.items()}
    return Step(Kind[told["kind"]], **values)
