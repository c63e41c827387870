"""Rows of pins packed: what changed from row to row, byte by byte, each byte of a number in a plane of its own.

Most bytes of most rows do not change, so most planes are zeros, and the others compress to little.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from operator import sub

__all__ = ["ROW", "pack", "unpack"]

#: Numbers of a row: clock, inputs, outputs, interrupt lines; all of 64 bits.
ROW = 4
_BYTES = 8


def pack(rows: array[int], clock: int) -> tuple[int, bytes]:
    """Return which planes are not zeros, a bit for each, and those planes.

    Plane ``8 * number + byte`` is of that byte of that number of the row. Of the clock it has the steps from row to
    row, from `clock` to the first; of the others what differs from the row before, from 0 at the first.

    Parameters
    ----------
    rows
        Rows, one number after the other.
    clock
        The clock of the row before.
    """
    count = len(rows) // ROW
    clocks = rows[::ROW]
    columns = [_bytes(array("Q", map(sub, clocks, array("Q", [clock]) + clocks[:-1])))]
    for number in range(1, ROW):
        value = int.from_bytes(_bytes(rows[number::ROW]), "little")
        columns.append((value ^ value << 64).to_bytes(_BYTES * (count + 1), "little")[: _BYTES * count])
    zeros, mask, planes = bytes(count), 0, []
    for number, column in enumerate(columns):
        for byte in range(_BYTES):
            plane = column[byte::_BYTES]
            if plane != zeros:
                mask |= 1 << _BYTES * number + byte
                planes.append(plane)
    return mask, b"".join(planes)


def _bytes(column: array[int]) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()


def unpack(count: int, mask: int, planes: bytes) -> Sequence[array[int]]:
    """Return the columns of so many rows: steps of the clock, inputs, outputs, lines; ValueError for another length."""
    if len(planes) != mask.bit_count() * count:
        raise ValueError(f"{len(planes)} bytes are no {mask.bit_count()} planes of {count}")
    columns, place = [], 0
    for number in range(ROW):
        column = bytearray(_BYTES * count)
        for byte in range(_BYTES):
            if mask >> _BYTES * number + byte & 1:
                column[byte::_BYTES] = planes[place : place + count]
                place += count
        made = array("Q")
        made.frombytes(_undone(column) if number else column)
        if sys.byteorder == "big":
            made.byteswap()
        columns.append(made)
    return columns


def _undone(column: bytearray) -> bytes:
    """Return each number of a column combined with all before it: twice as many at a time."""
    value, size = int.from_bytes(column, "little"), len(column)
    bits, whole = 64, (1 << 8 * size) - 1
    while bits < 8 * size:
        value = (value ^ value << bits) & whole
        bits *= 2
    return value.to_bytes(size, "little")
