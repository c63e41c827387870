"""Physical memory: one bytearray, bounds-checked for programs, FFh outside of it for the bus."""

from __future__ import annotations

from typing import overload

from isadma_sim.machine.checks import shown

#: What a bus read returns where no memory answers: the lines float high.
FLOATING = 0xFF
#: Memory of a PC unless told otherwise, in bytes.
DEFAULT_SIZE = 16 << 20
#: A 386 has 32 address lines. The ISA bus has 24: DMA and bus masters reach the first 16 MiB of whatever there is.
LARGEST_SIZE = 1 << 32


class Memory:
    """Physical memory as a program sees it: ``memory[0x2E000:0x2E200]`` reads bytes, and slices assign too.

    Storage knows no clock: the bus loop owns timing and uses `raw` or `bus_read`/`bus_write`.

    Parameters
    ----------
    size : int
        Bytes, 1..4 GiB (the processor's 32 address lines). Only the first 16 MiB are on the bus: the rest is the
        processor's alone.

    Raises
    ------
    ValueError
        When `size` is out of range.
    """

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= LARGEST_SIZE:
            raise ValueError(f"memory size {shown(size)} is not 1..{LARGEST_SIZE} bytes (32 address lines)")
        #: The storage itself, never resized: engines may keep a reference or export its buffer.
        self.raw = bytearray(size)

    def __len__(self) -> int:
        return len(self.raw)

    def _bounds(self, key: slice) -> tuple[int, int]:
        size = len(self.raw)
        if not all(isinstance(end, int | None) for end in (key.start, key.stop, key.step)):
            raise TypeError(f"memory[{shown(key)}]: addresses are integers")
        if key.step not in (None, 1):
            raise ValueError(f"memory slices have no step (got {shown(key.step)})")
        start = 0 if key.start is None else key.start
        stop = size if key.stop is None else key.stop
        if not 0 <= start <= size or not start <= stop <= size:
            raise IndexError(f"memory[{start:#x}:{stop:#x}] is outside the {size:#x} bytes installed: PC(memory=...)")
        return start, stop

    def _index(self, key: int) -> int:
        if not isinstance(key, int):
            raise TypeError(f"memory[{shown(key)}]: addresses are integers")
        if not 0 <= key < len(self.raw):
            raise IndexError(f"memory[{key:#x}] is outside the {len(self.raw):#x} bytes installed: PC(memory=...)")
        return key

    @overload
    def __getitem__(self, key: int) -> int: ...

    @overload
    def __getitem__(self, key: slice) -> bytes: ...

    def __getitem__(self, key: int | slice) -> int | bytes:
        """Byte at an address (int), or the bytes of a slice (a copy).

        Raises
        ------
        IndexError
            Outside the installed memory; negative addresses do not wrap.
        """
        if isinstance(key, slice):
            start, stop = self._bounds(key)
            return bytes(self.raw[start:stop])
        return self.raw[self._index(key)]

    def __setitem__(self, key: int | slice, value: int | bytes | bytearray | memoryview) -> None:
        """Store a byte at an address, or as many bytes as the slice is long.

        Raises
        ------
        IndexError
            Outside the installed memory.
        ValueError
            When the value is no byte, or its length is not the slice's.
        """
        if isinstance(key, slice):
            start, stop = self._bounds(key)
            if not isinstance(value, int | bytes | bytearray | memoryview):
                raise TypeError(f"memory[{start:#x}:{stop:#x}] takes bytes, got {shown(value)}")
            data = memoryview(value).cast("B") if not isinstance(value, int) else None
            if data is None or len(data) != stop - start:
                got = "an int" if data is None else f"{len(data)} bytes"
                raise ValueError(f"memory[{start:#x}:{stop:#x}] takes {stop - start} bytes, got {got}")
            self.raw[start:stop] = data
        else:
            where = self._index(key)
            if not isinstance(value, int) or not 0 <= value <= 0xFF:
                raise ValueError(f"memory[{where:#x}] takes a byte 0..255, got {shown(value)}")
            self.raw[where] = value

    def bus_read(self, address: int) -> int:
        """Answer a bus read of one byte; FFh where nothing is installed."""
        return self.raw[address] if 0 <= address < len(self.raw) else FLOATING

    def bus_write(self, address: int, value: int) -> None:
        """Take a bus write of one byte; lost where nothing is installed."""
        if 0 <= address < len(self.raw):
            self.raw[address] = value & 0xFF
