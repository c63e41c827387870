"""Physical memory: pages in zones, allocated with alignment and boundary rules, each with its owner's name."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from isadma_driver.channels.board import AT, KB, MB, Board
from isadma_driver.channels.limits import size as in_words
from isadma_driver.checks.values import as_int, as_kind, as_name, shown
from isadma_driver.errors import DmaError, OutOfMemoryError
from isadma_driver.memory.buddy import MAX_ORDER, PAGE, Buddy

#: Zones: what the DMA page registers reach, and the rest.
DMA_ZONE, NORMAL_ZONE = "dma", "normal"

#: What a PC's firmware keeps: interrupt vectors and its data, and the adapters' and ROMs' window.
FIRMWARE = ((0x0, 0x1000, "vectors"), (640 * KB, 1 * MB, "adapters and ROM"))


@dataclass(eq=False)
class Block:
    """Physically contiguous memory with an owner.

    Attributes
    ----------
    address : int
        Physical address, a multiple of the page size.
    size : int
        Bytes, a multiple of the page size.
    owner : str
        Who holds it, as the memory map shows it.
    """

    address: int
    size: int
    owner: str

    @property
    def end(self) -> int:
        """First address after it."""
        return self.address + self.size


@dataclass(frozen=True)
class ZoneReport:
    """How whole a zone's free memory is.

    Attributes
    ----------
    name : str
        The zone.
    total, free, largest : int
        Bytes managed, bytes free, bytes of the largest free block.
    blocks : tuple of int
        Free blocks of each order, as /proc/buddyinfo shows them.
    """

    name: str
    total: int
    free: int
    largest: int
    blocks: tuple[int, ...]

    @property
    def fragmentation(self) -> float:
        """0 when all that is free is one block (or as few as there can be); towards 1 as it falls to pieces."""
        possible = min(self.free, PAGE << MAX_ORDER)
        return 1 - self.largest / possible if possible else 0.0


#: Most bytes of physical memory: what 32 address bits reach.
LARGEST = 1 << 32
#: And of what may be asked for: that it is not there is told as for any size.
ANY_SIZE = 1 << 64


class PhysicalMemory:
    """The page allocator of a machine. Safe for several threads.

    Parameters
    ----------
    size : int
        Bytes of physical memory.
    board : Board, optional
        Its reach divides the zones.
    reserve : int, optional
        Bytes of the DMA zone that requests for any memory leave alone, so that long-running programs do not eat
        up what drivers need.
    firmware : iterable of (start, end, owner), optional
        Ranges that are never handed out.
    """

    def __init__(
        self,
        size: int,
        *,
        board: Board = AT,
        reserve: int = 512 * KB,
        firmware: tuple[tuple[int, int, str], ...] = FIRMWARE,
    ) -> None:
        as_kind("board", board, Board, "give AT or XT")
        if as_int(f"memory of {{}} bytes: use a multiple of {PAGE}, and at least that", size, PAGE, LARGEST) % PAGE:
            raise ValueError(f"memory of {size} bytes: use a multiple of {PAGE}, and at least that")
        size = int(size)
        reserve = as_int("reserve", reserve, 0, LARGEST)
        try:
            firmware = tuple(sorted((int(low), int(high), str(owner)) for low, high, owner in firmware))
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"firmware {shown(firmware)}: give ranges (start, end, owner)") from None
        self.size = size
        self.reserve = reserve
        edge = min(size, board.reach) // PAGE
        self.zones = [Buddy(DMA_ZONE, 0, edge), Buddy(NORMAL_ZONE, edge, size // PAGE)]
        self._blocks: dict[int, Block] = {}
        self._guard = threading.RLock()
        start = 0
        for low, high, owner in firmware:
            low, high = min(low, size), min(high, size)
            if low < high:
                self._give(start, low)
                self._blocks[low] = Block(low, high - low, owner)
                start = high
        self._give(start, size)

    def alloc(
        self, size: int, owner: str, *, zone: str = DMA_ZONE, align: int = PAGE, boundary: int | None = None
    ) -> Block:
        """Allocate contiguous memory.

        Parameters
        ----------
        size : int
            Bytes, rounded up to pages.
        owner : str
            Name for the memory map.
        zone : str, optional
            "dma": below the board's reach. "normal": above it, or, when that is full, below it down to the reserve.
        align : int, optional
            The address is a multiple of this power of two.
        boundary : int, optional
            The block crosses no multiple of this power of two: 65536 for channels 0 to 3, 131072 for 5 to 7.

        Raises
        ------
        ValueError
            A size, alignment or boundary that cannot be.
        OutOfMemoryError
            Nothing free that fits; the message tells how much there is and how large its largest piece.
        """
        pages = self._check(size, owner, zone, align, boundary)
        size, align, boundary = int(size), int(align), None if boundary is None else int(boundary)
        order = max((pages - 1).bit_length(), (align // PAGE - 1).bit_length() if align > PAGE else 0)
        with self._guard:
            for buddy in self.zones if zone == DMA_ZONE else reversed(self.zones):
                if zone == DMA_ZONE and buddy.name != DMA_ZONE:
                    break
                keep = self.reserve // PAGE if buddy.name != zone else 0
                if order > MAX_ORDER or buddy.free_pages - pages < keep:
                    continue
                page = buddy.take(order)
                if page is not None:
                    buddy.give_range(page + pages, page + (1 << order))
                    block = Block(page * PAGE, pages * PAGE, owner)
                    self._blocks[block.address] = block
                    return block
            raise OutOfMemoryError(self._nothing(size, owner, zone))

    def free(self, block: Block) -> None:
        """Give a block back.

        Raises
        ------
        DmaError
            It is not allocated here (any more).
        """
        with self._guard:
            if self._blocks.get(as_kind("block", block, Block, "give what alloc returned").address) is not block:
                raise DmaError(f"memory at {block.address:X}h was freed before, or is not this allocator's")
            del self._blocks[block.address]
            self._give(block.address, block.end)

    def reports(self) -> list[ZoneReport]:
        """Return each zone's state, the DMA zone first."""
        with self._guard:
            return [
                ZoneReport(
                    zone.name,
                    (zone.last - zone.first) * PAGE,
                    zone.free_pages * PAGE,
                    zone.largest * PAGE,
                    tuple(len(pages) for pages in zone.free),
                )
                for zone in self.zones
            ]

    def memory_map(self) -> list[Block]:
        """Return everything that is held, in order of address."""
        with self._guard:
            return [self._blocks[address] for address in sorted(self._blocks)]

    def free_ranges(self) -> list[tuple[int, int]]:
        """Return the free memory as (address, bytes), joined, in order of address."""
        ranges: list[tuple[int, int]] = []
        with self._guard:
            for zone in self.zones:
                for page, order in zone.blocks():
                    if ranges and sum(ranges[-1]) == page * PAGE:
                        ranges[-1] = (ranges[-1][0], ranges[-1][1] + (PAGE << order))
                    else:
                        ranges.append((page * PAGE, PAGE << order))
        return ranges

    def _give(self, start: int, end: int) -> None:
        for zone in self.zones:
            first, last = max(start // PAGE, zone.first), min(end // PAGE, zone.last)
            if first < last:
                zone.give_range(first, last)

    def _check(self, size: int, owner: str, zone: str, align: int, boundary: int | None) -> int:
        as_name("owner of memory,", owner)
        size = as_int(f"size {{}} of memory for {owner!r}: use at least 1 byte", size, 1, ANY_SIZE)
        if not isinstance(zone, str) or zone not in (DMA_ZONE, NORMAL_ZONE):
            raise ValueError(f"no memory zone {shown(zone)}: use {DMA_ZONE!r} or {NORMAL_ZONE!r}")
        for name, value in (("align", align), ("boundary", boundary)):
            if (
                value is not None
                and (number := as_int(f"{name} {{}} is no power of two", value, 1, ANY_SIZE)) & number - 1
            ):
                raise ValueError(f"{name} {value} is no power of two")
        pages = -(-size // PAGE)
        if boundary is not None and pages * PAGE > boundary:
            raise ValueError(f"{size} bytes for {owner!r} cannot lie inside {in_words(boundary)}: split them")
        return pages

    def _nothing(self, size: int, owner: str, zone: str) -> str:
        state = ", ".join(
            f"{report.name}: {report.free // KB}K free, largest piece {report.largest // KB}K"
            for report in self.reports()
            if zone == NORMAL_ZONE or report.name == DMA_ZONE
        )
        return f"no {size} contiguous bytes for {owner!r} ({state}): allocate DMA buffers early, and keep them"
