"""Functions as data: which function of this package it is, found again by name, with what it closes over."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

__all__ = ["PACKAGE", "code_name", "is_local", "is_ours", "made_of", "named"]

#: Names in a saved state are looked up in here alone.
PACKAGE = "isadma_sim."
#: In the qualified name of a function that was made inside another one.
_LOCAL = "<"


def is_ours(thing: Any) -> bool:
    """Whether a function or class stands in this package."""
    return str(getattr(thing, "__module__", "")).startswith(PACKAGE)


def code_name(function: FunctionType) -> list[Any]:
    """Return module, qualified name, and which of those with that name it is."""
    code = function.__code__
    twins = _codes(function.__module__).get(code.co_qualname, [])
    which = next((at for at, twin in enumerate(twins) if twin is code), None)
    if which is None:
        raise RuntimeError(f"{function.__qualname__} is in no function of {function.__module__}: it cannot be saved")
    return [function.__module__, code.co_qualname, which]


def is_local(function: FunctionType) -> bool:
    """Whether it was made inside another function, and may close over something."""
    return _LOCAL in function.__qualname__


def named(name: str) -> Any:
    """Return what stands in a module of this package; KeyError where nothing does."""
    module, _, path = name.partition(":")
    if not module.startswith(PACKAGE):
        raise KeyError(name)
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    if not (isinstance(found, type | FunctionType) and is_ours(found)):
        raise KeyError(name)
    return found


def made_of(name: list[Any], cells: list[Any], defaults: tuple[Any, ...] | None) -> Callable[..., Any]:
    """Make a function anew, of its code and what it closed over; KeyError when there is no such code."""
    module, qualname, which = name
    if not module.startswith(PACKAGE):
        raise KeyError(module)
    code = _codes(module)[qualname][which]
    if len(cells) != len(code.co_freevars):
        raise KeyError(qualname)
    space = vars(importlib.import_module(module))
    return FunctionType(code, space, code.co_name, defaults, tuple(CellType(value) for value in cells))


@cache
def _codes(module: str) -> dict[str, list[CodeType]]:
    """Return the code of every function in a module by qualified name, in the order of the source."""
    found: dict[str, list[CodeType]] = {}
    for code in _of_space(importlib.import_module(module), module, set()):
        found.setdefault(code.co_qualname, []).append(code)
    return found


def _of_space(space: ModuleType | type, module: str, seen: set[int]) -> Iterator[CodeType]:
    for thing in vars(space).values():
        held = getattr(thing, "fget", None) or getattr(thing, "__func__", None) or thing
        held = inspect.unwrap(held) if callable(held) else held
        if id(held) in seen or getattr(held, "__module__", None) != module:
            continue
        seen.add(id(held))
        if isinstance(held, type):
            yield from _of_space(held, module, seen)
        elif isinstance(held, FunctionType):
            yield from _of_code(held.__code__)


def _of_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of_code(constant)
