"""Disk images: raw sector files, read whole at once, written back sector by sector."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from isadma_sim.devices.floppy import geometry as formats
from isadma_sim.devices.floppy.geometry import SECTOR_BYTES, SECTOR_N, Geometry
from isadma_sim.devices.floppy.track import Sector, standard
from isadma_sim.devices.imagefile import ImageFile
from isadma_sim.machine.checks import as_data, as_int, as_kind


class Image:
    """A disk: a raw sector image and what its tracks look like.

    The size decides the geometry. Every sector written goes to the file in one write of 512 bytes, when the sector
    is complete, so a program killed at any moment leaves whole sectors. What a raw image has no place for (deleted
    data marks, odd sector numbers and sizes made by FORMAT TRACK) lasts until the image is closed.

    Attributes
    ----------
    geometry : Geometry
        The format its size stands for.
    write_protected : bool
        Whether the drive sees a covered notch.
    path : pathlib.Path or None
        The file behind it.
    """

    def __init__(self, data: bytes, *, write_protected: bool = False, file: ImageFile | None = None) -> None:
        self.geometry: Geometry = formats.for_size(len(data))
        self.write_protected = write_protected
        self.path: Path | None = None if file is None else file.path
        self._data = bytearray(data)
        self._file = file
        self._tracks: dict[tuple[int, int], list[Sector]] = {}

    @classmethod
    def from_bytes(cls, data: bytes, *, write_protected: bool = False) -> Image:
        """Make a disk of bytes in memory; writes stay there.

        Raises
        ------
        ValueError
            When no floppy has that size.
        """
        return cls(as_data("data {}: give the bytes of a disk", data), write_protected=write_protected)

    @classmethod
    def open(cls, path: str | os.PathLike[str], write_protected: bool = False) -> Image:
        """Open an image file; a file without write permission is a write-protected disk.

        Raises
        ------
        FileNotFoundError, IsADirectoryError, PermissionError, OSError
            When the file cannot be read; one line with the path.
        ValueError
            When no floppy has that size; the message names the sizes there are.
        """
        file = ImageFile(
            path, write_protected=write_protected, kind="floppy image", advice="give the path of an existing image"
        )
        try:
            formats.for_size(file.size)  # of the size alone: never read a hard disk
            return cls(file.read(file.size, 0), write_protected=not file.writable, file=file)
        except ValueError as error:
            file.close()
            raise ValueError(f"{file.path}: {error}") from None
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Image:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; every sector written is in it already, and no more can be."""
        if self._file is not None:
            self.write_protected = True
            self._file.close()

    def unsaved(self) -> frozenset[str]:
        """Leave out of a saved machine what is in the file: that is named by its digest."""
        return frozenset() if self._file is None or self._file.closed else frozenset({"_data", "path"})

    def flush(self) -> None:
        """Have everything written on the medium.

        Raises
        ------
        OSError
            When the system could not; the message names the file.
        """
        if self._file is not None and self._file.writable and not self._file.closed:
            self._file.flush()

    @property
    def data(self) -> bytes:
        """The whole image as it stands."""
        return bytes(self._data)

    def track(self, cylinder: int, head: int) -> list[Sector]:
        """Return the sectors of a track in the order they pass the head; none where nothing is formatted.

        Nothing is where the file was truncated, replaced or removed in the meantime: no address mark is found.
        """
        cylinder, head = (
            as_int("cylinder {}: use 0 to 255", cylinder, 0, 255),
            as_int("head {}: use 0 or 1", head, 0, 255),
        )
        if self._file is not None and self._file.lost():
            return []
        laid = self._tracks.get((cylinder, head))
        if laid is not None:
            return laid
        if not (0 <= cylinder < self.geometry.cylinders and 0 <= head < self.geometry.heads):
            return []
        return self._tracks.setdefault((cylinder, head), standard(self.geometry, cylinder, head))

    def lay(self, cylinder: int, head: int, sectors: list[Sector]) -> None:
        """Make these the sectors of a track, as FORMAT TRACK does."""
        self._tracks[cylinder, head] = sectors

    def place(self, cylinder: int, head: int, sector: Sector) -> int | None:
        """Return where a sector's data lie in the raw image, None when the image has no place for it."""
        known = self.geometry
        here = (sector.c, sector.h, sector.n) == (cylinder, head, SECTOR_N)
        inside = cylinder < known.cylinders and head < known.heads and 1 <= sector.r <= known.sectors
        return known.lba(cylinder, head, sector.r) * SECTOR_BYTES if here and inside else None

    def read(self, sector: Sector) -> bytes:
        """Return a sector's data."""
        as_kind("sector {}: give one of a track", sector, Sector)
        if sector.offset is None:
            return bytes(sector.data)
        return bytes(self._data[sector.offset : sector.offset + sector.size])

    def write(self, sector: Sector, data: bytes, *, deleted: bool = False) -> None:
        """Write a whole sector, in one write to the file.

        Raises
        ------
        OSError
            When the file takes no write; the message names it.
        """
        as_kind("sector {}: give one of a track", sector, Sector)
        data = as_data("data {}: give bytes", data)
        if len(data) != sector.size:
            raise ValueError(f"{len(data)} bytes for a sector of {sector.size}: give all of them")
        if sector.offset is None:
            sector.data = bytes(data)
        else:
            if self._file is not None and not self._file.closed:
                self._file.write(data, sector.offset)
            self._data[sector.offset : sector.offset + sector.size] = data
        sector.deleted = deleted
        sector.data_errors = 0
        sector.no_data_mark = False
