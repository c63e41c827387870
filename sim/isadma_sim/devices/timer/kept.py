"""Counters of an 8254 that an engine keeps in C++, as their model and back: to look into one, and for `PC.save`."""

from __future__ import annotations

from typing import Any

from isadma_sim.devices.timer.chip import Pit8254
from isadma_sim.devices.timer.counter import Counter, Sample
from isadma_sim.devices.timer.regs import Mode

__all__ = ["load_counter", "pit_of"]

#: Attributes of `Counter` by field of the engine's struct.
_COUNTER: dict[str, tuple[str, Any]] = {
    "out": ("_out", bool),
    "rises": ("rises", int),
    "gate": ("gate", bool),
    "word": ("_word", int),
    "mode": ("_mode", Mode),
    "modulus": ("_modulus", int),
    "at": ("_at", int),
    "register": ("_register", int),
    "loaded": ("_loaded", int),
    "element": ("_element", int),
    "null": ("_null", bool),
    "written": ("_written", bool),
    "counting": ("_counting", bool),
    "armed": ("_armed", bool),
    "held": ("_held", bool),
    "trigger": ("_trigger", bool),
    "load": ("_load", bool),
    "high_next": ("_high_next", bool),
}


def show_counter(state: Any, model: Counter) -> None:
    """Make a model what C++ has."""
    for field, (name, kind) in _COUNTER.items():
        setattr(model, name, kind(getattr(state, field)))
    seen = state.sample
    model._sample = Sample(bool(seen & 1), bool(seen & 2), bool(seen & 4)) if state.sampled else None
    model._first = None if state.first < 0 else state.first
    model._latched = list(state.latch[: state.latched])
    model._status = None if state.status < 0 else state.status


def load_counter(state: Any, model: Counter) -> None:
    """Make what C++ has that of a model."""
    for field, (name, _) in _COUNTER.items():
        setattr(state, field, int(getattr(model, name)))
    sample = model._sample
    state.sampled = sample is not None
    state.sample = 0 if sample is None else sample.gate | sample.trigger << 1 | sample.load << 2
    state.first = -1 if model._first is None else model._first
    state.latched = len(model._latched)
    for place, byte in enumerate(model._latched):
        state.latch[place] = byte
    state.status = -1 if model._status is None else model._status


def pit_of(states: Any, *, read_back: bool) -> Pit8254:
    """Return a model of the timer that C++ has."""
    pit = Pit8254(read_back=read_back)
    for state, counter in zip(states, pit.counters, strict=True):
        show_counter(state, counter)
    return pit
