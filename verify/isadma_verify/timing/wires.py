"""The pins in picoseconds: who drives what, what a wire shows, and what its flip-flop on the fabric's clock catches."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from .checker import Checker, Level

__all__ = ["INPUTS", "OUTPUTS", "Pads", "Wires"]

#: What the part hears, with the bits of it.
INPUTS = {
    "clk": 1,
    "reset": 1,
    "cs_n": 1,
    "ready": 1,
    "hlda": 1,
    "dreq": 4,
    "ior_n": 1,
    "iow_n": 1,
    "eop_n": 1,
    "db": 8,
    "a": 4,
}
#: What it drives.
OUTPUTS = {
    "hrq": 1,
    "dack": 4,
    "aen": 1,
    "adstb": 1,
    "ior_n": 1,
    "iow_n": 1,
    "memr_n": 1,
    "memw_n": 1,
    "eop_n": 1,
    "db": 8,
    "a": 8,
}


@dataclass(frozen=True)
class Pads:
    """
    What lies between a pin of the socket and a flip-flop in the FPGA, in picoseconds.

    Parameters
    ----------
    inputs, outputs
        Least and greatest delay of pads, level shifters and routing; each bit draws its own.
    aperture
        A change so long before or after a fabric clock may be caught in that clock or in the next: each bit, each time,
        as chance has it. Not more than the least delay of an input.
    jitter
        A fabric clock comes up to so long before or after its time.
    """

    inputs: tuple[int, int] = (1000, 6000)
    outputs: tuple[int, int] = (2000, 12000)
    aperture: int = 1000
    jitter: int = 200


@dataclass
class Wires:
    """The board's wires: the part and the system drive them, whoever waits for one is called, the checker sees all."""

    checker: Checker
    chance: Random
    pads: Pads
    system: dict[str, Level] = field(default_factory=dict)
    part: dict[str, Level] = field(default_factory=dict)
    #: Two drivers that did not agree, in words.
    fights: list[str] = field(default_factory=list)
    watchers: list[Callable[[str, str, Level], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the delays."""
        self._delay = {(name, bit): self.chance.randint(*self.pads.inputs) for name in INPUTS for bit in range(8)}
        self._seen: dict[str, deque[tuple[int, int]]] = {name: deque([(-1, 0)], maxlen=16) for name in INPUTS}
        for name in ("cs_n", "ready", "ior_n", "iow_n", "eop_n"):
            self._seen[name].append((0, 1))

    def level(self, name: str) -> int:
        """Return what a wire shows: who drives it, or the pull-up."""
        if name == "eop_n":
            return int(self.part.get(name) != 0 and self.system.get(name) != 0)
        for side in (self.part, self.system):
            level = side.get(name)
            if level is not None:
                return level
        return (1 << max(INPUTS.get(name, 1), OUTPUTS.get(name, 1))) - 1

    def drive(self, side: str, at: int, name: str, level: Level) -> None:
        """Let one side drive a wire from now on."""
        mine, other = (self.part, self.system) if side == "part" else (self.system, self.part)
        if mine.get(name) == level and name in mine:
            return
        mine[name] = level
        if level is not None and other.get(name) is not None and name != "eop_n":
            self.fights.append(f"{name} is driven from both sides at {at / 1000:.1f} ns")
        (self.checker.part if side == "part" else self.checker.system)(at, name, level)
        if name in self._seen:
            shown = self.level(name)
            if shown != self._seen[name][-1][1]:
                self._seen[name].append((at, shown))
        for watcher in list(self.watchers):
            watcher(side, name, level)

    def caught(self, edge: int) -> dict[str, int]:
        """Return what the first flip-flops catch at a fabric clock."""
        return {name: self._catch(name, bits, edge) for name, bits in INPUTS.items()}

    def _catch(self, name: str, bits: int, edge: int) -> int:
        history = self._seen[name]
        if edge - history[-1][0] > self.pads.inputs[1] + self.pads.aperture:
            return history[-1][1] & ((1 << bits) - 1)
        value = 0
        for bit in range(bits):
            at = edge - self._delay[name, bit]
            inside = {level >> bit & 1 for time, level in history if abs(time - at) <= self.pads.aperture}
            before = next((level >> bit & 1 for time, level in reversed(history) if time < at - self.pads.aperture), 0)
            value |= self.chance.choice(sorted(inside | {before})) << bit
        return value
