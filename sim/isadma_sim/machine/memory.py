"""Physical memory: of its own or a buffer that is given, bounds-checked for programs, FFh outside of it for the bus."""

from __future__ import annotations

from typing import Any, overload

from isadma_sim.machine.checks import shown
from isadma_sim.machine.guard import Guard

__all__ = ["DEFAULT_SIZE", "FLOATING", "LARGEST_SIZE", "Memory", "view_of"]

#: What a bus read returns where no memory answers: the lines float high.
FLOATING = 0xFF
#: Memory of a PC unless told otherwise, in bytes.
DEFAULT_SIZE = 16 << 20
#: A 386 has 32 address lines. The ISA bus has 24: DMA and bus masters reach the first 16 MiB of whatever there is.
LARGEST_SIZE = 1 << 32


def view_of(buffer: Any) -> memoryview:
    """Return the bytes of a writable, contiguous buffer (bytearray, memoryview, mmap, array, NumPy, ctypes), no copy.

    Raises
    ------
    ValueError
        When it cannot be written, or is no buffer of plain bytes.
    """
    try:
        view = memoryview(buffer)
    except TypeError:
        raise ValueError(
            f"memory size {shown(buffer)} is not 1..{LARGEST_SIZE} bytes, and no writable buffer either"
        ) from None
    if view.readonly:
        raise ValueError(f"memory={shown(type(buffer).__name__)} is read only: give a buffer that can be written")
    try:
        return view.cast("B")
    except (TypeError, ValueError) as error:
        kind = shown(type(buffer).__name__)
        raise ValueError(f"memory={kind} is no row of plain bytes ({error}): give a contiguous one") from None


class Memory:
    """Physical memory as a program sees it: ``memory[0x2E000:0x2E200]`` reads bytes, and slices assign too.

    What a program writes here into ROM (`guard`) is lost, as on the bus. `view` and ``memoryview(memory)`` are the
    bytes themselves: what is written there goes past the ROM. (``memoryview`` of a buffer that was given needs
    Python 3.12; it is the same as the one of that buffer.)

    Storage knows no clock: the bus loop owns timing and uses `raw`.

    Parameters
    ----------
    source : int or buffer
        Bytes, 1..4 GiB (the processor's 32 address lines), or a writable buffer of that size, which is used itself:
        no copy is made. Only the first 16 MiB are on the bus: the rest is the processor's alone.

    Raises
    ------
    ValueError
        When the size is out of range, or the buffer cannot be written.

    Attributes
    ----------
    guard : Guard
        What is read only, and a record of what DMA wrote.
    """

    guard: Guard
    _view: memoryview | None  # of a buffer that was given

    def __new__(cls, source: Any = DEFAULT_SIZE) -> Memory:
        """Make a `Memory` that is its own storage, unless a buffer is given."""
        own = cls is Memory and isinstance(source, int)
        return bytearray.__new__(_Own) if own else object.__new__(cls)

    def __init__(self, source: Any = DEFAULT_SIZE) -> None:
        view = None if isinstance(source, int) else view_of(source)
        size = source if view is None else len(view)
        if isinstance(size, bool) or not 1 <= size <= LARGEST_SIZE:
            raise ValueError(f"memory size {shown(size)} is not 1..{LARGEST_SIZE} bytes (32 address lines)")
        self._view = view
        self.guard = Guard()

    @property
    def raw(self) -> memoryview:
        """The storage itself, never resized: engines may keep a reference or export its buffer."""
        if self._view is None:
            raise ValueError("this memory was a buffer that was given, and its PC is closed: look at that buffer")
        return self._view

    @property
    def view(self) -> memoryview:
        """The bytes themselves, to read and to write, also past the ROM."""
        return memoryview(self.raw)

    def __buffer__(self, flags: int) -> memoryview:
        """Export the bytes themselves, in Python 3.12 and later."""
        return self.view

    def __repr__(self) -> str:
        return f"<{len(self):#x} bytes of memory>"

    def release(self) -> None:
        """Let go of a buffer that was given, so that its owner can close or resize it."""
        if self._view is not None:
            self._view.release()
            self._view = None

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
            raw = self.raw
            for first, end in self.guard.writable(start, stop):
                raw[first:end] = data[first - start : end - start]
        else:
            where = self._index(key)
            if not isinstance(value, int) or not 0 <= value <= 0xFF:
                raise ValueError(f"memory[{where:#x}] takes a byte 0..255, got {shown(value)}")
            if self.guard.writable(where, where + 1):
                self.raw[where] = value

    def bus_read(self, address: int) -> int:
        """Answer a bus read of one byte; FFh where nothing is installed."""
        return self.raw[address] if 0 <= address < len(self.raw) else FLOATING

    def bus_write(self, address: int, value: int) -> None:
        """Take a bus write of one byte; lost where nothing is installed."""
        if 0 <= address < len(self.raw):
            self.raw[address] = value & 0xFF


class _Own(Memory, bytearray):  # type: ignore[misc]
    """Memory that is its own storage, so that it exports its bytes like any other buffer."""

    __hash__ = None

    def __init__(self, source: Any = DEFAULT_SIZE) -> None:
        Memory.__init__(self, source)
        bytearray.__init__(self, source)

    __len__ = bytearray.__len__

    @property
    def raw(self) -> memoryview:
        """The storage itself."""
        return memoryview(self)

    def __buffer__(self, flags: int) -> memoryview:
        """Export the bytes themselves."""
        return bytearray.__buffer__(self, flags)
