"""The trace file: a head, blocks of rows of pins, an end. Written while the machine runs, read back whole."""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

from isadma_sim.timeline.planes import ROW, pack, unpack
from isadma_tools.files.regular import read_regular

__all__ = ["FORMAT", "LONGEST", "MAGIC", "Rows", "TraceFile", "TraceFileError", "TraceWriter", "read_trace"]

#: The first bytes of every trace file; the head's length and the head follow.
MAGIC = b"isadma-trace\r\n\x1a\n"
#: The version of what follows them.
FORMAT = 1
#: The longest file that is read, in bytes.
LONGEST = 1 << 30
#: A block's rows and bytes, behind its letter.
_BLOCK = struct.Struct("<II")
#: Which planes a block of rows has, before them.
_MASK = struct.Struct("<I")
_ROWS, _END = b"R", b"E"
#: Most rows of a block.
_MOST_ROWS = 1 << 22
#: A timeline is taken while the machine runs: speed counts for more than the last per cent.
_LEVEL = 1

Rows = Iterator[tuple[int, int, int, int]]


class TraceFileError(ValueError):
    """The file is no trace, is damaged, or is of a version that this one does not know."""


class TraceWriter:
    """Writes a trace file to an open file, block by block.

    Parameters
    ----------
    file : binary file
        Where to.
    head : dict
        What is known of the run when it begins, in JSON's values.
    """

    def __init__(self, file: BinaryIO, head: dict[str, Any]) -> None:
        self._file = file
        #: Clock of the last row.
        self.clock = int(head["begin"])
        #: Rows written.
        self.rows = 0
        text = json.dumps({"format": FORMAT, **head}).encode()
        file.write(MAGIC + struct.pack("<I", len(text)) + text)

    def write(self, rows: array[int]) -> None:
        """Write a block: the numbers of its rows, one after the other."""
        if rows:
            self.write_planes(len(rows) // ROW, rows[-ROW], *pack(rows, self.clock))

    def write_planes(self, rows: int, clock: int, mask: int, planes: bytes) -> None:
        """Write a block of so many rows that is packed already (`isadma_sim.timeline.planes`); `clock` is its last."""
        packed = zlib.compress(planes, _LEVEL)
        self._file.write(_ROWS + _BLOCK.pack(rows, _MASK.size + len(packed)) + _MASK.pack(mask) + packed)
        self.rows += rows
        self.clock = clock

    def end(self, tail: dict[str, Any]) -> None:
        """Write the end: what is known of the run now that it is over."""
        text = json.dumps({"rows": self.rows, **tail}).encode()
        self._file.write(_END + _BLOCK.pack(0, len(text)) + text)


@dataclass(frozen=True)
class TraceFile:
    """A trace that was read.

    Attributes
    ----------
    name : str
        The file's.
    board, engine : str
        What ran.
    clock_hz : int
        CLK in hertz.
    begin, end : int
        The clocks it begins with, and behind its last.
    cards : list of (str, int or None)
        Names of the cards, and their DMA channels.
    blocks : list of bytes
        The rows, packed.
    """

    name: str
    board: str
    engine: str
    clock_hz: int
    begin: int
    end: int
    cards: list[tuple[str, int | None]]
    blocks: list[tuple[int, bytes]]

    def rows(self) -> Rows:
        """Yield clock, inputs, outputs and interrupt lines where any of them changed, oldest first.

        Raises
        ------
        TraceFileError
            For a damaged block.
        """
        clock = self.begin
        for rows, packed in self.blocks:
            steps, *columns = _columns(self.name, rows, packed)
            clocks = list(accumulate(steps, initial=clock))[1:]
            if clocks[-1] > self.end:
                raise TraceFileError(f"'{self.name}' is damaged: clock {clocks[-1]} is behind its end {self.end}")
            clock = clocks[-1]
            yield from zip(clocks, *columns, strict=True)


def _columns(name: str, rows: int, block: bytes) -> Sequence[array[int]]:
    (mask,) = _MASK.unpack_from(block)
    size = rows * mask.bit_count()
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(block[_MASK.size :], size + 1)
        if not unpacker.eof:
            raise TraceFileError(f"'{name}' is damaged: a block of {rows} rows is longer")
        return unpack(rows, mask, data)
    except zlib.error as error:
        raise TraceFileError(f"'{name}' is damaged: {error}") from None
    except ValueError as error:
        raise TraceFileError(f"'{name}' is damaged: {error}") from None


def read_trace(path: str | Path) -> TraceFile:
    """Read a trace file.

    Raises
    ------
    TraceFileError
        It is none, is cut short or damaged, or is of a newer version; the line names it.
    OSError
        It cannot be read.
    """
    name, data = str(path), read_regular(Path(path), LONGEST + 1)
    if len(data) > LONGEST:
        raise TraceFileError(f"'{name}' is longer than {LONGEST >> 20} MiB: record less of the run")
    if not data.startswith(MAGIC):
        raise TraceFileError(f"'{name}' is no trace of a machine: record one with --trace")
    head, place = _json(name, data, len(MAGIC))
    if (version := head.get("format")) != FORMAT:
        raise TraceFileError(f"'{name}' is a trace of format {version}, this version reads {FORMAT}: update isadma")
    blocks: list[tuple[int, bytes]] = []
    found = 0
    while True:
        letter = data[place : place + 1]
        if letter not in (_ROWS, _END) or len(data) < place + 1 + _BLOCK.size:
            raise _cut(name) if len(data) < place + 1 + _BLOCK.size else TraceFileError(f"'{name}' is damaged")
        rows, size = _BLOCK.unpack_from(data, place + 1)
        place += 1 + _BLOCK.size
        if place + size > len(data):
            raise _cut(name)
        if letter == _END:
            break
        if not 1 <= rows <= _MOST_ROWS or size < _MASK.size:
            raise TraceFileError(f"'{name}' is damaged: a block of {rows} rows in {size} bytes")
        blocks.append((rows, data[place : place + size]))
        found += rows
        place += size
    return _whole(name, head, _parsed(name, data[place : place + size]), found, blocks)


def _cut(name: str) -> TraceFileError:
    return TraceFileError(f"'{name}' is cut short: copy or record it again")


def _json(name: str, data: bytes, place: int) -> tuple[dict[str, Any], int]:
    if len(data) < place + 4:
        raise _cut(name)
    (size,) = struct.unpack_from("<I", data, place)
    place += 4
    if place + size > len(data):
        raise _cut(name)
    return _parsed(name, data[place : place + size]), place + size


def _parsed(name: str, text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise TraceFileError(f"'{name}' is damaged: its head or its end cannot be read")
    return value


def _whole(
    name: str, head: dict[str, Any], tail: dict[str, Any], rows: int, blocks: list[tuple[int, bytes]]
) -> TraceFile:
    board, engine, clock_hz, begin = (head.get(key) for key in ("board", "engine", "clock_hz", "begin"))
    end, cards = tail.get("end"), tail.get("cards")
    right = (
        all(isinstance(text, str) for text in (board, engine))
        and all(type(number) is int and 0 <= number < 1 << 63 for number in (clock_hz, begin, end))
        and isinstance(cards, list)
        and all(isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) for each in cards)
        and all(each[1] is None or (type(each[1]) is int and 0 <= each[1] < 8) for each in cards)
    )
    if not right or not clock_hz or begin > end:  # type: ignore[operator]
        raise TraceFileError(f"'{name}' is damaged: its head or its end cannot be")
    if tail.get("rows") != rows:
        raise TraceFileError(f"'{name}' is damaged: it has {rows} rows of {tail.get('rows')}")
    pairs = [(card, channel) for card, channel in cards]  # type: ignore[union-attr]
    return TraceFile(name, str(board), str(engine), clock_hz, begin, end, pairs, blocks)  # type: ignore[arg-type]
