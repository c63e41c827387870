"""What there is one of: a copy would share devices, files and an engine's memory, and end with a crash."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["Unique"]


class Unique:
    """Refuses `copy.copy`, `copy.deepcopy` and `pickle`."""

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise RuntimeError("a PC cannot be copied or pickled, nor can what holds it: make another PC")
