"""Holds a capture against the RTL, and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from isadma_verify.captures.check.compare import Compared, Tally, compared_lines
from isadma_verify.captures.check.replay import Replay, Span
from isadma_verify.captures.check.services import Services
from isadma_verify.captures.check.stimulus import PROGRAMS, bench_name, bus
from isadma_verify.captures.check.waits import CardWaits, ReadyRuns
from isadma_verify.captures.clocks import clocks_of
from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.pins import PinMap, guessed, read_pins
from isadma_verify.captures.readers import Reader, open_capture

__all__ = ["Difference", "LineResult", "Result", "check"]

Levels = np.ndarray[Any, np.dtype[np.uint8]]

_PASSIVE = 0b111
#: Clocks around the first difference that are shown.
_BEFORE, _AFTER = 10, 5


@dataclass(frozen=True)
class LineResult:
    """One line: clocks compared, clocks that differ, its offset (None: none fits), and the first clock that differs."""

    line: str
    judged: int
    wrong: int
    offset: int | None
    first: int | None


@dataclass(frozen=True)
class Difference:
    """
    The first clock that differs.

    Attributes
    ----------
    clock : int
        From the capture's beginning.
    lines : dict of str to (int, int)
        What the capture and the bench show on each line that differs in it.
    first : int
        Clock that the rows begin with.
    captured, shown : dict of str to list of int
        Levels around it, by line, of the capture and of the bench.
    """

    clock: int
    lines: dict[str, tuple[int, int]]
    first: int
    captured: dict[str, list[int]]
    shown: dict[str, list[int]]


@dataclass
class Result:
    """What came of a check; see `check`."""

    path: Path
    board: str
    bench: str
    clocks: int
    seconds: float
    lines: list[LineResult]
    still: list[str]
    unused: list[str]
    services: Services
    ready: ReadyRuns | None
    waits: CardWaits | None
    allowed: LineResult | None
    difference: Difference | None
    unjudged: int = 0
    probes: dict[str, str] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether every clock of every line agrees, but for one probe with a constant offset."""
        return self.difference is None


def check(
    path: Path,
    *,
    pins: Path | None = None,
    board: str | None = None,
    until: int | None = None,
    engine: str | None = None,
    refresh: int | None = None,
) -> Result:
    """
    Replay a capture's inputs into the RTL and compare every output that the capture has.

    Parameters
    ----------
    path
        The capture.
    pins
        Its pin map; None guesses by the probes' names.
    board
        One of `isadma_verify.captures.pins.BOARDS`; None takes the pin map's, else the PC/XT.
    until
        Clocks to look at; None is all of them.
    engine
        One of `isadma_verify.captures.check.machine.ENGINES`; None is the fastest that runs here.
    refresh
        Clocks between refresh requests to hold the capture against; None takes each request as captured.

    Returns
    -------
    Result

    Raises
    ------
    CaptureError
        The capture or the pin map cannot be used.
    isadma_sim.engines.base.EngineError
        The engine cannot be built.
    OSError
        A file cannot be opened.
    """
    started = time.monotonic()
    reader = open_capture(path)
    mapped = guessed(reader.probes) if pins is None else read_pins(pins, reader.probes)
    if refresh is not None:
        mapped = PinMap(**{**mapped.__dict__, "refresh": refresh})
    board = board or mapped.board or "xt"
    name = bench_name(board, list(mapped.lines))
    program = PROGRAMS[board] if mapped.program is None else mapped.program
    replay = Replay(reader, mapped, name, program, engine)
    still = _still(reader, mapped, replay.kind.edge, until)
    lines = compared_lines(list(mapped.lines), replay.bench.fields_out, list(replay.bench.fields_in))
    if not lines:
        raise CaptureError(f"'{path}' has no output of the board in it: nothing to compare; see --pins")
    run = _Run(lines, mapped, still, processor=name == "xt-processor")
    for span in replay.spans(until):
        run.add(span)
    run.end()
    results, allowed = _judged(run.tallies)
    wrong = [line for line in results if line.wrong and line is not allowed]
    first = min((line.first for line in wrong if line.first is not None), default=None)
    difference = None if first is None else _around(replay, lines, first, run)
    used = {probe.number for probe in mapped.lines.values()}
    return Result(
        path=path,
        board=board,
        bench=name,
        clocks=run.clocks,
        seconds=time.monotonic() - started,
        lines=results,
        still=still,
        unused=[probe for number, probe in enumerate(reader.probes) if number not in used],
        services=run.services,
        ready=run.ready,
        waits=run.waits,
        allowed=allowed,
        difference=difference,
        unjudged=run.settled_at or 0,
        probes={line: reader.probes[probe.number] for line, probe in mapped.lines.items()},
    )


def _still(reader: Reader, pins: PinMap, edge: str, until: int | None) -> list[str]:
    """List the lines that never move: their probe may hang in the air."""
    first: dict[str, int] = {}
    still = {line for line in pins.lines if line != "clk"}
    for clocks in clocks_of(reader, pins, edge=edge):
        for line in list(still):
            levels = clocks.lines[line]
            if np.any(levels != first.setdefault(line, int(levels[0]))):
                still.discard(line)
        if not still or (until is not None and clocks.first + clocks.count >= until):
            break
    return [line for line in pins.lines if line in still]


