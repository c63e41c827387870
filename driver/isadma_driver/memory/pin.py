"""A range of virtual memory held in place while a device reads or writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isadma_driver.errors import DmaError
from isadma_driver.memory.pieces import Piece
from isadma_driver.memory.vm import Resident

if TYPE_CHECKING:
    from isadma_driver.memory.space import AddressSpace


class Pin:
    """A range held in place: what a transfer needs. Release it once.

    Attributes
    ----------
    pieces : list of Piece
        The physical pieces, in order of virtual address, joined where they touch.
    """

    def __init__(self, space: AddressSpace, pages: Sequence[Resident], pieces: list[Piece]) -> None:
        self._space = space
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
        with self._space.vm.guard:
            if self.released:
                raise DmaError(f"pages of {self._space.name!r} unpinned twice")
            self.released = True
            for page in self._pages:
                page.pins -= 1
