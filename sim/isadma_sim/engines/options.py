"""Checks that all engines share."""

from __future__ import annotations

BOARDS = ("at",)


def check_board(board: str) -> None:
    """Raise ValueError when no engine has that board."""
    if board not in BOARDS:
        raise ValueError(f"no board {board!r}: use one of {', '.join(BOARDS)}")
