"""What `takedown` took apart, put together again in the objects of a new machine, and in more where it had more."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any

from isadma_sim.machine.functions import code_name, made_of, named
from isadma_sim.machine.models import KeptApart, attributes, is_model
from isadma_sim.machine.schedule import Event

__all__ = ["PutBack"]


class PutBack:
    """Puts values back; what is no state is a KeyError, a TypeError or an AttributeError.

    An object that stands where another of its class was is that object from then on: whoever holds it, goes on
    holding it. What leads to the outside stays what it is.

    Parameters
    ----------
    lines : sequence of SlotLines
        The wires of the cards, by the cards' numbers.
    line : callable
        Returns DRQ and DACK# of a channel.
    events : sequence of Event
        The calls that were saved, their functions to come.
    """

    def __init__(self, lines: Sequence[Any], line: Callable[[int], Any], events: Sequence[Event]) -> None:
        self._lines, self._line, self._events = lines, line, events
        self._met: dict[int, Any] = {}
        self._taken: dict[int, Any] = {}  # objects of the new machine that stand for one already

    def __call__(self, state: Any, current: Any = None) -> Any:
        """Return what a state stands for; `current` is what is there now."""
        if not isinstance(state, dict):
            if state is None or isinstance(state, bool | int | str | float):
                return state
            raise TypeError(f"{state!r:.40} stands for nothing")
        for kind, up in _KINDS.items():
            if kind in state:
                return up(self, state, current)
        raise KeyError(f"{sorted(state)!r:.40} stands for nothing")

    def _met_as(self, state: dict[str, Any], value: Any) -> Any:
        self._met[state["id"]] = self._taken[id(value)] = value
        return value

    def _free(self, current: Any, kind: type) -> bool:
        """Whether what is there can be what is put back: it is one of these, and stands for no other."""
        return type(current) is kind and id(current) not in self._taken

    def _all(self, states: list[Any], current: Any = ()) -> list[Any]:
        there = list(current) if isinstance(current, list | tuple | deque) else []
        return [self(state, there[at] if at < len(there) else None) for at, state in enumerate(states)]

    # ---------------------------------------------------------------- objects
    def _model(self, state: dict[str, Any], current: Any) -> Any:
        kind = named(state["model"])
        model = current if self._free(current, kind) else kind.__new__(kind)
        if not is_model(model):
            raise KeyError(state["model"])
        self._met_as(state, model)
        parts = state["parts"]
        for name in attributes(model):
            if name not in parts and hasattr(model, name):
                object.__delattr__(model, name)
        for name, part in parts.items():
            object.__setattr__(model, name, self(part, getattr(current, name, None)))
        return model

    def _apart(self, state: dict[str, Any], current: Any) -> Any:
        if type(current) is not named(state["apart"]) or not isinstance(current, KeptApart):
            raise ValueError(f"there is no {state['apart'].partition(':')[2]} where the saved machine has one")
        current.loaded_as(state["state"])
        return self._met_as(state, current)

    def _list(self, state: dict[str, Any], current: Any) -> Any:
        kept = current if self._free(current, list) else []
        self._met_as(state, kept)
        kept[:] = self._all(state["list"], current)
        return kept

    def _deque(self, state: dict[str, Any], current: Any) -> Any:
        there = list(current) if isinstance(current, deque) else []
        fits = self._free(current, deque) and current.maxlen == state["most"]
        kept = current if fits else deque(maxlen=state["most"])
        self._met_as(state, kept)
        values = self._all(state["deque"], there)
        kept.clear()
        kept.extend(values)
        return kept

    def _dict(self, state: dict[str, Any], current: Any) -> Any:
        kept = current if self._free(current, dict) else {}
        self._met_as(state, kept)
        there = dict(current) if isinstance(current, dict) else {}
        values: dict[Any, Any] = {}
        for key, each in state["dict"]:
            key = self(key)
            values[key] = self(each, there.get(key))
        kept.clear()
        kept.update(values)
        return kept

    def _bytearray(self, state: dict[str, Any], current: Any) -> Any:
        kept = current if self._free(current, bytearray) else bytearray()
        kept[:] = bytes.fromhex(state["bytearray"])
        return self._met_as(state, kept)

    def _random(self, state: dict[str, Any], current: Any) -> Any:
        kept = current if self._free(current, Random) else Random()
        kept.setstate(self(state["random"]))
        return self._met_as(state, kept)

    # ---------------------------------------------------------------- functions
    def _closure(self, state: dict[str, Any], current: Any) -> Any:
        name = list(state["closure"])
        if isinstance(current, FunctionType) and _is_code(current, name):
            cells: list[Any] = [cell.cell_contents for cell in current.__closure__ or ()]
            for part, cell in zip(state["cells"], cells, strict=True):
                self(part, cell)
            return current
        defaults = state["defaults"]
        made = [self(cell) for cell in state["cells"]]
        return made_of(name, made, None if defaults is None else tuple(self._all(defaults)))

    def _method(self, state: dict[str, Any], current: Any) -> Any:
        owner = self(state["of"], getattr(current, "__self__", None))
        if state["method"].startswith("__"):
            raise KeyError(state["method"])
        return getattr(owner, state["method"])

    def _event(self, state: dict[str, Any], current: Any) -> Any:
        return Event(0, 0, None) if state["event"] is None else self._events[state["event"]]


def _is_code(function: FunctionType, name: list[Any]) -> bool:
    try:
        return code_name(function) == name
    except RuntimeError:
        return False


def _enum(self: PutBack, state: dict[str, Any], current: Any) -> Any:
    kind = named(state["enum"])
    if not issubclass(kind, Enum):
        raise KeyError(state["enum"])
    return kind(self(state["value"]))


def _named(self: PutBack, state: dict[str, Any], current: Any) -> Any:
    kind = named(state["named"])
    if not (issubclass(kind, tuple) and hasattr(kind, "_fields")):
        raise KeyError(state["named"])
    return kind(*self._all(state["values"], current))


#: By the word that says the kind, how it is put back.
_KINDS: dict[str, Callable[[PutBack, dict[str, Any], Any], Any]] = {
    "same": lambda self, state, current: self._met[state["same"]],
    "model": PutBack._model,
    "apart": PutBack._apart,
    "wire": lambda self, state, current: current,
    "enum": _enum,
    "named": _named,
    "list": PutBack._list,
    "tuple": lambda self, state, current: tuple(self._all(state["tuple"], current)),
    "deque": PutBack._deque,
    "dict": PutBack._dict,
    "set": lambda self, state, current: set(self._all(state["set"])),
    "frozenset": lambda self, state, current: frozenset(self._all(state["frozenset"])),
    "bytes": lambda self, state, current: bytes.fromhex(state["bytes"]),
    "bytearray": PutBack._bytearray,
    "fraction": lambda self, state, current: Fraction(*state["fraction"]),
    "range": lambda self, state, current: range(*state["range"]),
    "path": lambda self, state, current: Path(state["path"]),
    "random": PutBack._random,
    "lines": lambda self, state, current: self._lines[state["lines"]],
    "line": lambda self, state, current: self._line(state["line"]),
    "event": PutBack._event,
    "closure": PutBack._closure,
    "function": lambda self, state, current: named(state["function"]),
    "method": PutBack._method,
    "partial": lambda self, state, current: partial(
        self(state["partial"]), *self._all(state["given"]), **dict(state["words"])
    ),
}
