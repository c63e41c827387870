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

__all__ = ["TARGETS", "Made", "make", "theme_of", "turn_of"]

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


def turn_of(number: int) -> tuple[str, int]:
    """Return the variant of a vector's number, and how many of its theme and variant came before.

    Counted by variant, so that each goes through all combinations of a theme, a multiple of five of them too.
    """
    theme = theme_of(number)
    turn = number // len(_ROUND) * SHARES[theme] + _ROUND[: number % len(_ROUND)].count(theme)
    if turn % _CMOS_OF == _CMOS_OF - 1:
        return "82C37A", turn // _CMOS_OF
    return "8237A", turn - turn // _CMOS_OF


def make(number: int, seed: int = 1) -> Made:
    """Make the vector of a number.

    Raises
    ------
    FuzzError
        RTL and golden model differ in it, or cannot be compiled here.
    """
    theme = theme_of(number)
    variant, turn = turn_of(number)
    stage = draw(theme, turn, Random(f"{seed}/{number}"))
    recorder, names, pins = _recorder(TARGETS[variant])
    scenario, first = stage.scenario(TARGETS[variant])
    clocks = stage.clocks
    try:
        recording = recorder.record(scenario, first, clocks)
        # A model that is called by port takes a read when it begins or when it ends: no vector ends within one.
        if (over := _outside_accesses(recording, names)) != clocks:
            clocks = over
            recording = recorder.record(scenario, first, clocks)
    except FuzzError as error:
        raise FuzzError(f"vector {number} ({theme}), clock 0 is {first}: {error}") from None
    levels = _outputs(recording, pins)
    dreq = recording.inputs[:, names.index("DREQ")]
    said, because = basis(recording, variant, _CAPTURE if theme == "refresh" else None, dreq)
    vector = Vector(
        name=f"{theme}-{number:07d}",
        variant=variant,
        about=stage.about,
        basis=said,
        because=because,
        corners=tuple(name.partition(" | ")[2] for name in recording.bins if name.startswith("corner | ")),
        initial=_registers(recording.before, bases=False),
        clocks=clocks,
        inputs=tuple(_inputs(recording, names)),
        outputs=tuple(changes(levels, _OUT)),
        final=_registers(recording.after, bases=True),
    )
    try:
        mid = middle(vector, levels, recording.states)
    except FuzzError as error:
        raise FuzzError(f"vector {number} ({theme}) at two clocks a state: {error}") from None
    return Made(replace(vector, mid=mid), recording.bins)


def _outside_accesses(recording: Recording, names: list[str]) -> int:
    """Return the clocks up to the last one in which the processor's strobes are high."""
    pins = [recording.inputs[:, names.index(pin.recorded)] for pin in INPUTS if pin.name in ("IOR#", "IOW#")]
    return int(np.flatnonzero(pins[0] & pins[1])[-1]) + 1


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
