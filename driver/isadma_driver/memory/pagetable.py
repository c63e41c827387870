"""Page tables of the 80386, in the machine's own memory: a directory, and a table for each 4 MB in use."""

# Ref: Intel 80386 Programmer's Reference Manual, order 230985, section 5.2 (page translation, entry format).

from __future__ import annotations

from collections.abc import Callable

from isadma_driver.machines.machine import Memory
from isadma_driver.memory.buddy import PAGE
from isadma_driver.memory.pages import Block

#: Bits of an entry. Without PRESENT the others are free for software: here the swap slot in bits 31-12.
PRESENT, WRITABLE, USER, ACCESSED, DIRTY = 0x01, 0x02, 0x04, 0x20, 0x40
#: Where the frame address, or the swap slot, stands.
FRAME_SHIFT, FRAME_MASK = 12, 0xFFFFF000

#: An entry's bytes; entries of a table; bytes that a table, and the directory, map.
ENTRY, ENTRIES = 4, PAGE // 4
TABLE_SPAN, ADDRESSES = PAGE * ENTRIES, PAGE * ENTRIES * ENTRIES


class PageTable:
    """The translation of one address space.

    Parameters
    ----------
    memory : Memory
        Physical memory, where the tables are.
    alloc : callable
        Gives a page for a table.
    release : callable
        Takes it back.
    """

    def __init__(self, memory: Memory, alloc: Callable[[], Block], release: Callable[[Block], None]) -> None:
        self._memory = memory
        self._alloc = alloc
        self._release = release
        self._directory = self._empty()
        self._tables: dict[int, Block] = {}

    @property
    def root(self) -> int:
        """Physical address of the directory, as in CR3."""
        return self._directory.address

    def get(self, address: int) -> int:
        """Return the entry of a virtual address; 0 where there is none."""
        directory_entry = self._load(self.root + address // TABLE_SPAN * ENTRY)
        if not directory_entry & PRESENT:
            return 0
        return self._load((directory_entry & FRAME_MASK) + address // PAGE % ENTRIES * ENTRY)

    def set(self, address: int, entry: int) -> None:
        """Write the entry of a virtual address, with a new table when there is none yet."""
        index = address // TABLE_SPAN
        if index not in self._tables:
            if not entry:
                return
            self._tables[index] = self._empty()
            self._store(self.root + index * ENTRY, self._tables[index].address | PRESENT | WRITABLE | USER)
        self._store(self._tables[index].address + address // PAGE % ENTRIES * ENTRY, entry)

    def close(self) -> None:
        """Free all tables."""
        for table in self._tables.values():
            self._release(table)
        self._tables.clear()
        self._release(self._directory)

    def _empty(self) -> Block:
        block = self._alloc()
        self._memory[block.address : block.end] = bytes(block.size)
        return block

    def _load(self, where: int) -> int:
        return int.from_bytes(self._memory[where : where + ENTRY], "little")

    def _store(self, where: int, entry: int) -> None:
        self._memory[where : where + ENTRY] = entry.to_bytes(ENTRY, "little")
