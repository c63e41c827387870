"""The BIOS of a PC that boots: a file, Debian's SeaBIOS, or the small one of this package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from isadma_sim.boot.assembler import assemble
from isadma_sim.boot.errors import BiosError
from isadma_sim.boot.layout import MB
from isadma_sim.machine.firmware import AT_POST, AT_REFRESH, REFRESH_COUNTER
from isadma_sim.pc import PC

__all__ = ["SEABIOS", "Bios"]

#: Where Debian has SeaBIOS.
SEABIOS = Path("/usr/share/seabios/bios.bin")
#: ROM for adapters, and for the system.
_ADAPTERS, _SYSTEM = 0xC0000, 0xE0000
_KB = 1 << 10
_SMALLEST, _LARGEST_XT, _LARGEST = 8 * _KB, 64 * _KB, 128 * _KB
#: Blocks of 512 bytes that the display's option ROM has.
_VIDEO_BLOCKS = 4


@dataclass(frozen=True)
class Bios:
    """What lies at the end of the first megabyte.

    Attributes
    ----------
    data : bytes
        Its bytes.
    name : str
        What messages call it.
    """

    data: bytes
    name: str

    @classmethod
    def own(cls, board: str) -> Bios:
        """Return this package's own, which is assembled where the cache does not have it.

        Raises
        ------
        BiosError
            There is no assembler.
        """
        symbols = {"XT": 1} if board == "xt" else {}
        return cls(assemble("bios", **symbols), "the built-in BIOS")

    @classmethod
    def from_file(cls, path: Path, board: str) -> Bios:
        """Return a file's.

        Raises
        ------
        BiosError
            For a size that no ROM has; the message names the file.
        OSError
            It cannot be read.
        """
        most = _LARGEST_XT if board == "xt" else _LARGEST
        size = path.stat().st_size
        fits = size <= most and size >= _SMALLEST and size & size - 1 == 0
        if not fits:
            sizes = ", ".join(str(_SMALLEST << shift) for shift in range(8) if _SMALLEST << shift <= most)
            raise BiosError(f"'{path}' has {size} bytes: a BIOS of this board has {sizes}")
        return cls(path.read_bytes(), f"'{path}'")

    @property
    def size(self) -> int:
        """Its bytes, at least those that a page of the processor has."""
        return len(self.data)

    @property
    def is_seabios(self) -> bool:
        """Whether it is a SeaBIOS, which writes to its own segment: a chipset's shadow memory, here not locked."""
        return b"SeaBIOS" in self.data

    @cached_property
    def video(self) -> bytes:
        """An option ROM with INT 10h, for a BIOS that has none; its bytes add up to zero."""
        rom = bytearray(assemble("videorom", VIDEO_ROM=1, VIDEO_ROM_BLOCKS=_VIDEO_BLOCKS))
        rom[-1] = -sum(rom[:-1]) & 0xFF
        return bytes(rom)

    def install(self, pc: PC) -> tuple[tuple[int, int], ...]:
        """Put it into a machine's memory, and return where that does not take writes.

        Where there is no ROM between C0000h and the BIOS nothing answers: ones.
        """
        start = MB - self.size
        if self.is_seabios:
            # It copies its option ROMs to C0000h, and unlocks what it needs by a chipset that is not here.
            pc.memory[_ADAPTERS:start] = b"\xff" * (start - _ADAPTERS)
            pc.memory[start:MB] = self.data
            # It leaves the refresh to what was there before it; programs wait by port 61h bit 4, which tells of it.
            for port, value in (*AT_REFRESH, *AT_POST[:REFRESH_COUNTER]):
                pc.outb(port, value)
            return ()
        pc.rom(_ADAPTERS, b"\xff" * (start - _ADAPTERS) + self.data)
        return ((_ADAPTERS, MB),)
