"""Runs a capture through a bench: blocks of clocks with what the capture shows and what the bench shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isadma_verify.captures.check.bench import BENCHES, Bench, Kind
from isadma_verify.captures.check.compare import Compared
from isadma_verify.captures.check.machine import machine
from isadma_verify.captures.check.stimulus import Stimulus
from isadma_verify.captures.clocks import Clocks, clocks_of
from isadma_verify.captures.pins import PinMap
from isadma_verify.captures.readers import Reader

__all__ = ["Replay", "Span"]

Levels = np.ndarray[Any, np.dtype[np.uint8]]
Words = np.ndarray[Any, np.dtype[np.uint64]]


@dataclass(frozen=True)
class Span:
    """Some clocks: what the capture has in `clocks`, and the bench's outputs, a word each, in `words`."""

    clocks: Clocks
    words: Words
    bench: Bench

    def field(self, name: str) -> Words:
        """Return an output of the bench."""
        low, width = self.bench.fields_out[name]
        return (self.words >> np.uint64(low)) & np.uint64((1 << width) - 1)

    def shown(self, line: Compared) -> Levels:
        """Return what the bench shows on a line."""
        level = (self.field(line.field) >> np.uint64(line.bit)) & np.uint64(1)
        return level.astype(np.uint8) ^ np.uint8(line.inverted)

    def driven(self, line: Compared) -> Levels:
        """Return where the bench drives a line."""
        if line.where is None:
            return np.ones(len(self.words), np.uint8)
        return self.field(line.where).astype(np.uint8)


class Replay:
    """
    A capture beside a bench.

    Parameters
    ----------
    reader, pins
        The capture.
    name
        One of `BENCHES`.
    program
        What was written to the bench's ports before the capture began.
    engine
        See `machine`.
    """

    def __init__(
        self, reader: Reader, pins: PinMap, name: str, program: Sequence[tuple[int, int]], engine: str | None
    ) -> None:
        self._reader, self._pins, self._program, self._engine = reader, pins, program, engine
        self.kind: Kind = BENCHES[name]
        self.bench = self.kind.make()

    def spans(self, until: int | None = None) -> Iterator[Span]:
        """Run from the beginning, up to the end or a number of clocks."""
        bench = self.bench
        running = machine(bench, self._engine)
        stimulus = Stimulus(bench, self.kind, self._pins.refresh)
        running.run(stimulus.program(self._program))
        waiting: list[Clocks] = []
        for clocks in clocks_of(self._reader, self._pins, edge=self.kind.edge):
            if until is not None:
                clocks = _cut(clocks, until - clocks.first)
            if clocks.count:
                yield from self._with(bench, running.run(stimulus.rows(clocks)), waiting, clocks)
            if until is not None and clocks.first + clocks.count >= until:
                break
        yield from self._with(bench, running.run(stimulus.rest()), waiting, None)

    def _with(self, bench: Bench, words: Words, waiting: list[Clocks], clocks: Clocks | None) -> Iterator[Span]:
        """Give each block of clocks its words: with two halves to a clock, the last clock comes a block later."""
        if clocks is not None:
            waiting.append(clocks)
        words = words[:: self.kind.halves]
        while waiting and len(words):
            block = waiting[0]
            count = min(block.count, len(words))
            yield Span(_cut(block, count), words[:count], bench)
            words = words[count:]
            waiting[0] = _behind(block, count)
            if waiting[0].count == 0:
                waiting.pop(0)


def _cut(clocks: Clocks, count: int) -> Clocks:
    if count >= clocks.count:
        return clocks
    count = max(count, 0)
    return Clocks(clocks.first, count, {line: levels[:count] for line, levels in clocks.lines.items()})


def _behind(clocks: Clocks, count: int) -> Clocks:
    lines = {line: levels[count:] for line, levels in clocks.lines.items()}
    return Clocks(clocks.first + count, clocks.count - count, lines)
