"""A range of virtual memory held in place while a device reads or writes it."""

from __future__ import annotations

from collections.abc import Sequence

from isadma_driver.errors import DmaError
from isadma_driver.memory.pieces import Piece
from isadma_driver.memory.resident import Resident
from isadma_driver.memory.vm import VirtualMemory


class Pin:
    """A range held in place: what a transfer needs. Release it once.

    Parameters
    ----------
    vm : VirtualMemory
        The pager that leaves the pages where they are.
    owner : str
        The address space's name, for messages.
    pages : sequence of Resident
        The pages, each counted as pinned once more.
    pieces : list of Piece
        As the attribute.

    Attributes
    ----------
    pieces : list of Piece
        The physical pieces, in order of virtual address, joined where they touch.
    """

    def __init__(self, vm: VirtualMemory, owner: str, pages: Sequence[Resident], pieces: list[Piece]) -> None:
        self._vm = vm
        self._owner = owner
        self._pages = pages
        self.pieces = pieces
        self.released = False

    def release(self) -> None:
        """Let the pages go.

        Raises
        ------
        DmaError
            They were let go before.
        """
        with self._vm.guard:
            if self.released:
                raise DmaError(f"pages of {self._owner!r} unpinned twice")
            self.released = True
            for page in self._pages:
                page.pins -= 1
