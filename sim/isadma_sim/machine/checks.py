"""Checks of what a program gives the PC: one line with the bad value."""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from typing import Any, TypeVar

from isadma_sim.machine.ports import LAST_PORT

#: Clocks that one call may let go by: two years of a PC's time.
LONGEST = 1 << 48

Thing = TypeVar("Thing")


def shown(value: Any) -> str:
    """Return a value as a message has it: one line, and not a long one."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = 40
    return " ".join(short.repr(value).split())[:80]


def as_int(text: str, value: Any, low: int, high: int) -> int:
    """Return a whole number as a plain int, whatever integer type it has (NumPy's too); truth values are none.

    Parameters
    ----------
    text
        What is said of a wrong one, which is put where ``{}`` stands.

    Raises
    ------
    ValueError
        It is none, or not within `low` to `high`.
    """
    with suppress(TypeError):
        if not isinstance(value, bool) and low <= (number := operator.index(value)) <= high:
            return number
    raise ValueError(text.replace("{}", shown(value), 1))


def one_of(text: str, value: Any, choices: Iterable[Any]) -> Any:
    """Return one of some values, as it is there; ValueError, with the value where ``{}`` stands, for any other."""
    for choice in choices:
        with suppress(Exception):  # what others do when they are compared
            if type(value) is not bool and bool(value == choice):
                return choice
    raise ValueError(text.replace("{}", shown(value), 1))


def as_kind(text: str, value: Any, kind: type[Thing] | tuple[type[Thing], ...]) -> Thing:
    """Return an object of a class; TypeError, with the value where ``{}`` stands, for any other."""
    if not isinstance(value, kind):
        raise TypeError(text.replace("{}", shown(value), 1))
    return value


def as_number(text: str, value: Any, low: float, high: float) -> Any:
    """Return a number, `low` to `high`; ValueError, with the value where ``{}`` stands, for what is none."""
    with suppress(TypeError, ValueError, OverflowError):
        if not isinstance(value, (bool, str, bytes, bytearray)) and low <= float(value) <= high:
            return value if isinstance(value, (int, float, Fraction)) else float(value)
    raise ValueError(text.replace("{}", shown(value), 1))


def as_data(text: str, value: Any) -> bytes:
    """Return bytes out of anything that holds bytes; TypeError, with the value where ``{}`` stands, for the rest."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    with suppress(TypeError, ValueError):
        return memoryview(value).cast("B").tobytes()
    raise TypeError(text.replace("{}", shown(value), 1))


def as_port(port: int) -> int:
    """Return a port number 0..FFFFh, or raise ValueError."""
    if not isinstance(port, int) or not 0 <= port <= LAST_PORT:
        raise ValueError(f"port {shown(port)} is not 0..{LAST_PORT:#x}")
    return port


def as_value(value: int, largest: int) -> int:
    """Return what a port write carries, or raise ValueError."""
    if not isinstance(value, int) or not 0 <= value <= largest:
        raise ValueError(f"{shown(value)} does not fit the port: give 0..{largest:#x}")
    return value


def checked_byte(name: str, value: int, port: int) -> int:
    """Return what a device drives at a port as a plain int, whatever enumeration it has for it; or ValueError."""
    if not isinstance(value, int) or not 0 <= value <= 0xFF:
        raise ValueError(f"{name} gave {value!r} on port {port:03X}h: it must be 0..FFh")
    return int(value)


def as_count(clocks: int | None) -> int:
    """Return a number of clocks, or raise ValueError."""
    if not isinstance(clocks, int) or not 0 <= clocks <= LONGEST:
        raise ValueError(f"clocks={shown(clocks)}: give a number of clocks, 0 to {LONGEST}")
    return clocks


def as_flag(name: str, value: bool) -> bool:
    """Return what is yes or no, or raise ValueError."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}={shown(value)}: give True or False")
    return value
