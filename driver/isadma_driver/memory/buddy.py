"""One zone of physical memory as a buddy system: blocks of 2^k pages, split to fit and joined again when free.

A block of 2^k pages starts at a multiple of its size, so one of at most 64K crosses no 64K boundary by itself.
"""

from __future__ import annotations

#: Bytes of a page, and the largest block: 2^10 pages, 4 MB.
PAGE, MAX_ORDER = 4096, 10


class Buddy:
    """The free pages of one zone.

    Parameters
    ----------
    name : str
        What reports call the zone.
    first, last : int
        Page numbers: from `first` up to, not including, `last`. All are in use until they are freed into the zone.
    """

    def __init__(self, name: str, first: int, last: int) -> None:
        self.name = name
        self.first = first
        self.last = last
        #: Free blocks of each order, by the number of their first page.
        self.free: list[set[int]] = [set() for _ in range(MAX_ORDER + 1)]

    def take(self, order: int) -> int | None:
        """Take the lowest block of 2^order pages; return its first page, or None when there is none."""
        for larger in range(order, MAX_ORDER + 1):
            if self.free[larger]:
                page = min(self.free[larger])
                self.free[larger].remove(page)
                # Give the upper halves back until the block fits.
                for half in range(larger - 1, order - 1, -1):
                    self.free[half].add(page + (1 << half))
                return page
        return None

    def give(self, page: int, order: int = 0) -> None:
        """Free a block of 2^order pages, and join it with its buddy for as long as that is free, too."""
        while order < MAX_ORDER:
            buddy = page ^ 1 << order
            if buddy not in self.free[order]:
                break
            self.free[order].remove(buddy)
            page &= ~(1 << order)
            order += 1
        self.free[order].add(page)

    def give_range(self, first: int, last: int) -> None:
        """Free the pages from `first` up to, not including, `last`, in blocks as large as they align to."""
        while first < last:
            order = min((first & -first).bit_length() - 1 if first else MAX_ORDER, MAX_ORDER)
            while first + (1 << order) > last:
                order -= 1
            self.give(first, order)
            first += 1 << order

    def blocks(self) -> list[tuple[int, int]]:
        """Return every free block as (first page, order), in order of address."""
        return sorted((page, order) for order, pages in enumerate(self.free) for page in pages)

    @property
    def free_pages(self) -> int:
        """Number of free pages."""
        return sum(len(pages) << order for order, pages in enumerate(self.free))

    @property
    def largest(self) -> int:
        """Pages of the largest free block, 0 when nothing is free."""
        return max((1 << order for order, pages in enumerate(self.free) if pages), default=0)
