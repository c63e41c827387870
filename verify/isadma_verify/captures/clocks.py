"""Finds the clocks of a capture: one row of levels for each, at an edge of CLK or at a rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.pins import PinMap, Probe
from isadma_verify.captures.readers import Block, Reader

__all__ = ["Clocks", "clocks_of"]

_CLOCKS = 1 << 16
#: Of the edges in the first block, how many must follow each other at once for a capture with two samples a clock.
_RESAMPLED = 0.99

Levels = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class Clocks:
    """
    Some clocks in a row.

    Attributes
    ----------
    first : int
        Number of the first one, from the capture's beginning.
    count : int
        How many.
    lines : dict of str to ndarray
        Level of each line in each clock, 0 or 1.
    """

    first: int
    count: int
    lines: dict[str, Levels]


def clocks_of(reader: Reader, pins: PinMap, *, edge: str = "rise") -> Iterator[Clocks]:
    """
    Read a capture clock by clock.

    Parameters
    ----------
    reader
        The capture.
    pins
        Which probe is on which line.
    edge
        Edge of CLK, where the pin map does not say.

    Yields
    ------
    Clocks
        Some ten thousand at a time, without a gap.

    Raises
    ------
    CaptureError
        There is neither a CLK that moves nor a rate.
    """
    rows = _by_clk(reader, pins, pins.edge or edge) if "clk" in pins.lines else _by_rate(reader, pins)
    first = 0
    for levels in rows:
        for start in range(0, len(levels), _CLOCKS):
            block = Block(levels[start : start + _CLOCKS])
            lines = {line: _level(block, probe) for line, probe in pins.lines.items() if line != "clk"}
            yield Clocks(first, len(block.levels), lines)
            first += len(block.levels)
    if first == 0:
        raise CaptureError(f"'{reader.path}' has no clock in it: CLK never moves; name its probe with --pins")


def _level(block: Block, probe: Probe) -> Levels:
    return block.probe(probe.number) ^ np.uint8(probe.inverted)


def _by_clk(reader: Reader, pins: PinMap, edge: str) -> Iterator[Any]:
    probe = pins.lines["clk"]
    before: Any = None
    sample = pins.sample
    for block in reader.blocks():
        clk = _level(block, probe)
        if edge == "fall":
            clk = clk ^ np.uint8(1)
        levels = block.levels
        if before is not None:
            levels = np.concatenate([before[0], levels])
            clk = np.concatenate([before[1], clk])
        if sample is None:
            sample = "at" if block.times is None and _resampled(clk) else "before"
        rises = np.flatnonzero((clk[1:] == 1) & (clk[:-1] == 0))
        before = levels[-1:].copy(), clk[-1:].copy()
        if len(rises):
            yield levels[rises + 1 if sample == "at" else rises]


def _resampled(clk: Levels) -> bool:
    return len(clk) > 4 and float(np.mean(clk[1:] != clk[:-1])) > _RESAMPLED


def _by_rate(reader: Reader, pins: PinMap) -> Iterator[Any]:
    if pins.clock is None:
        raise CaptureError(
            f"'{reader.path}' has no clock: map CLK with --pins, or write clock = 4772727 (hertz) in the pin map"
        )
    period = 1e9 / pins.clock
    if reader.rate is not None and reader.rate < pins.clock:
        raise CaptureError(
            f"'{reader.path}' has {reader.rate:g} samples a second: too few for a clock of {pins.clock:g}"
        )
    done, clock = 0, 0
    last: Any = None
    for block in reader.blocks():
        if block.times is None:
            if reader.rate is None:
                raise CaptureError(f"'{reader.path}' has neither times nor a sample rate: map CLK with --pins")
            times = (done + np.arange(len(block.levels))) * (1e9 / reader.rate)
        else:
            times = block.times
        done += len(block.levels)
        if last is None:
            origin = float(times[0])
            last = block.levels[:1]
        upto = int(np.floor((float(times[-1]) - origin) / period))
        wanted = origin + np.arange(clock, upto + 1) * period
        at = np.searchsorted(times, wanted, side="right") - 1
        levels = np.concatenate([last, block.levels])
        yield levels[at + 1]
        clock = upto + 1
        last = block.levels[-1:].copy()