class _Run:
    """All that is counted on the way."""

    def __init__(self, lines: Sequence[Compared], pins: PinMap, still: Sequence[str], *, processor: bool) -> None:
        self.tallies = [Tally(line) for line in lines]
        self.services = Services()
        self.clocks = 0
        #: First clock that is judged: before it something was under way that the capture does not show the start of.
        self.settled_at: int | None = None
        self.waits = self.ready = None
        if processor:
            has = {*pins.lines} - {*still}
            bits = [bit for bit in range(20) if f"a{bit}" not in has and f"ad{bit}" not in has]
            self.waits = CardWaits(pins.waits if "iochrdy" not in has else (), sum(1 << bit for bit in bits))
            if "ready" in pins.lines:
                self.ready = ReadyRuns()

    def add(self, span: Span) -> None:
        judged = self.judged(span)
        marked = np.zeros(span.clocks.count, np.uint8) if self.waits is None else self.waits.marks(span.clocks)
        for tally in self.tallies:
            line = tally.compared
            looked = judged & span.driven(line)
            if line.line == "ready":
                looked = looked & (1 - marked)
            tally.add(span.clocks.lines[line.line], span.shown(line), looked)
        self.services.add(span, judged)
        if self.ready is not None:
            self.ready.add(
                {
                    "ready": span.clocks.lines["ready"],
                    "shown": span.field("ready").astype(np.uint8),
                    "wait": span.field("dma_wait").astype(np.uint8),
                    "s": _status(span),
                    "marked": marked,
                    "judged": judged,
                }
            )
        self.clocks += span.clocks.count

    def judged(self, span: Span) -> Levels:
        """Return 1 for each clock from the first one on in which nothing is under way."""
        count = span.clocks.count
        if self.settled_at is not None:
            return np.ones(count, np.uint8)
        quiet = np.ones(count, bool)
        idle = {"dreq0": 0, "ready": 1, "aen": 0, "hrq": 0, **{f"dack{n}_n": 1 for n in range(8)}}
        for line, level in idle.items():
            if line in span.clocks.lines and line not in ("ready",) * (span.bench.fields_out.get("ready") is None):
                quiet &= span.clocks.lines[line] == level
        if "s0" in span.clocks.lines:
            quiet &= _status(span) == _PASSIVE
        found = np.flatnonzero(quiet)
        judged = np.zeros(count, np.uint8)
        if len(found):
            self.settled_at = span.clocks.first + int(found[0])
            judged[int(found[0]) :] = 1
        return judged

    def end(self) -> None:
        for tally in self.tallies:
            tally.end()
        if self.ready is not None:
            none = {name: np.zeros(0, np.uint8) for name in ("ready", "shown", "wait", "s", "marked", "judged")}
            self.ready.add(none, last=True)


def _status(span: Span) -> Levels:
    found = bus(span.clocks.lines, "s", 3)
    return np.full(span.clocks.count, _PASSIVE, np.uint8) if found is None else found.astype(np.uint8)


def _judged(tallies: Sequence[Tally]) -> tuple[list[LineResult], LineResult | None]:
    """Return what came of each line, and the one whose constant offset is let pass: that is allowed once."""
    results = []
    for tally in tallies:
        name = tally.compared.line
        results.append(LineResult(name, tally.judged, tally.wrong[0], tally.offset, tally.first.get(0)))
    off = [line for line in results if line.wrong and line.offset is not None]
    return results, off[0] if len(off) == 1 else None


def _around(replay: Replay, lines: Sequence[Compared], clock: int, run: _Run) -> Difference:
    """Run again up to a clock, and keep what is around it."""
    first, last = max(clock - _BEFORE, 0), clock + _AFTER
    captured: dict[str, list[int]] = {}
    shown: dict[str, list[int]] = {}
    differ: dict[str, tuple[int, int]] = {}
    waits = None if run.waits is None else CardWaits(run.waits._ranges, run.waits._unknown)
    for span in replay.spans(last):
        begin, end = span.clocks.first, span.clocks.first + span.clocks.count
        marked = np.zeros(span.clocks.count, np.uint8) if waits is None else waits.marks(span.clocks)
        cut = slice(max(first - begin, 0), max(last - begin, 0))
        for line, levels in span.clocks.lines.items():
            captured.setdefault(line, []).extend(levels[cut].tolist())
        for name in span.bench.fields_out:
            shown.setdefault(name, []).extend(span.field(name)[cut].tolist())
        if begin <= clock < end:
            at = clock - begin
            for compared in lines:
                mine, theirs = int(span.shown(compared)[at]), int(span.clocks.lines[compared.line][at])
                skipped = compared.line == "ready" and marked[at]
                if mine != theirs and span.driven(compared)[at] and not skipped:
                    differ[compared.line] = theirs, mine
    return Difference(clock, differ, first, captured, shown)
