"""The standard PC floppy formats and drives, and which disk a drive can turn.

# Ref: ECMA-99 (1.2M), ECMA-100/ISO 8860 (720K), ECMA-125/ISO 9529 (1.44M) and IBM PC DOS 1.0-5.0 formats for the
#      numbers of tracks, sides and sectors; Intel 82077AA, order 290166, table 5-8 (gap lengths);
#      Linux 6.1 drivers/block/floppy.c, table of formats (21 sectors a track: H1680, which is DMF, and H1722).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Bytes of a sector in every PC format, and its size code N (128 << N).
SECTOR_BYTES: Final = 512
SECTOR_N: Final = 2


@dataclass(frozen=True)
class Geometry:
    """One disk format.

    Attributes
    ----------
    name : str
        What people call it ("1.44M").
    cylinders, heads, sectors : int
        Cylinders, sides, and 512-byte sectors a track.
    kbps, rpm : int
        MFM data rate in kbit/s at the disk's own rotation speed in rounds per minute.
    gap3 : int
        Bytes between sectors when formatted.
    inches : float
        Disk diameter: 5.25 or 3.5.
    """

    name: str
    cylinders: int
    heads: int
    sectors: int
    kbps: int
    rpm: int
    gap3: int
    inches: float

    @property
    def size(self) -> int:
        """Bytes of the whole disk."""
        return self.total * SECTOR_BYTES

    @property
    def total(self) -> int:
        """Sectors of the whole disk."""
        return self.cylinders * self.heads * self.sectors

    @property
    def track_bytes(self) -> int:
        """Bytes, gaps and all, that pass the head in one turn."""
        return self.kbps * 1000 * 60 // self.rpm // 8

    def chs(self, lba: int) -> tuple[int, int, int]:
        """Return cylinder, head and sector (from 1) of a logical sector.

        Raises
        ------
        ValueError
            When the disk has no such sector.
        """
        if not 0 <= lba < self.total:
            raise ValueError(f"sector {lba} is not on a {self.name} disk: use 0 to {self.total - 1}")
        track, sector = divmod(lba, self.sectors)
        return track // self.heads, track % self.heads, sector + 1

    def lba(self, cylinder: int, head: int, sector: int) -> int:
        """Return the logical sector at cylinder, head and sector (from 1)."""
        return (cylinder * self.heads + head) * self.sectors + sector - 1


FORMATS: Final = (
    Geometry("160K", 40, 1, 8, 250, 300, 80, 5.25),
    Geometry("180K", 40, 1, 9, 250, 300, 80, 5.25),
    Geometry("320K", 40, 2, 8, 250, 300, 80, 5.25),
    Geometry("360K", 40, 2, 9, 250, 300, 80, 5.25),
    Geometry("720K", 80, 2, 9, 250, 300, 80, 3.5),
    Geometry("1.2M", 80, 2, 15, 500, 360, 84, 5.25),
    Geometry("1.44M", 80, 2, 18, 500, 300, 108, 3.5),
    Geometry("1.68M", 80, 2, 21, 500, 300, 12, 3.5),
    Geometry("1.72M", 82, 2, 21, 500, 300, 12, 3.5),
    Geometry("2.88M", 80, 2, 36, 1000, 300, 83, 3.5),
)


def for_size(size: int) -> Geometry:
    """Return the format with `size` bytes.

    Raises
    ------
    ValueError
        When no floppy has that size; the message names the sizes there are.
    """
    for geometry in FORMATS:
        if geometry.size == size:
            return geometry
    valid = ", ".join(f"{geometry.size} ({geometry.name})" for geometry in FORMATS)
    raise ValueError(f"{size} bytes is no floppy's size: use an image of {valid}")


def by_name(name: str) -> Geometry:
    """Return the format called `name`; ValueError names the formats there are."""
    for geometry in FORMATS:
        if geometry.name == name:
            return geometry
    raise ValueError(f"no floppy format {name!r}: use {', '.join(geometry.name for geometry in FORMATS)}")


@dataclass(frozen=True)
class DriveKind:
    """One kind of drive: what its mechanics can do.

    Attributes
    ----------
    name : str
        What people call it, by its largest disk.
    cylinders : int
        Cylinders the head can reach; real drives step a few past the last one used.
    tracks : int
        Cylinders of its own format, from which the track pitch follows.
    rpm : int
        Rounds per minute.
    formats : tuple of str
        Names of the formats it reads.
    """

    name: str
    cylinders: int
    tracks: int
    rpm: int
    formats: tuple[str, ...]


_DD525: Final = ("160K", "180K", "320K", "360K")
_HD35: Final = ("720K", "1.44M", "1.68M", "1.72M")
DRIVES: Final = (
    DriveKind("360K", 42, 40, 300, _DD525),
    DriveKind("1.2M", 84, 80, 360, (*_DD525, "1.2M")),
    DriveKind("720K", 84, 80, 300, ("720K",)),
    DriveKind("1.44M", 84, 80, 300, _HD35),
    DriveKind("2.88M", 84, 80, 300, (*_HD35, "2.88M")),
)


def drive_by_name(name: str) -> DriveKind:
    """Return the drive kind called `name`; ValueError names the kinds there are."""
    for kind in DRIVES:
        if kind.name == name:
            return kind
    raise ValueError(f"no floppy drive {name!r}: use {', '.join(kind.name for kind in DRIVES)}")


def drive_for(geometry: Geometry) -> DriveKind:
    """Return the kind of drive a disk was made for: the first that reads it at its own speed."""
    for kind in DRIVES:
        if geometry.name in kind.formats and geometry.rpm == kind.rpm:
            return kind
    raise ValueError(f"no drive reads a {geometry.name} disk")  # pragma: no cover - every format has one
