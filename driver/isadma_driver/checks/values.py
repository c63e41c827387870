"""Numbers, names and objects that a program gives the driver: right, or one line with the value and the way out."""

from __future__ import annotations

import operator
import os
import reprlib
from typing import Any, TypeVar

__all__ = ["as_data", "as_int", "as_kind", "as_name", "as_path", "as_seconds", "shown"]

#: Characters of an owner's name.
LONGEST_NAME = 64
#: Longest time that is waited for, in seconds: two years.
LONGEST_SECONDS = 1 << 26

Thing = TypeVar("Thing")


def shown(value: object) -> str:
    """Return a value as a message has it: one line, and not a long one."""
    return " ".join(reprlib.repr(value).split())[:60]


def as_int(text: str, value: Any, low: int, high: int) -> int:
    """Return a whole number as a plain int, whatever integer type it has (NumPy's too); truth values are none.

    Parameters
    ----------
    text
        What is said of a wrong one, which is put where ``{}`` stands; without that, a name to say more about.

    Raises
    ------
    ValueError
        It is none, or not within `low` to `high`.
    """
    number = _index(value)
    if number is None or not low <= number <= high:
        said = text if "{}" in text else f"{text} {{}}: use {low} to {high}"
        raise ValueError(said.replace("{}", shown(value), 1))
    return number


def _index(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def as_kind(what: str, value: Any, kind: type[Thing], advice: str) -> Thing:
    """Return an object of a class; TypeError for any other."""
    if not isinstance(value, kind):
        raise TypeError(f"{what} {shown(value)}: {advice}")
    return value


def as_name(what: str, value: Any) -> str:
    """Return a name of one line; ValueError for what is none."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_NAME:
        raise ValueError(
            f"{what} {shown(value)}: give a name of one line, without control characters, {LONGEST_NAME} characters"
            " at most"
        )
    return value


def as_seconds(value: Any, what: str = "seconds") -> float:
    """Return a time, 0 or longer; ValueError for what is none."""
    try:
        if not isinstance(value, (bool, str, bytes, bytearray)) and 0 <= (seconds := float(value)) <= LONGEST_SECONDS:
            return seconds
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{what} {shown(value)}: give 0 to {LONGEST_SECONDS} seconds")


def as_path(value: Any) -> str:
    """Return the name of a file; TypeError and ValueError for what is none."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"path {shown(value)}: give the name of a file")
    path = str(os.fspath(value))
    if "\0" in path:
        raise ValueError(f"path {shown(path)} has a character of code 0: give the name of a file")
    return path


def as_data(what: str, value: Any) -> bytes:
    """Return bytes out of anything that holds bytes (NumPy's arrays too); TypeError for text, numbers and the rest."""
    try:
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        return memoryview(value).cast("B").tobytes()
    except (TypeError, ValueError):
        raise TypeError(f"{what} {shown(value)}: give bytes") from None
