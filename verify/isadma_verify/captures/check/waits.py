"""READY of the processor: where it can be told from a capture, and how long it is low beside each service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isadma_verify.captures.check.processor import IO_READ, IO_WRITE, PASSIVE
from isadma_verify.captures.check.stimulus import bus
from isadma_verify.captures.clocks import Clocks

__all__ = ["KINDS", "CardWaits", "ReadyRuns"]

Levels = np.ndarray[Any, np.dtype[np.uint8]]

_MEMORY = (0b100, 0b101, 0b110)
#: What the processor does beside a service.
KINDS = ("memory or none", "I/O", "a card's own waits")
#: Clocks behind which a cycle beside a service is over, or never comes.
_NEAR = 256


class CardWaits:
    """
    Marks the clocks in which a card may make the processor wait by itself, which no other line of the capture tells.

    Parameters
    ----------
    ranges
        First and last addresses of the cards' memory.
    unknown
        Address bits that the capture does not have.

    Attributes
    ----------
    cycles, clocks : int
        How many cycles and clocks that was.
    """

    def __init__(self, ranges: Sequence[tuple[int, int]], unknown: int) -> None:
        self._ranges, self._unknown = ranges, unknown
        self.cycles = self.clocks = 0
        self._inside = False
        self._active = False

    def marks(self, clocks: Clocks) -> Levels:
        """Return 1 for each such clock: from the status of the cycle to the first passive clock."""
        marked = np.zeros(clocks.count, np.uint8)
        status = bus(clocks.lines, "s", 3)
        address = bus(clocks.lines, "a", 20)
        low = bus(clocks.lines, "ad", 8)
        if status is None:
            return marked
        busy = status != PASSIVE
        where = (address if address is not None else np.uint64(0)) | (low if low is not None else np.uint64(0))
        before = np.append(self._active, busy[:-1])
        starts = np.flatnonzero(busy & ~before)
        ends = np.flatnonzero(~busy & before)
        memory = np.isin(status[starts], _MEMORY)
        hit = np.zeros(len(starts), bool)
        if not isinstance(where, np.ndarray):
            where = np.zeros(clocks.count, np.uint64)
        for first, last in self._ranges:
            hit |= memory & self._reaches(where[starts], first, last)
        if self._inside:
            end = int(ends[0]) if len(ends) else clocks.count
            marked[: end + 1] = 1
        for start in starts[hit]:
            later = np.searchsorted(ends, start)
            end = int(ends[later]) if later < len(ends) else clocks.count
            marked[start : end + 1] = 1
        self._active = bool(busy[-1])
        if self._active:
            self._inside = bool(hit[-1]) if len(starts) and (not len(ends) or starts[-1] > ends[-1]) else self._inside
        else:
            self._inside = False
        self.cycles += int(hit.sum())
        self.clocks += int(marked.sum())
        return marked

    def _reaches(self, address: Any, first: int, last: int) -> Any:
        # The unknown bits may be anything: the smallest and the largest address that may have been meant.
        known = np.uint64(0xFFFFF & ~self._unknown)
        size = last - first
        if size & (size + 1) == 0:  # a power of two: compare the bits above
            mask = np.uint64(0xFFFFF & ~self._unknown & ~size)
            return (address & mask) == (np.uint64(first) & mask)
        return ((address & known) <= last) & ((address | np.uint64(self._unknown)) >= first)


class ReadyRuns:
    """
    How long READY was low beside each service, by what the processor did.

    Attributes
    ----------
    runs : dict of str to Counter
        By one of `KINDS`: number of services by clocks.
    agreed : dict of str to int
        In how many of them the bench had READY low in the same clocks.
    """

    def __init__(self) -> None:
        self.runs: dict[str, Counter[int]] = {kind: Counter() for kind in KINDS}
        self.agreed: Counter[str] = Counter()
        self._tail: dict[str, Levels] = {}

    def add(self, parts: Mapping[str, Levels], *, last: bool = False) -> None:
        """Take some clocks more: `ready`, `shown`, `s`, `marked`, `judged`, and `wait`, the bench's DMA WAIT."""
        if self._tail:
            parts = {name: np.concatenate([self._tail[name], part]) for name, part in parts.items()}
        count = len(parts["ready"])
        begun = np.flatnonzero((parts["wait"][1:] == 1) & (parts["wait"][:-1] == 0)) + 1
        upto = count if last else count - _NEAR
        for start in begun:
            if start < upto and start >= 4:
                self._service(parts, int(start))
        kept = max(min(upto, count) - 4, 0)
        # A service that begins in the last four of these is looked at once: `start >= 4` above leaves it to the next.
        self._tail = {name: part[kept:].copy() for name, part in parts.items()}

    def _service(self, parts: Mapping[str, Levels], start: int) -> None:
        if not parts["judged"][start]:
            return
        ready = parts["ready"][start : start + _NEAR]
        highs = np.flatnonzero(ready)
        if not len(highs):
            return
        length = int(highs[0])
        before = parts["ready"][:start][::-1]
        earlier = np.flatnonzero(before)
        length += int(earlier[0]) if len(earlier) else 0
        end = start + int(highs[0])
        status = parts["s"][start - 2 : end]
        busy = status[status != PASSIVE]
        longer = bool(parts["shown"][start:end].any())  # the board would be ready before the card is
        if longer and parts["marked"][start - 2 : end].any():
            kind = KINDS[2]
        elif len(busy) and busy[0] in (IO_READ, IO_WRITE):
            kind = KINDS[1]
        else:
            kind = KINDS[0]
        self.runs[kind][length] += 1
        self.agreed[kind] += int(np.array_equal(ready[: int(highs[0]) + 1], parts["shown"][start : end + 1]))
