"""Counts in binary-coded decimal: four digits in sixteen bits."""

from __future__ import annotations

__all__ = ["DECIMAL", "from_bcd", "to_bcd"]

#: Counts there are in four digits.
DECIMAL = 10_000


def from_bcd(count: int) -> int:
    """Return four decimal digits' value; digits above 9 carry (choice)."""
    return sum((count >> 4 * digit & 0xF) * 10**digit for digit in range(4)) % DECIMAL


def to_bcd(value: int) -> int:
    """Return a value below `DECIMAL` as four digits."""
    return int(str(value), 16)
