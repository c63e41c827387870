"""Between the bus and memory: regions that are read only, and a record of what DMA and bus masters wrote."""

from __future__ import annotations

import ctypes

__all__ = ["MOST_ROMS", "PAGE", "Guard", "GuardState"]

#: Read-only regions there can be.
MOST_ROMS = 16
#: Bytes of a page: what was written is kept page by page.
PAGE = 0x1000
#: Pages that the bus's 24 address lines reach.
PAGES = (1 << 24) // PAGE
_CLEAN = 0xFFFF


class GuardState(ctypes.Structure):
    """The guard as C++ sees it (`isadma_guard` in ``harness.h``)."""

    _fields_ = (
        ("roms", ctypes.c_uint32),
        ("watching", ctypes.c_uint32),
        ("first_page", ctypes.c_uint32),
        ("last_page", ctypes.c_uint32),
        ("starts", ctypes.c_uint64 * MOST_ROMS),
        ("ends", ctypes.c_uint64 * MOST_ROMS),
        ("low", ctypes.c_uint16 * PAGES),
        ("high", ctypes.c_uint16 * PAGES),
    )


class Guard:
    """Lets writes of the bus through to memory, or not, and keeps where they went.

    Both the clock in Python and the one in C++ work on its `state`.

    Attributes
    ----------
    state : GuardState
        Regions, and by page the lowest byte written and the one behind the highest.
    """

    def __init__(self) -> None:
        self.state = GuardState()
        self._forget()

    # ---------------------------------------------------------------- read-only regions
    def protect(self, start: int, end: int) -> None:
        """Make ``start..end-1`` read only; ValueError when it meets another region, or there are too many."""
        state = self.state
        for first, last in self.regions():
            if start < last and first < end:
                raise ValueError(f"ROM at {start:#x}: {first:#x} to {last - 1:#x} is ROM already")
        if state.roms == MOST_ROMS:
            raise ValueError(f"ROM at {start:#x}: there are {MOST_ROMS} regions already, join some")
        state.starts[state.roms], state.ends[state.roms] = start, end
        state.roms += 1

    def regions(self) -> list[tuple[int, int]]:
        """Return the read-only regions in order of their addresses, each with the address behind it."""
        state = self.state
        if not state.roms:
            return []
        return sorted((state.starts[at], state.ends[at]) for at in range(state.roms))

    def writable(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of ``start..end-1`` that can be written."""
        parts: list[tuple[int, int]] = []
        for first, last in self.regions():
            if first >= end:
                break
            if last > start:
                if start < first:
                    parts.append((start, first))
                start = last
        return [*parts, (start, end)] if start < end else parts

    # ---------------------------------------------------------------- writes of the bus
    def store(self, memory: bytearray | memoryview, address: int, value: int, size: int) -> None:
        """Write a byte or a word (`size` 1 or 2) of the bus; it is lost where nothing is installed, and in ROM."""
        if address + size > len(memory):
            return
        for at in range(address, address + size):
            if self.state.roms and not self.writable(at, at + 1):
                continue
            memory[at] = value >> 8 * (at - address) & 0xFF
            if self.state.watching:
                self._note(at)

    def _note(self, at: int) -> None:
        state, (page, offset) = self.state, divmod(at, PAGE)
        state.low[page] = min(state.low[page], offset)
        state.high[page] = max(state.high[page], offset + 1)
        state.first_page, state.last_page = min(state.first_page, page), max(state.last_page, page)

    # ---------------------------------------------------------------- the record
    def watch(self, on: bool) -> None:
        """Keep a record from now on, or none."""
        self._forget()
        self.state.watching = on

    def _forget(self) -> None:
        state = self.state
        ctypes.memset(state.low, 0xFF, ctypes.sizeof(state.low))
        ctypes.memset(state.high, 0, ctypes.sizeof(state.high))
        state.first_page, state.last_page = PAGES, 0

    def taken(self) -> list[tuple[int, int]]:
        """Return address and length of what was written since the last call, and begin a new record.

        Of a page it is all from the first byte written to the last one; pages that meet are one range.
        """
        state = self.state
        if state.first_page > state.last_page:
            return []
        found: list[tuple[int, int]] = []
        for page in range(state.first_page, state.last_page + 1):
            if not state.high[page]:
                continue
            start, end = page * PAGE + state.low[page], page * PAGE + state.high[page]
            if found and sum(found[-1]) == start:
                start = found.pop()[0]
            found.append((start, end - start))
            state.low[page], state.high[page] = _CLEAN, 0
        state.first_page, state.last_page = PAGES, 0
        return found
