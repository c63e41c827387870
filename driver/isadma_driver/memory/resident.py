"""A page of virtual memory that is in memory, and what the pager asks of the address space it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from isadma_driver.memory.pages import Block
from isadma_driver.memory.pagetable import PageTable


class Space(Protocol):
    """Whose a page is: an `isadma_driver.memory.space.AddressSpace`.

    Attributes
    ----------
    table : PageTable
        Where its pages are.
    """

    table: PageTable

    def forget(self, address: int, entry: int) -> None:
        """Replace the page at a virtual address, which leaves memory, by a table entry that is not present."""
        ...


@dataclass(eq=False)
class Resident:
    """A virtual page that is in memory.

    Attributes
    ----------
    space : Space
        Whose.
    address : int
        Its virtual address.
    block : Block
        The physical page.
    locks, pins : int
        `mlock` calls and transfers that hold it in place.
    slot : int
        Swap slot that still holds its contents as they were, 0 for none.
    """

    space: Space
    address: int
    block: Block
    locks: int = 0
    pins: int = 0
    slot: int = 0

    @property
    def held(self) -> bool:
        """Whether it must stay where it is."""
        return bool(self.locks or self.pins)
