"""Reads tables (`.csv`, `.csv.gz`) as analyzers write them: a column a probe, and perhaps one with the time."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.readers.block import BLOCK, WORD, Block

__all__ = ["Table"]

#: Head of a column that has the time, and how many nanoseconds its unit has.
_TIME = re.compile(r"time\s*(?:[\[(]?\s*(s|ms|us|µs|ns)\s*[\])]?)?", re.IGNORECASE)
_PER_NS = {"s": 1e9, "ms": 1e6, "us": 1e3, "µs": 1e3, "ns": 1.0}
_RATE = re.compile(r"samplerate:?\s*([0-9.]+)\s*([kMG]?)Hz", re.IGNORECASE)
_UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9}
_LEVELS = {"0": 0, "1": 1}
_LINE_LIMIT = 1 << 16


class Table:
    """
    A table of levels, 0 and 1, with the probes' names in its first row; lines that begin with ``;`` or ``#`` are said.

    A column whose name begins with *time* has the time of each row, in seconds unless its head says another unit.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CaptureError
        It has no head or no rows.
    OSError
        It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rate: float | None = None
        head = next(self._rows(), (0, []))[1]
        if not head:
            raise CaptureError(f"'{path}' is empty: the capture has length zero")
        if all(cell.strip() in _LEVELS for cell in head):
            raise CaptureError(f"'{path}' has no names in its first row: write the probes' names there")
        timed = [column for column, name in enumerate(head) if _TIME.fullmatch(name.strip())]
        self._time = timed[0] if timed else None
        unit = _TIME.fullmatch(head[timed[0]].strip()) if timed else None
        self._unit = _PER_NS[(unit[1] or "s").lower()] if unit else 1.0
        self._columns = [column for column in range(len(head)) if column != self._time]
        self.probes = [head[column].strip() for column in self._columns]

    def _text(self) -> Iterator[str]:
        opened: IO[bytes] = gzip.open(self.path) if self.path.suffix.lower() == ".gz" else self.path.open("rb")  # type: ignore[assignment]  # noqa: SIM115 - closed below
        with opened as stream:
            try:
                while line := stream.readline(_LINE_LIMIT):
                    text = line.decode("utf-8", "replace")
                    if text[:1] in ";#":
                        if said := _RATE.search(text):
                            self.rate = float(said[1]) * _UNITS[said[2].upper()]
                    elif text.strip():
                        yield text
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise CaptureError(f"'{self.path}' is cut off or damaged: it does not unpack; copy it again") from None

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from enumerate(csv.reader(self._text()), start=1)
        except csv.Error as error:
            raise CaptureError(f"'{self.path}' is no table: {error}") from None

    def blocks(self) -> Iterator[Block]:
        """Read the levels, some thousand rows at a time."""
        width = -(-len(self.probes) // WORD)
        levels: list[int] = []
        times: list[float] = []
        rows = self._rows()
        next(rows, None)
        found = False
        for number, row in rows:
            found = True
            try:
                now = 0
                for bit, column in enumerate(self._columns):
                    now |= _LEVELS[row[column].strip()] << bit
                levels.append(now)
                if self._time is not None:
                    times.append(float(row[self._time]) * self._unit)
            except (KeyError, ValueError, IndexError):
                wanted = len(self._columns) + (self._time is not None)
                said = f"{len(row)} of {wanted} columns" if len(row) < wanted else "something that is neither 0 nor 1"
                raise CaptureError(f"'{self.path}' is cut off or no table: row {number} has {said}") from None
            if len(levels) >= BLOCK:
                yield self._block(levels, times, width)
                levels, times = [], []
        if not found:
            raise CaptureError(f"'{self.path}' has no rows: the capture has length zero")
        if levels:
            yield self._block(levels, times, width)

    def _block(self, levels: list[int], times: list[float], width: int) -> Block:
        raw = b"".join(now.to_bytes(8 * width, "little") for now in levels)
        return Block(np.frombuffer(raw, "<u8").reshape(-1, width).copy(), np.array(times) if times else None)
