"""Names of files that a user gives: checked, and as a message has them."""

import os
import reprlib
from pathlib import Path
from typing import Any

__all__ = ["as_path", "shown_path"]

#: Characters of a name in a message: its end tells most.
_LONGEST = 120


def as_path(value: Any) -> Path:
    """
    Return a name as a path.

    Raises
    ------
    TypeError
        It is none.
    ValueError
        It has a character that no name has.
    """
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"path {' '.join(reprlib.repr(value).split())[:60]}: give the name of a file")
    path = Path(value)
    if "\0" in str(path):
        raise ValueError(f"'{shown_path(path)}' has a character of code 0: give the name of a file")
    return path


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a name as a message has it: one line, all of it printable, its end where it is long."""
    text = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in os.fspath(path)
    )
    return text if len(text) <= _LONGEST else f"…{text[1 - _LONGEST :]}"
