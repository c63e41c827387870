"""Checks that all engines share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isadma_sim.machine.boards import wiring_of
from isadma_sim.machine.checks import shown

#: The longest wait that may be asked for, in 8237 clocks: a quarter of an hour of a PC's time.
LONGEST_WAIT = 1 << 32


def check_board(board: str) -> None:
    """Raise ValueError when no engine has that board."""
    wiring_of(board)


def check_waits(options: Mapping[str, Any]) -> None:
    """Raise ValueError when a wait among an engine's options is not 1 to `LONGEST_WAIT` clocks."""
    for name in ("hlda_delay", "bus_timeout"):
        clocks = options.get(name, 1)
        if not isinstance(clocks, int) or not 1 <= clocks <= LONGEST_WAIT:
            raise ValueError(f"{name}={shown(clocks)}: give a number of clocks, 1 to {LONGEST_WAIT}")
