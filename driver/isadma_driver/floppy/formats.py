"""The floppy formats of the PC: what a driver must tell the controller about each."""

# Ref: IBM PC AT Technical Reference and PS/2 BIOS Interface Technical Reference, diskette parameters;
#      Intel 82077AA data sheet, order 290166, tables 5-8 (gap lengths) and 5-10 (SPECIFY);
#      Linux 6.1 drivers/block/floppy.c, table of formats (H1680, which is DMF, and H1722).

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.checks.values import shown

#: Bytes of a sector in every PC format, and the N that stands for them (128 << N).
SECTOR_BYTES, SECTOR_N = 512, 2

#: Bits 1-0 of CCR for each data rate in kbit/s.
RATE_CODES = {500: 0, 300: 1, 250: 2, 1000: 3}


@dataclass(frozen=True)
class Format:
    """One format in one kind of drive.

    Attributes
    ----------
    name : str
        What people call it.
    cylinders, heads, sectors : int
        Geometry; sectors are per track, numbered from 1.
    kbps : int
        Data rate in kbit/s.
    gap : int
        Gap 3 for reading and writing, in bytes.
    format_gap : int
        Gap 3 for formatting, in bytes.
    stretch : int
        Steps of the drive per cylinder: 2 for a 40-track disk in an 80-track drive.
    """

    name: str
    cylinders: int
    heads: int
    sectors: int
    kbps: int
    gap: int
    format_gap: int
    stretch: int = 1

    @property
    def total(self) -> int:
        """Sectors of the whole disk."""
        return self.cylinders * self.heads * self.sectors

    @property
    def cylinder_sectors(self) -> int:
        """Sectors of one cylinder, both heads."""
        return self.heads * self.sectors

    @property
    def size(self) -> int:
        """Bytes of the whole disk."""
        return self.total * SECTOR_BYTES

    def locate(self, lba: int) -> tuple[int, int, int]:
        """Return cylinder, head and sector (from 1) of a logical sector."""
        cylinder, rest = divmod(lba, self.cylinder_sectors)
        return cylinder, rest // self.sectors, rest % self.sectors + 1


FORMATS = {
    format.name: format
    for format in (
        Format("160K", 40, 1, 8, 250, 0x2A, 0x50),
        Format("180K", 40, 1, 9, 250, 0x2A, 0x50),
        Format("320K", 40, 2, 8, 250, 0x2A, 0x50),
        Format("360K", 40, 2, 9, 250, 0x2A, 0x50),
        Format("720K", 80, 2, 9, 250, 0x1B, 0x50),
        Format("1.2M", 80, 2, 15, 500, 0x1B, 0x54),
        Format("1.44M", 80, 2, 18, 500, 0x1B, 0x6C),
        Format("1.68M", 80, 2, 21, 500, 0x1C, 0x0C),
        Format("1.72M", 82, 2, 21, 500, 0x25, 0x0C),
        Format("2.88M", 80, 2, 36, 1000, 0x38, 0x53),
        Format("360K in 1.2M", 40, 2, 9, 300, 0x23, 0x50, 2),
    )
}


def format_for(size: int) -> Format:
    """Return the format of a disk of `size` bytes in its own drive.

    Raises
    ------
    ValueError
        No such format; the message names those there are.
    """
    for candidate in FORMATS.values():
        if candidate.size == size:
            return candidate
    known = ", ".join(f"{known.size} ({known.name})" for known in FORMATS.values() if known.stretch == 1)
    raise ValueError(f"no floppy format has {size} bytes: use {known}")


def format_named(name: str) -> Format:
    """Return the format called `name`; ValueError names those there are."""
    if name not in FORMATS:
        raise ValueError(f"no floppy format {shown(name)}: use {', '.join(FORMATS)}")
    return FORMATS[name]
