"""Checks of what a program gives the PC: one line with the bad value."""

from __future__ import annotations

import reprlib
from typing import Any

from isadma_sim.machine.ports import LAST_PORT

#: Clocks that one call may let go by: two years of a PC's time.
LONGEST = 1 << 48


def shown(value: Any) -> str:
    """Return a value as a message has it: one line, and not a long one."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = 40
    return " ".join(short.repr(value).split())[:80]


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
