"""Checks of what a program gives the PC: one line with the bad value."""

from __future__ import annotations

from isadma_sim.machine.ports import LAST_PORT


def as_port(port: int) -> int:
    """Return a port number 0..FFFFh, or raise ValueError."""
    if not isinstance(port, int) or not 0 <= port <= LAST_PORT:
        raise ValueError(f"port {port!r} is not 0..{LAST_PORT:#x}")
    return port


def as_value(value: int, largest: int) -> int:
    """Return what a port write carries, or raise ValueError."""
    if not isinstance(value, int) or not 0 <= value <= largest:
        raise ValueError(f"{value!r} does not fit the port: give 0..{largest:#x}")
    return value


def as_count(clocks: int | None) -> int:
    """Return a number of clocks, or raise ValueError."""
    if not isinstance(clocks, int) or clocks < 0:
        raise ValueError(f"clocks={clocks!r}: give a number of clocks, 0 or more")
    return clocks
