"""Time in picoseconds: what happens when, processes that wait, CLK, and the fabric's clock between them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from .checker import Level
from .wires import OUTPUTS, Wires

__all__ = ["Clk", "Kernel", "Process", "StuckError"]

#: What a process yields: a time to wait for, or a side, a pin and the level that it waits for.
Wait = int | tuple[str, str, Level]
Process = Generator[Wait, None, None]


class StuckError(Exception):
    """Nothing came of what the bench waits for: what, in one line."""


class Clk:
    """The chip's clock: every period is drawn ahead of time, so that others can aim at its edges.

    Parameters
    ----------
    tcy, high
        Picoseconds: the least period, and how long CLK is high. A period has up to `jitter` more.
    """

    def __init__(self, tcy: int, high: int, jitter: int, chance: Random) -> None:
        self.tcy, self.jitter = tcy, jitter
        self._high, self._chance = high, chance
        self.rises, self.falls = [1_000], [1_000 + high]

    def _grow(self) -> None:
        self.rises.append(self.rises[-1] + self.tcy + self._chance.randint(0, self.jitter))
        self.falls.append(self.rises[-1] + self._high)

    def _next(self, edges: list[int], after: int) -> int:
        while edges[-1] <= after:
            self._grow()
        return next(edge for edge in edges[max(0, len(edges) - 60) :] if edge > after)

    def rise(self, after: int, nth: int = 1) -> int:
        """Return the time of the nth rising edge after a time."""
        for _ in range(nth):
            after = self._next(self.rises, after)
        return after

    def fall(self, after: int, nth: int = 1) -> int:
        """Return the time of the nth falling edge after a time."""
        for _ in range(nth):
            after = self._next(self.falls, after)
        return after


@dataclass
class Kernel:
    """
    The bench's time.

    Parameters
    ----------
    wires
        What all of it moves.
    clk
        The chip's clock.
    period
        The fabric's, in picoseconds.
    chance
        Where jitter and pads' delays come from.
    """

    wires: Wires
    clk: Clk
    period: int
    chance: Random
    now: int = 0
    _queue: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _waiting: dict[tuple[str, str, Level], list[Process]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the outputs' delays and start CLK."""
        pads = self.wires.pads.outputs
        self._delay = {(name, bit): self.chance.randint(*pads) for name in OUTPUTS for bit in range(9)}
        self._driven: dict[str, list[Level]] = {name: [None] * bits for name, bits in OUTPUTS.items()}
        self.wires.watchers.append(self._wake)
        self.start(self._clock())

    def at(self, time: int, action: Callable[[], None]) -> None:
        """Do something at a time; not before now."""
        heapq.heappush(self._queue, (max(time, self.now), next(self._order), action))

    def set(self, name: str, level: Level, time: int | None = None) -> None:
        """Let the system drive a pin, now or at a time."""
        when = self.now if time is None else time
        self.at(when, lambda: self.wires.drive("system", self.now, name, level))

    def start(self, process: Process) -> None:
        """Run a process to its first wait."""
        wait = next(process, None)
        if wait is None:
            return
        if isinstance(wait, int):
            self.at(wait, lambda: self.start(process))
        else:
            self._waiting.setdefault(wait, []).append(process)

    def _wake(self, side: str, name: str, level: Level) -> None:
        for process in self._waiting.pop((side, name, level), ()):
            self.at(self.now, partial(self.start, process))

    def _clock(self) -> Process:
        self.wires.drive("system", 0, "clk", 0)
        while True:
            yield self.clk.rise(self.now)
            self.wires.drive("system", self.now, "clk", 1)
            yield self.clk.fall(self.now)
            self.wires.drive("system", self.now, "clk", 0)

    def play(self, until: int, done: Callable[[], bool]) -> Generator[dict[str, int], dict[str, Level], None]:
        """Run until `done`: yields what each fabric clock catches, and is sent what the part drives after it."""
        number = 0
        phase = self.chance.randrange(self.period)
        jitter = self.wires.pads.jitter
        driven: dict[str, Level] = {}
        while not done():
            edge = phase + number * self.period + self.chance.randint(-jitter, jitter)
            number += 1
            while self._queue and self._queue[0][0] <= edge:
                self.now, _, action = heapq.heappop(self._queue)
                action()
            self.now = max(self.now, edge)
            if edge > until:
                waits = ", ".join(f"{pin} of the {side} to be {level}" for side, pin, level in self._waiting)
                raise StuckError(f"after {until / 1e6:.0f} us the bench still waits for {waits or 'its time'}")
            outputs = yield self.wires.caught(edge)
            if outputs != driven:
                self._move(edge, driven, outputs)
                driven = dict(outputs)

    def _move(self, edge: int, before: dict[str, Level], after: dict[str, Level]) -> None:
        for name, level in after.items():
            was = before.get(name)
            if was == level and name in before:
                continue
            moves: dict[int, dict[int, Level]] = {}
            for bit in range(OUTPUTS[name]):
                old = None if was is None else was >> bit & 1
                new = None if level is None else level >> bit & 1
                if old != new or not before:
                    # The drivers of a bus share one enable.
                    line = 8 if (old is None) != (new is None) else bit
                    moves.setdefault(edge + self._delay[name, line], {})[bit] = new
            for time, bits in moves.items():
                self.at(time, partial(self._bits, name, bits))

    def _bits(self, name: str, moved: dict[int, Level]) -> None:
        bits = self._driven[name]
        for bit, level in moved.items():
            bits[bit] = level
        known = [value for value in bits if value is not None]
        whole = None if len(known) < len(bits) else sum(value << n for n, value in enumerate(known))
        self.wires.drive("part", self.now, name, whole)
