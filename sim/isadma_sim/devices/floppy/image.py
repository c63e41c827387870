"""Disk images: raw sector files, read whole at once, written back sector by sector."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from isadma_sim.devices.floppy import geometry as formats
from isadma_sim.devices.floppy.geometry import SECTOR_BYTES, SECTOR_N, Geometry
from isadma_sim.devices.floppy.track import Sector, standard

#: Any of these in a file's mode makes it writable; none makes it a disk with its notch covered.
_WRITE_BITS = 0o222


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

    def __init__(self, data: bytes, *, write_protected: bool = False, path: Path | None = None, fd: int = -1) -> None:
        self.geometry: Geometry = formats.for_size(len(data))
        self.write_protected = write_protected
        self.path = path
        self._data = bytearray(data)
        self._fd = fd
        self._tracks: dict[tuple[int, int], list[Sector]] = {}

    @classmethod
    def from_bytes(cls, data: bytes, *, write_protected: bool = False) -> Image:
        """Make a disk of bytes in memory; writes stay there.

        Raises
        ------
        ValueError
            When no floppy has that size.
        """
        return cls(data, write_protected=write_protected)

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
        file = Path(path)
        if file.is_dir():
            raise IsADirectoryError(f"{file} is a directory: give the path of a floppy image")
        try:
            writable = not write_protected and bool(file.stat().st_mode & _WRITE_BITS) and os.access(file, os.W_OK)
            with file.open("rb") as stream:
                # One byte more than the largest floppy is enough to know the size is wrong: never read a hard disk.
                data = stream.read(max(known.size for known in formats.FORMATS) + 1)
                size = os.fstat(stream.fileno()).st_size
        except FileNotFoundError:
            raise FileNotFoundError(f"no floppy image {file}: give the path of an existing image") from None
        except PermissionError:
            raise PermissionError(f"may not read the floppy image {file}: change its permissions") from None
        except OSError as error:
            raise OSError(f"cannot read the floppy image {file}: {error.strerror}") from None
        try:
            formats.for_size(max(size, len(data)))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None
        fd = os.open(file, os.O_RDWR | getattr(os, "O_CLOEXEC", 0)) if writable else -1
        return cls(data, write_protected=not writable, path=file, fd=fd)

    def __enter__(self) -> Image:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; every sector written is in it already, and no more can be."""
        if self._fd >= 0:
            self.write_protected = True
            os.close(self._fd)
            self._fd = -1

    @property
    def data(self) -> bytes:
        """The whole image as it stands."""
        return bytes(self._data)

    def track(self, cylinder: int, head: int) -> list[Sector]:
        """Return the sectors of a track in the order they pass the head; none where nothing is formatted."""
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
        if len(data) != sector.size:
            raise ValueError(f"{len(data)} bytes for a sector of {sector.size}: give all of them")
        if sector.offset is None:
            sector.data = bytes(data)
        else:
            if self._fd >= 0:
                try:
                    os.pwrite(self._fd, data, sector.offset)
                except OSError as error:
                    raise OSError(f"cannot write the floppy image {self.path}: {error.strerror}") from None
            self._data[sector.offset : sector.offset + sector.size] = data
        sector.deleted = deleted
        sector.data_errors = 0
        sector.no_data_mark = False
