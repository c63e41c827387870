"""What the pins show in the first half of each clock: golden model and RTL stepped by halves, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.library import FuzzError
from isadma_verify.vectors.pins import OUTPUTS
from isadma_verify.vectors.shim import golden, rtl
from isadma_verify.vectors.vector import FLOATS, OPEN, Event, Vector

__all__ = ["FLOATING", "UNKNOWN", "changes", "middle"]

FLOATING, UNKNOWN = 1 << 16, 1 << 17
"""Levels of a pin that is not driven, and of one that nothing fixes."""

_TEXTS: dict[int, int | str] = {FLOATING: FLOATS, UNKNOWN: OPEN}
_NAMES = [pin.name for pin in OUTPUTS]
_DB = _NAMES.index("DB")


def changes(rows: NDArray[Any], names: Sequence[str]) -> Iterator[Event]:
    """Give the events of levels: a row a clock, a column a pin; the first clock has all of them."""
    changed = np.ones(rows.shape, bool)
    changed[1:] = rows[1:] != rows[:-1]
    yield from _events(rows, changed, names)


def middle(vector: Vector, second: NDArray[np.int64], states: Sequence[str]) -> tuple[Event, ...]:
    """Return the levels of the first halves that differ from those of the second.

    Parameters
    ----------
    vector : Vector
        Without them.
    second : array of int
        Its outputs: a row a clock, a column a pin.
    states : sequence of str
        The model's, of each clock.

    Raises
    ------
    FuzzError
        RTL and golden model differ in a half, or one shows something else than at one clock a state.
    """
    by_model = golden().show(vector)
    first = _levels(by_model[:, 0])
    # Data that is read is fixed from IOR#'s third clock on; when DB floats after S24, no figure shows.
    first[1:, _DB][(second[:-1, _DB] == UNKNOWN) | (np.array(states[:-1]) == "S24")] = UNKNOWN
    by_rtl = rtl(vector.variant).show(vector)
    for half, got, expected in (
        ("second half by the model", _levels(by_model[:, 1]), second),
        ("first half", _levels(by_rtl[:, 0]), first),
        ("second half", _levels(by_rtl[:, 1]), second),
    ):
        for clock, column in np.argwhere((got != expected) & (expected != UNKNOWN))[:1].tolist():
            levels = (_TEXTS.get(int(side[clock, column]), int(side[clock, column])) for side in (got, expected))
            raise FuzzError("clock {}, {}: {} is {}, expected {}".format(clock, half, _NAMES[column], *levels))
    return tuple(_events(first, first != second, _NAMES))


def _levels(shown: NDArray[np.uint8]) -> NDArray[np.int64]:
    # From the bytes of the shim's struct.
    columns = []
    for pin in OUTPUTS:
        value = shown[:, pin.place].astype(np.int64) if pin.place >= 0 else np.zeros(len(shown), np.int64)
        columns.append(value if pin.driven_place < 0 else np.where(shown[:, pin.driven_place], value, FLOATING))
    return np.stack(columns, axis=1)


def _events(rows: NDArray[Any], which: NDArray[np.bool_], names: Sequence[str]) -> Iterator[Event]:
    for clock, column in np.argwhere(which).tolist():
        level = int(rows[clock, column])
        yield clock, names[column], _TEXTS.get(level, level)
