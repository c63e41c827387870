"""Virtual memory: who has which page in memory, and the reclaimer that swaps pages out when memory is short."""

from __future__ import annotations

import threading
from collections import OrderedDict

from isadma_driver.checks.values import as_int, as_kind
from isadma_driver.errors import OutOfMemoryError
from isadma_driver.machines.machine import Memory
from isadma_driver.memory.buddy import PAGE
from isadma_driver.memory.pages import NORMAL_ZONE, Block, PhysicalMemory
from isadma_driver.memory.pagetable import ACCESSED, DIRTY, FRAME_SHIFT
from isadma_driver.memory.resident import Resident
from isadma_driver.memory.swap import SwapFile

#: Pages the reclaimer frees at once, so that not every allocation has to run it.
BATCH = 8


#: What a page is.
_PAGE = "give one of `resident`"


class VirtualMemory:
    """The pager of a machine. Safe for several threads.

    Parameters
    ----------
    memory : Memory
        Physical memory.
    pages : PhysicalMemory
        Its allocator.
    swap : SwapFile
        Where pages go.
    """

    def __init__(self, memory: Memory, pages: PhysicalMemory, swap: SwapFile) -> None:
        self.memory = memory
        self.pages = pages
        self.swap = swap
        self.guard = threading.RLock()
        #: Resident pages by physical address, the reclaimer's next candidate first.
        self.resident: OrderedDict[int, Resident] = OrderedDict()
        self.swapped_out = 0
        self.swapped_in = 0

    def alloc_page(self, owner: str) -> Block:
        """Return a page, reclaiming others when memory is short.

        Raises
        ------
        OutOfMemoryError
            Nothing is free, and nothing can be swapped out.
        """
        with self.guard:
            while True:
                try:
                    return self.pages.alloc(PAGE, owner, zone=NORMAL_ZONE)
                except OutOfMemoryError:
                    # One batch may not do: when drivers have used up their reserve, it is filled again first.
                    if self.reclaim(BATCH):
                        continue
                held = sum(page.held for page in self.resident.values())
                raise OutOfMemoryError(
                    f"no page for {owner!r}: memory is full, {held} of {len(self.resident)} program pages are "
                    f"locked or pinned, and {self.swap.slots - self.swap.used} swap pages are free"
                )

    def reclaim(self, count: int) -> int:
        """Free up to `count` pages, the longest unused first; return how many.

        Locked and pinned pages stay. A page that was used since the last visit gets a second chance.
        """
        count = as_int("count", count, 0, 1 << 32)
        with self.guard:
            freed = 0
            for _ in range(2 * len(self.resident)):
                if freed == count or not self.resident:
                    break
                page = next(iter(self.resident.values()))
                self.resident.move_to_end(page.block.address)
                if page.held:
                    continue
                entry = page.space.table.get(page.address)
                if entry & ACCESSED:
                    page.space.table.set(page.address, entry & ~ACCESSED)
                elif self._evict(page, dirty=bool(entry & DIRTY)):
                    freed += 1
            return freed

    def evict(self, page: Resident) -> bool:
        """Swap one page out now; return False when it is held, or the swap file is full."""
        as_kind("page", page, Resident, _PAGE)
        with self.guard:
            dirty = bool(page.space.table.get(page.address) & DIRTY)
            return not page.held and self._evict(page, dirty=dirty)

    def adopt(self, page: Resident) -> None:
        """Take a page into the reclaimer's list."""
        self.resident[as_kind("page", page, Resident, _PAGE).block.address] = page

    def drop(self, page: Resident) -> None:
        """Free a page and its swap slot; its contents are gone."""
        as_kind("page", page, Resident, _PAGE)
        del self.resident[page.block.address]
        self.pages.free(page.block)
        if page.slot:
            self.swap.release(page.slot)

    def _evict(self, page: Resident, *, dirty: bool) -> bool:
        if dirty:
            if page.slot:
                self.swap.release(page.slot)
                page.slot = 0
            try:
                page.slot = self.swap.store(bytes(self.memory[page.block.address : page.block.end]))
            except OutOfMemoryError:
                return False
            self.swapped_out += 1
        # A clean page is in its slot already, or was never written: then an empty entry stands for its zeros.
        page.space.forget(page.address, page.slot << FRAME_SHIFT)
        del self.resident[page.block.address]
        self.pages.free(page.block)
        return True
