"""Attributes that live in a struct which C++ works on."""

from __future__ import annotations

from typing import Any

__all__ = ["shared"]


def shared(name: str) -> Any:
    """Make an attribute out of a field of the ctypes struct in ``self._state``."""
    return property(
        lambda self: getattr(self._state, name), lambda self, value: setattr(self._state, name, value), doc=name
    )
