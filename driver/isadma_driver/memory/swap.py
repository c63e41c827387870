"""A swap file: where pages go that memory has no room for."""

from __future__ import annotations

import os
import tempfile
from types import TracebackType

from isadma_driver.errors import DmaError, OutOfMemoryError
from isadma_driver.memory.buddy import PAGE


class SwapFile:
    """Page-sized slots in a file.

    Parameters
    ----------
    slots : int
        Pages it holds.
    path : str or os.PathLike, optional
        Where; without it, a file that goes away when closed.
    """

    def __init__(self, slots: int, path: str | os.PathLike[str] | None = None) -> None:
        if slots < 1:
            raise ValueError(f"swap of {slots} pages: use at least 1")
        self.slots = slots
        # Unbuffered: a page swapped out is in the file, whatever becomes of the program.
        self._file = open(path, "w+b", buffering=0) if path else tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self._free = set(range(1, slots + 1))  # slot 0 would look like an empty page table entry

    @property
    def used(self) -> int:
        """Number of slots that hold a page."""
        return self.slots - len(self._free)

    def store(self, page: bytes) -> int:
        """Write a page to a free slot and return the slot, from 1.

        Raises
        ------
        OutOfMemoryError
            No slot is free.
        """
        if len(page) != PAGE:
            raise ValueError(f"{len(page)} bytes are no page: use {PAGE}")
        if not self._free:
            raise OutOfMemoryError(f"the swap file's {self.slots} pages are full: make it larger")
        slot = min(self._free)
        os.pwrite(self._file.fileno(), page, (slot - 1) * PAGE)
        self._free.remove(slot)
        return slot

    def load(self, slot: int) -> bytes:
        """Return the page in a slot, which stays in use."""
        self._check(slot)
        return os.pread(self._file.fileno(), PAGE, (slot - 1) * PAGE)

    def release(self, slot: int) -> None:
        """Free a slot."""
        self._check(slot)
        self._free.add(slot)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> SwapFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _check(self, slot: int) -> None:
        if slot in self._free or not 1 <= slot <= self.slots:
            raise DmaError(f"swap slot {slot} holds no page")
