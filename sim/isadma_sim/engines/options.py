"""Checks that all engines share."""

from __future__ import annotations

from isadma_sim.boards import wiring_of


def check_board(board: str) -> None:
    """Raise ValueError when no engine has that board."""
    wiring_of(board)
