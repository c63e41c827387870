"""Looks at a finished FST file's blocks: whether all of it is there."""

# Ref: GTKWave, libfst's fstapi.h: block types, and a length of eight bytes, high byte first, after each type.

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

__all__ = ["is_complete"]

_HEADER: Final = 0
_GEOMETRY: Final = 3
_HIERARCHIES: Final = frozenset({4, 6, 7})
#: The whole file in one, compressed.
_WRAPPED: Final = 254
#: A block that is being written.
_UNDER_WAY: Final = 255
_HEAD: Final = 9


def is_complete(path: Path) -> bool:
    """Whether a file is an FST whose blocks end where it ends, with its header, its hierarchy and its geometry."""
    kinds = set()
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        place = 0
        while place < size:
            file.seek(place)
            head = file.read(_HEAD)
            if len(head) < _HEAD or head[0] == _UNDER_WAY:
                return False
            kinds.add(head[0])
            length = int.from_bytes(head[1:], "big")
            if length < _HEAD - 1:
                return False
            place += 1 + length
    if place != size:
        return False
    return _WRAPPED in kinds or (_HEADER in kinds and _GEOMETRY in kinds and bool(kinds & _HIERARCHIES))
