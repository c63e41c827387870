"""An address space: regions of virtual memory, filled page by page on demand, locked and pinned for transfers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from isadma_driver.checks.values import as_data, as_int, as_kind, as_name, shown
from isadma_driver.errors import DmaError
from isadma_driver.memory.buddy import PAGE
from isadma_driver.memory.pagetable import (
    ACCESSED,
    ADDRESSES,
    DIRTY,
    FRAME_MASK,
    FRAME_SHIFT,
    PRESENT,
    USER,
    WRITABLE,
    PageTable,
)
from isadma_driver.memory.pieces import Piece, joined
from isadma_driver.memory.pin import Pin
from isadma_driver.memory.resident import Resident
from isadma_driver.memory.vm import VirtualMemory

#: Where the first region goes; below, null pointers fault.
BASE = 0x400000


@dataclass(frozen=True)
class Region:
    """Virtual memory that may be used.

    Attributes
    ----------
    address, size : int
        Virtual address and bytes, both multiples of the page size.
    """

    address: int
    size: int

    @property
    def end(self) -> int:
        """First address after it."""
        return self.address + self.size


def _virtual(address: int) -> int:
    return as_int(f"virtual address {{}}: use 0 to {ADDRESSES - 1:X}h", address, 0, ADDRESSES - 1)


class AddressSpace:
    """The virtual memory of one program.

    Parameters
    ----------
    vm : VirtualMemory
        The pager.
    name : str
        Owner of its pages in the memory map.
    """

    def __init__(self, vm: VirtualMemory, name: str) -> None:
        self.vm = as_kind("vm", vm, VirtualMemory, "give a kernel's vm, or use its address_space(name)")
        self.name = as_name("name of an address space,", name)
        self.regions: list[Region] = []
        self._pages: dict[int, Resident] = {}
        self.table = PageTable(vm.memory, lambda: vm.alloc_page(f"page table of {name}"), vm.pages.free)

    # Regions --------------------------------------------------------------------------------------------------------

    def map_region(self, size: int, address: int | None = None) -> int:
        """Make `size` bytes usable, rounded up to pages, all zero; return their virtual address.

        Raises
        ------
        ValueError
            No such size, or the address is unaligned or in use.
        """
        size = as_int("region of {} bytes: use at least 1, and less than 4 GB", size, 1, ADDRESSES)
        size = -(-size // PAGE) * PAGE
        if address is not None:
            address = as_int(f"region at {{}}: use a multiple of {PAGE} below {ADDRESSES:X}h", address, 0, ADDRESSES)
        with self.vm.guard:
            start = max((region.end for region in self.regions), default=BASE) if address is None else address
            if start % PAGE or start + size > ADDRESSES:
                raise ValueError(f"region at {start:X}h: use a multiple of {PAGE} below {ADDRESSES:X}h")
            if any(start < region.end and region.address < start + size for region in self.regions):
                raise ValueError(f"region at {start:X}h overlaps another of {self.name!r}")
            self.regions.append(Region(start, size))
            return start

    def unmap_region(self, address: int) -> None:
        """Give a region back, with its pages and their swap slots; locks on them end.

        Raises
        ------
        ValueError
            No region starts there.
        DmaError
            A transfer has pinned a page of it.
        """
        address = _virtual(address)
        with self.vm.guard:
            region = next((region for region in self.regions if region.address == address), None)
            if region is None:
                raise ValueError(f"no region of {self.name!r} starts at {address:X}h")
            inside = range(region.address, region.end, PAGE)
            for page in inside:
                if page in self._pages and self._pages[page].pins:
                    raise DmaError(
                        f"page {page:X}h of {self.name!r} is pinned by a transfer: finish or cancel that first"
                    )
            for page in inside:
                self._discard(page)
            self.regions.remove(region)

    def close(self) -> None:
        """Give everything back.

        Raises
        ------
        DmaError
            A transfer has pinned a page.
        """
        with self.vm.guard:
            for region in list(self.regions):
                self.unmap_region(region.address)
            self.table.close()

    def __enter__(self) -> AddressSpace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # Use ------------------------------------------------------------------------------------------------------------

    def read(self, address: int, length: int) -> bytes:
        """Return bytes, as the program would see them."""
        data = bytearray()
        with self.vm.guard:
            for virtual, length_here in self._split(address, length):
                physical = self._physical(virtual, write=False)
                data += self.vm.memory[physical : physical + length_here]
        return bytes(data)

    def write(self, address: int, data: bytes) -> None:
        """Store bytes, as the program would."""
        done, data = 0, as_data("data", data)
        with self.vm.guard:
            for virtual, length_here in self._split(address, len(data)):
                physical = self._physical(virtual, write=True)
                self.vm.memory[physical : physical + length_here] = data[done : done + length_here]
                done += length_here

    def translate(self, address: int) -> int | None:
        """Return the physical address a virtual one has at this moment; None when the page is not in memory.

        Nothing keeps it there: only `pin` does.
        """
        address = _virtual(address)
        entry = self.table.get(address)
        return (entry & FRAME_MASK) + address % PAGE if entry & PRESENT else None

    # Locked and pinned ----------------------------------------------------------------------------------------------

    def mlock(self, address: int, length: int) -> None:
        """Bring pages in and keep them; each call needs its own `munlock`."""
        with self.vm.guard:
            done: list[Resident] = []
            try:
                for virtual, _ in self._split(address, length):
                    page = self._fault(virtual, write=False)
                    page.locks += 1
                    done.append(page)
            except DmaError:
                for page in done:
                    page.locks -= 1
                raise

    def munlock(self, address: int, length: int) -> None:
        """Take one `mlock` back.

        Raises
        ------
        DmaError
            A page of the range is not locked; none is changed then.
        """
        with self.vm.guard:
            pages = [self._pages.get(virtual // PAGE * PAGE) for virtual, _ in self._split(address, length)]
            for (virtual, _), page in zip(self._split(address, length), pages, strict=True):
                if page is None or not page.locks:
                    raise DmaError(f"munlock: page {virtual // PAGE * PAGE:X}h of {self.name!r} is not locked")
            for page in pages:
                assert page is not None
                page.locks -= 1

    def pin(self, address: int, length: int, *, write: bool) -> Pin:
        """Bring pages in and hold them in place for a transfer.

        Parameters
        ----------
        address, length : int
            Virtual address and bytes.
        write : bool
            The device will write them: they count as changed from now on.
        """
        as_kind("write", write, bool, "give True or False")
        with self.vm.guard:
            pages: list[Resident] = []
            pieces: list[Piece] = []
            try:
                for virtual, length_here in self._split(address, length):
                    page = self._fault(virtual, write=write)
                    page.pins += 1
                    pages.append(page)
                    pieces.append(Piece(page.block.address + virtual % PAGE, length_here))
            except DmaError:
                for page in pages:
                    page.pins -= 1
                raise
            return Pin(self.vm, self.name, pages, joined(pieces))

    # For the pager --------------------------------------------------------------------------------------------------

    def forget(self, address: int, entry: int) -> None:
        """Replace a page that leaves memory by an entry that is not present."""
        if address not in self._pages:
            raise ValueError(f"no page of {self.name!r} at {shown(address)}: give one that is in memory")
        self.table.set(address, as_int("entry", entry, 0, ADDRESSES - 1))
        del self._pages[address]

    # Below ----------------------------------------------------------------------------------------------------------

    def _split(self, address: int, length: int) -> Iterator[tuple[int, int]]:
        """Cut a range at page edges, once all of it is known to be inside regions."""
        address = _virtual(address)
        length = as_int(f"{{}} bytes at {address:X}h of {self.name!r}: use at least 1", length, 1, ADDRESSES)
        at, end = address, address + length
        while at < end:
            region = next((region for region in self.regions if region.address <= at < region.end), None)
            if region is None:
                raise ValueError(f"{self.name!r} has no memory at {at:X}h: map_region first")
            at = region.end
        at = address
        while at < end:
            here = min(PAGE - at % PAGE, end - at)
            yield at, here
            at += here

    def _physical(self, virtual: int, *, write: bool) -> int:
        return self._fault(virtual, write=write).block.address + virtual % PAGE

    def _fault(self, virtual: int, *, write: bool) -> Resident:
        """Return the page of an address, brought into memory if need be, marked as used."""
        address = virtual // PAGE * PAGE
        page = self._pages.get(address)
        if page is None:
            slot = self.table.get(address) >> FRAME_SHIFT
            block = self.vm.alloc_page(self.name)
            self.vm.memory[block.address : block.end] = self.vm.swap.load(slot) if slot else bytes(PAGE)
            self.vm.swapped_in += bool(slot)
            page = self._pages[address] = Resident(self, address, block, slot=slot)
            try:
                self.table.set(address, block.address | PRESENT | WRITABLE | USER | ACCESSED)
            except DmaError:
                del self._pages[address]
                self.vm.pages.free(block)
                raise
            self.vm.adopt(page)
        self.table.set(address, self.table.get(address) | ACCESSED | (DIRTY if write else 0))
        return page

    def _discard(self, address: int) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self.vm.drop(page)
        else:
            slot = self.table.get(address) >> FRAME_SHIFT
            if slot:
                self.vm.swap.release(slot)
        self.table.set(address, 0)
