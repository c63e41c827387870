"""Vectors from numbers: each stage played by golden model and RTL together, then written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.library import FuzzError, load
from isadma_verify.fuzz.recording import Recorder, Recording, Snapshot
from isadma_verify.fuzz.targets import target
from isadma_verify.vectors.basis import basis
from isadma_verify.vectors.halves import FLOATING, UNKNOWN, changes, middle
from isadma_verify.vectors.pins import INPUTS, OUTPUTS
from isadma_verify.vectors.themes import SHARES, draw
from isadma_verify.vectors.vector import Event, Vector

__all__ = ["TARGETS", "Made", "make", "theme_of"]

TARGETS = {"8237A": "i8237", "82C37A": "82c37"}
"""Each variant's fuzz target."""

_CMOS_OF = 5
"""One of so many vectors is of the 82C37A."""
_CAPTURE = "every refresh of a captured IBM 5150 goes so (isadma check)"
_OUT = [pin.name for pin in OUTPUTS]
_ROUND = [theme for n in range(max(SHARES.values())) for theme, share in SHARES.items() if n < share]


@dataclass(frozen=True)
class Made:
    """A vector and the coverage bins that it reaches, with how often."""

    vector: Vector
    bins: dict[str, int]


def theme_of(number: int) -> str:
    """Return the theme of a vector's number; every hundred numbers have the same mixture."""
    return _ROUND[number % len(_ROUND)]


def make(number: int, seed: int = 1) -> Made:
    """Make the vector of a number.

    Raises
    ------
    FuzzError
        RTL and golden model differ in it, or cannot be compiled here.
    """
    theme, turn = theme_of(number), number // len(_ROUND) * SHARES[theme_of(number)] + _place(number)
    variant = "82C37A" if turn % _CMOS_OF == _CMOS_OF - 1 else "8237A"
    stage = draw(theme, turn if variant == "8237A" else turn // _CMOS_OF, Random(f"{seed}/{number}"))
    recorder, names, pins = _recorder(TARGETS[variant])
    scenario, first = stage.scenario(TARGETS[variant])
    try:
        recording = recorder.record(scenario, first, stage.clocks)
    except FuzzError as error:
        raise FuzzError(f"vector {number} ({theme}), clock 0 is {first}: {error}") from None
    levels = _outputs(recording, pins)
    said, because = basis(recording, variant, _CAPTURE if theme == "refresh" else None)
    vector = Vector(
        name=f"{theme}-{number:07d}",
        variant=variant,
        about=stage.about,
        basis=said,
        because=because,
        corners=tuple(name.partition(" | ")[2] for name in recording.bins if name.startswith("corner | ")),
        initial=_registers(recording.before, bases=False),
        clocks=stage.clocks,
        inputs=tuple(_inputs(recording, names)),
        outputs=tuple(changes(levels, _OUT)),
        final=_registers(recording.after, bases=True),
    )
    try:
        mid = middle(vector, levels, recording.states)
    except FuzzError as error:
        raise FuzzError(f"vector {number} ({theme}) at two clocks a state: {error}") from None
    return Made(replace(vector, mid=mid), recording.bins)


def _place(number: int) -> int:
    return _ROUND[: number % len(_ROUND)].count(theme_of(number))


@cache
def _recorder(name: str) -> tuple[Recorder, list[str], list[str]]:
    library = load(target(name))
    return Recorder(library), library.inputs, library.pins


def _inputs(recording: Recording, names: list[str]) -> Iterator[Event]:
    columns = [recording.inputs[:, names.index(pin.recorded)] for pin in INPUTS]
    yield from changes(np.stack(columns, axis=1), [pin.name for pin in INPUTS])


def _outputs(recording: Recording, names: list[str]) -> NDArray[np.int64]:
    columns = []
    for pin in OUTPUTS:
        place = names.index(pin.value)
        value = recording.pins[:, place].astype(np.int64)
        if pin.place < 0:
            value = np.where(value == 1, 0, FLOATING)
        if pin.driven is not None:
            driven = names.index(pin.driven)
            whole = recording.care[:, place] == (1 << pin.width) - 1
            value = np.where(whole, value, UNKNOWN)
            value = np.where(recording.pins[:, driven] == 1, value, FLOATING)
            value = np.where(recording.care[:, driven] == 1, value, UNKNOWN)
        columns.append(value)
    return np.stack(columns, axis=1)


def _registers(snapshot: Snapshot, bases: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: int(getattr(snapshot, name)) for name in ("command", "status", "request", "mask", "temporary")
    }
    told["flip_flop"] = int(snapshot.high_byte)
    words = ("mode", "address", "count", *(("base_address", "base_count") if bases else ()))
    told["channels"] = [{name: int(getattr(snapshot, name)[c]) for name in words} for c in range(4)]
    return told
