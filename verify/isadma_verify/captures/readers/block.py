"""What every reader gives: the probes' names, and their levels in blocks, so that no capture is held whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

__all__ = ["BLOCK", "WORD", "Block", "Reader", "words"]

#: Samples in a block, about.
BLOCK = 1 << 16
#: Probes in a word of levels.
WORD = 64


@dataclass(frozen=True)
class Block:
    """
    Some samples in a row.

    Attributes
    ----------
    levels : ndarray
        64-bit words, a row a sample; probe `p` is bit ``p % 64`` of word ``p // 64``.
    times : ndarray or None
        When each sample begins, in nanoseconds; None where samples are evenly spaced, at the reader's rate.
    """

    levels: np.ndarray[Any, np.dtype[np.uint64]]
    times: np.ndarray[Any, np.dtype[np.float64]] | None = None

    def probe(self, number: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Levels of one probe, 0 or 1."""
        word = self.levels[:, number // WORD]
        return ((word >> np.uint64(number % WORD)) & np.uint64(1)).astype(np.uint8)


class Reader(Protocol):
    """A capture's file."""

    path: Path
    #: Names of the probes.
    probes: list[str]
    #: Samples a second; None where the file does not say, or has times.
    rate: float | None

    def blocks(self) -> Iterator[Block]:
        """Read the levels, from the beginning each time it is called."""
        ...


def words(rows: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return bytes, a row a sample and lowest probes first, as 64-bit words."""
    count, width = rows.shape
    padded = np.zeros((count, -(-width // 8) * 8), np.uint8)
    padded[:, :width] = rows
    return padded.view("<u8")
