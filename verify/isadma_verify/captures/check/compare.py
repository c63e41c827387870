"""Compares the lines of a capture with those of a bench, and finds a probe that is off by some clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Compared", "Tally", "compared_lines"]

Levels = np.ndarray[Any, np.dtype[np.uint8]]

#: Clocks by which a probe may be off, everywhere, and still be one that agrees.
OFFSETS = (0, 1, -1, 2, -2)
_REACH = max(OFFSETS)
#: Part of a line's judged clocks that an offset must leave.
_MOST = 0.75
_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
_PLAIN = ("hrq", "aen", "tc", "refresh_n", "dreq0", "hlda", "dma_wait", "ready", "adstb")


@dataclass(frozen=True)
class Compared:
    """One line of a capture that a bench has too: in which field, which bit, and where the bench drives it."""

    line: str
    field: str
    bit: int = 0
    where: str | None = None
    inverted: bool = False


def compared_lines(lines: Sequence[str], fields: Mapping[str, tuple[int, int]], given: Sequence[str]) -> list[Compared]:
    """
    List the lines to be compared.

    Parameters
    ----------
    lines
        Those of the capture.
    fields
        Outputs of the bench.
    given
        Its inputs, which are not compared with themselves.
    """
    found = []
    # With AD0-AD7 the address lines are the processor's own, before the latches: the DMA is not on them.
    before_the_latches = any(line.startswith("ad") and line[2:].isdigit() for line in lines)
    for line in lines:
        stem, number = line.rstrip("0123456789"), line[len(line.rstrip("0123456789")) :]
        if line in _PLAIN and line in fields and line not in given:
            found.append(Compared(line, line))
        elif line in _STROBES and line in fields:
            found.append(Compared(line, line, where="strobes_oe"))
        elif line == "eop_n" and "tc" in fields:
            found.append(Compared(line, "tc", inverted=True))
        elif line.startswith("dack") and int(line[4]) < fields["dack_n"][1]:
            found.append(Compared(line, "dack_n", int(line[4])))
        elif stem in ("a", "d") and number and not before_the_latches and int(number) < fields[stem][1]:
            found.append(Compared(line, stem, int(number), where=f"{stem}_oe"))
    return found


class Tally:
    """
    Agreements of one line, at each of the `OFFSETS`.

    Attributes
    ----------
    judged : int
        Clocks that were compared, without an offset.
    wrong : dict of int to int
        Clocks that differ, by offset: at 1 the capture shows a clock late what the bench shows.
    first : dict of int to int
        First of them.
    moved : int
        Edges in the capture: a line that stands still fits at any offset.
    """

    def __init__(self, compared: Compared) -> None:
        self.compared = compared
        self.judged = self.moved = 0
        self.wrong = dict.fromkeys(OFFSETS, 0)
        self._looked = dict.fromkeys(OFFSETS, 0)
        self.first: dict[int, int] = {}
        self._tail: tuple[Levels, Levels, Levels] | None = None
        self._clock = 0

    def add(self, captured: Levels, shown: Levels, judged: Levels) -> None:
        """Compare some clocks more; all three have a value for each, and `judged` is 0 where nothing is expected."""
        if self._tail is None:
            pad = np.zeros(2 * _REACH, np.uint8)
            self._tail = pad, pad, pad
            self._clock = -2 * _REACH
        captured, shown, judged = (
            np.concatenate([old, new]) for old, new in zip(self._tail, (captured, shown, judged), strict=True)
        )
        self._count(captured, shown, judged)
        self._clock += len(captured) - 2 * _REACH
        self._tail = captured[-2 * _REACH :], shown[-2 * _REACH :], judged[-2 * _REACH :]

    def end(self) -> None:
        """Compare the last clocks: what would lie behind them is not looked at."""
        pad = np.zeros(_REACH, np.uint8)
        self.add(pad, pad, pad)

    def _count(self, captured: Levels, shown: Levels, judged: Levels) -> None:
        # Of each clock that has all its neighbours.
        middle = slice(_REACH, len(captured) - _REACH)
        count = len(captured) - 2 * _REACH
        if count <= 0:
            return
        wanted = judged[middle]
        for offset in OFFSETS:
            start = _REACH + offset
            seen = captured[start : start + count]
            looked = wanted & judged[start : start + count]
            self._looked[offset] += int(looked.sum())
            differ = np.flatnonzero((seen != shown[middle]) & (looked == 1))
            if len(differ):
                self.wrong[offset] += len(differ)
                self.first.setdefault(offset, self._clock + _REACH + int(differ[0]))
        self.judged += int(wanted.sum())
        self.moved += int(np.count_nonzero(captured[middle] != captured[_REACH - 1 : _REACH - 1 + count]))

    @property
    def offset(self) -> int | None:
        """
        The offset at which every clock agrees; None when there is none.

        A probe that is off differs, without its offset, about as often as its line moves. And most of the clocks that
        are judged must be there at the offset too: a line that is driven for a clock now and then fits anywhere.
        """
        if self.wrong[0] == 0:
            return 0
        if self.wrong[0] < max(2, self.moved // 2):
            return None
        fitting = [k for k in OFFSETS if self.wrong[k] == 0 and self._looked[k] >= _MOST * self.judged]
        return fitting[0] if fitting and self.moved else None
