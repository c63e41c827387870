"""The state of a model in plain values, for JSON: its objects' attributes, taken down and put back where they were."""

from __future__ import annotations

import importlib
from enum import Enum
from types import FunctionType
from typing import Any

__all__ = ["put_back", "take_down"]

#: Names in a state are looked up in here alone.
_PACKAGE = "isadma_sim."
_MISSING = object()


def _attributes(model: Any) -> list[str]:
    slots = [name for kind in type(model).__mro__ for name in getattr(kind, "__slots__", ())]
    return sorted({*slots, *getattr(model, "__dict__", {})})


def _is_model(value: Any) -> bool:
    return type(value).__module__.startswith(_PACKAGE)


def _name(thing: Any) -> str:
    return f"{thing.__module__}:{thing.__qualname__}"


def take_down(model: Any) -> Any:
    """Return what a model is made of; an object that is met twice is named the second time.

    Its attributes are plain values, enumerations, named tuples, lists, functions of a module, and such objects again.
    Other callables are wires to the outside, and left out.
    """
    return _down(model, "", {})


def _down(value: Any, path: str, seen: dict[int, str]) -> Any:
    if isinstance(value, Enum) or hasattr(value, "_fields"):
        plain = value.value if isinstance(value, Enum) else [_down(part, path, seen) for part in value]
        return {"kind": _name(type(value)), "value": plain}
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, list | tuple):
        return [_down(part, f"{path}.{at}", seen) for at, part in enumerate(value)]
    if isinstance(value, FunctionType):
        return {"function": _name(value)}
    if not _is_model(value):
        raise TypeError(f"{path} is {value!r}: no plain value")
    if id(value) in seen:
        return {"same": seen[id(value)]}
    seen[id(value)] = path
    parts = {}
    for name in _attributes(value):
        part = getattr(value, name, _MISSING)
        if part is not _MISSING and not _is_wire(part):
            parts[name] = _down(part, f"{path}.{name}", seen)
    return {"parts": parts}


def _is_wire(value: Any) -> bool:
    if isinstance(value, FunctionType):
        return "<" in value.__qualname__
    return callable(value) and not _is_model(value)


def put_back(model: Any, state: Any) -> None:
    """Make a model what it was when `take_down` returned `state`.

    Raises
    ------
    ValueError
        When the state is none of such a model.
    """
    met = {"": model}
    try:
        _up(model, state, "", met)
    except (AttributeError, KeyError, IndexError, TypeError, ImportError) as error:
        raise ValueError(f"this is no state of {type(model).__name__}: {error}") from None


def _up(current: Any, state: Any, path: str, met: dict[str, Any]) -> Any:
    """Return what comes in the place of `current`."""
    whole = _is_model(current) and not isinstance(current, int | str | tuple | FunctionType)
    if whole and not (isinstance(state, dict) and ("parts" in state or "same" in state)):
        raise TypeError(f"{path or 'it'} is {state!r:.40}")
    if isinstance(state, list):
        held = current if isinstance(current, list | tuple) else []
        parts = [_up(held[at] if at < len(held) else None, part, f"{path}.{at}", met) for at, part in enumerate(state)]
        if not isinstance(current, list):
            return tuple(parts) if isinstance(current, tuple) else parts
        current[:] = parts
        return current
    if not isinstance(state, dict):
        return state
    if "parts" in state:
        met[path] = current
        for name, part in state["parts"].items():
            setattr(current, name, _up(getattr(current, name, None), part, f"{path}.{name}", met))
        return current
    if "same" in state:
        return met[state["same"]]
    found = _found(state.get("function") or state["kind"])
    if "function" in state:
        return found
    value = state["value"]
    return found(*value) if isinstance(value, list) else found(value)


def _found(name: str) -> Any:
    module, _, what = name.partition(":")
    if not module.startswith(_PACKAGE):
        raise KeyError(name)
    found = getattr(importlib.import_module(module), what)
    kind = isinstance(found, type) and (issubclass(found, Enum) or hasattr(found, "_fields"))
    if not kind and not isinstance(found, FunctionType):
        raise KeyError(name)
    return found
