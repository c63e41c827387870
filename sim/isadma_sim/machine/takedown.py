"""A machine's cards in plain values: their objects taken apart, each once, with the calls they have ordered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from fractions import Fraction
from functools import partial
from pathlib import PurePath
from random import Random
from types import BuiltinMethodType, FunctionType, GeneratorType, MethodType
from typing import Any

from isadma_sim.machine.functions import code_name, is_local, is_ours
from isadma_sim.machine.models import KeptApart, attributes, is_model
from isadma_sim.machine.schedule import Event
from isadma_sim.machine.slotlines import SlotChannel, SlotLines

__all__ = ["TakeDown"]


class TakeDown:
    """Takes objects down; one that is met again is named by its number.

    Parameters
    ----------
    lines : sequence of SlotLines
        The wires of the cards, by the cards' numbers.
    events : sequence of Event
        The calls that are saved; a handle of any other is one of a call that was made.
    """

    def __init__(self, lines: Sequence[Any], events: Sequence[Event]) -> None:
        self._lines = {id(wires): number for number, wires in enumerate(lines)}
        self._events = {id(event): number for number, event in enumerate(events)}
        self._seen: dict[int, int] = {}
        self._held: list[Any] = []  # what was met lives on, so that its identity is its own

    def __call__(self, value: Any, path: str) -> Any:
        """Return a value in JSON's values.

        Raises
        ------
        RuntimeError
            When there is something that cannot be; `path` says where.
        """
        if value is None or type(value) in (bool, int, str, float):
            return value
        if isinstance(value, Enum) and not is_ours(type(value)):  # a driver's name for a number that it wrote
            return self(value.value, path)
        if isinstance(value, Enum):
            return {"enum": _name(type(value)), "value": self(value.value, path)}
        if id(value) in self._seen:
            return {"same": self._seen[id(value)]}
        for kinds, down in _PLAIN:
            if isinstance(value, kinds):
                return down(self, value, path)
        if isinstance(value, SlotLines):
            return {"lines": self._lines[id(value)]}
        if isinstance(value, SlotChannel):
            return {"line": value.channel}
        if isinstance(value, Event):
            return {"event": self._events.get(id(value))}
        if isinstance(value, KeptApart):
            return self._new(value, {"apart": _name(type(value)), "state": value.saved_as()})
        if is_model(value):
            made = self._new(value, {"model": _name(type(value))})
            made["parts"] = {
                name: self(getattr(value, name), f"{path}.{name}") for name in attributes(value) if hasattr(value, name)
            }
            return made
        if callable(value):
            return {"wire": True}
        if isinstance(value, GeneratorType):
            raise RuntimeError(f"{path} is in the middle of a command: let clocks go by, and save then")
        raise RuntimeError(f"{path} is {type(value).__name__}: it cannot be saved")

    def _new(self, value: Any, made: dict[str, Any]) -> dict[str, Any]:
        made["id"] = self._seen[id(value)] = len(self._seen)
        self._held.append(value)
        return made

    def _all(self, values: Any, path: str) -> list[Any]:
        return [self(value, f"{path}[{at}]") for at, value in enumerate(values)]

    def _tuple(self, value: tuple[Any, ...], path: str) -> Any:
        if hasattr(value, "_fields"):
            return {"named": _name(type(value)), "values": self._all(value, path)}
        return {"tuple": self._all(value, path)}

    def _list(self, value: list[Any], path: str) -> Any:
        made = self._new(value, {"list": None})
        made["list"] = self._all(value, path)
        return made

    def _deque(self, value: deque[Any], path: str) -> Any:
        made = self._new(value, {"deque": None, "most": value.maxlen})
        made["deque"] = self._all(value, path)
        return made

    def _dict(self, value: dict[Any, Any], path: str) -> Any:
        made = self._new(value, {"dict": None})
        made["dict"] = [[self(key, path), self(each, f"{path}[{key!r}]")] for key, each in value.items()]
        return made

    def _set(self, value: set[Any] | frozenset[Any], path: str) -> Any:
        kind = "frozenset" if isinstance(value, frozenset) else "set"
        return {kind: self._all(sorted(value, key=repr), path)}

    def _bytes(self, value: bytearray, path: str) -> Any:
        return self._new(value, {"bytearray": value.hex()})

    def _method(self, value: Any, path: str) -> Any:
        return {"method": value.__name__, "of": self(value.__self__, path)}

    def _partial(self, value: partial[Any], path: str) -> Any:
        return {"partial": self(value.func, path), "given": self._all(value.args, path), "words": value.keywords}

    def _function(self, value: FunctionType, path: str) -> Any:
        if not is_ours(value):
            return {"wire": True}  # somebody else's: a program that listens
        if not is_local(value):
            return {"function": _name(value)}
        made: dict[str, Any] = {"closure": code_name(value)}
        made["cells"] = [self(cell.cell_contents, path) for cell in value.__closure__ or ()]
        made["defaults"] = None if value.__defaults__ is None else self._all(value.__defaults__, path)
        return made

    def _class(self, value: type, path: str) -> Any:
        return {"function": _name(value)} if is_ours(value) else {"wire": True}


def _name(thing: Any) -> str:
    return f"{thing.__module__}:{thing.__qualname__}"


_Down = Callable[[TakeDown, Any, str], Any]
_PLAIN: tuple[tuple[Any, _Down], ...] = (
    (bytes, lambda self, value, path: {"bytes": value.hex()}),
    (bytearray, TakeDown._bytes),
    (tuple, TakeDown._tuple),
    (list, TakeDown._list),
    (deque, TakeDown._deque),
    (dict, TakeDown._dict),
    ((set, frozenset), TakeDown._set),
    (Fraction, lambda self, value, path: {"fraction": [value.numerator, value.denominator]}),
    (range, lambda self, value, path: {"range": [value.start, value.stop, value.step]}),
    (PurePath, lambda self, value, path: {"path": str(value)}),
    (Random, lambda self, value, path: self._new(value, {"random": self(value.getstate(), path)})),
    ((MethodType, BuiltinMethodType), TakeDown._method),
    (partial, TakeDown._partial),
    (FunctionType, TakeDown._function),
    (type, TakeDown._class),
)
