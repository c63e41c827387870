"""The 8259As that C++ keeps, as their model in Python and back: for whoever looks into one, and for `PC.save`."""

from __future__ import annotations

from typing import Any

from isadma_sim.engines.native.library import PicState
from isadma_sim.machine.i8259 import Icw1, Icw4, Pic8259

__all__ = ["load_pic", "show_pic"]

#: Attributes of `Pic8259` by field of `PicState`, and what a number there is in Python.
_PIC: dict[str, tuple[str, Any]] = {
    "lines": ("lines", int),
    "armed": ("_armed", int),
    "int_out": ("int_out", bool),
    "isr": ("isr", int),
    "imr": ("imr", int),
    "lowest": ("_lowest", int),
    "vector": ("_vector", int),
    "icw1": ("_icw1", Icw1),
    "icw3": ("_icw3", int),
    "icw4": ("_icw4", Icw4),
    "read_isr": ("_read_isr", bool),
    "poll": ("_poll", bool),
    "special_mask": ("_special_mask", bool),
    "rotate_aeoi": ("_rotate_aeoi", bool),
}
#: Command words that it waits for, lowest bit first.
_WORDS = ("icw1", "icw2", "icw3", "icw4")


def show_pic(state: PicState, model: Pic8259) -> None:
    """Make a model what C++ has."""
    for field, (name, kind) in _PIC.items():
        setattr(model, name, kind(getattr(state, field)))
    model._waiting = [word for bit, word in enumerate(_WORDS) if state.waits >> bit & 1]


def load_pic(state: PicState, model: Pic8259) -> None:
    """Make what C++ has that of a model."""
    for field, (name, _) in _PIC.items():
        setattr(state, field, int(getattr(model, name)))
    state.waits = sum(1 << _WORDS.index(word) for word in model._waiting)
