"""What the processor sees where: RAM, ROM, nothing; and what becomes of it with A20 held low."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["ADAPTERS", "MB", "Layout", "Range", "Window"]

MB = 1 << 20
#: All that 32 address lines reach.
SPACE = 1 << 32


class Range(NamedTuple):
    """A stretch of addresses that shows a stretch of the machine's memory.

    Attributes
    ----------
    start, end : int
        Addresses.
    shows : int
        Address in the machine's memory of its first byte.
    writable : bool
        RAM; else writes are lost.
    """

    start: int
    end: int
    shows: int
    writable: bool


class Window(NamedTuple):
    """A display adapter's memory, and what else lies between 640 KiB and the adapters' ROM.

    Attributes
    ----------
    nothing : tuple of (int, int)
        Where nothing is.
    repeats : tuple of (int, int, int)
        As `Layout` has them: the adapter does not look at all lines of the address.
    """

    nothing: tuple[tuple[int, int], ...]
    repeats: tuple[tuple[int, int, int], ...]


#: By adapter. Ref: IBM Color/Graphics Monitor Adapter (16 KiB), Monochrome Display and Printer Adapter (4 KiB).
ADAPTERS = {
    "cga": Window(((0xA0000, 0xB8000),), ((0xBC000, 0xC0000, 0xB8000),)),
    "mda": Window(
        ((0xA0000, 0xB0000), (0xB8000, 0xC0000)),
        tuple((at, at + 0x1000, 0xB0000) for at in range(0xB1000, 0xB8000, 0x1000)),
    ),
}


@dataclass(frozen=True)
class Layout:
    """The address space of a PC.

    Attributes
    ----------
    memory : int
        Bytes of the machine's memory, whole megabytes.
    rom : tuple of (int, int)
        Where the first megabyte does not take writes.
    high_rom : int
        The last so many bytes before 4 GiB show what lies before 1 MiB: the BIOS, on a processor of 32 bits.
    repeats : tuple of (int, int, int)
        Where the first megabyte shows something that lies elsewhere in it: start, end, and what is shown at the start.
    """

    memory: int
    rom: tuple[tuple[int, int], ...]
    high_rom: int = 0
    repeats: tuple[tuple[int, int, int], ...] = ()

    def first_megabyte(self, at: int = 0) -> Iterator[Range]:
        """Give the ranges of the first megabyte, as they are seen from `at` on."""
        start = 0
        special = [(first, end, first, False) for first, end in self.rom]
        special += [(*repeat, True) for repeat in self.repeats]
        for first, end, shows, writable in sorted(special):
            if start < first:
                yield Range(at + start, at + first, start, True)
            yield Range(at + first, at + end, shows, writable)
            start = end
        if start < MB:
            yield Range(at + start, at + MB, start, True)

    def ranges(self, *, a20: bool) -> list[Range]:
        """Return what is where: with A20 low every odd megabyte shows the even one below it."""
        found = list(self.first_megabyte())
        for at in range(MB, max(self.memory, 2 * MB), MB):
            if not a20 and at == MB:
                found += self.first_megabyte(MB)
            elif at < self.memory:
                found.append(Range(at, at + MB, at if a20 or not at & MB else at - MB, True))
        if self.high_rom:
            found.append(Range(SPACE - self.high_rom, SPACE, MB - self.high_rom, False))
        return found
