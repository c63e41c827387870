"""Floppy images as arguments: sizes, sector numbers, and what to say when they do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from isadma_cli.errors import UsageError
from isadma_cli.fat12 import SECTOR
from isadma_cli.files import read_input

__all__ = ["SIZES", "FloppyImage"]

#: Image sizes of the PC's floppies, in bytes, and what each is called.
SIZES = {368_640: "360K", 737_280: "720K", 1_228_800: "1.2M", 1_474_560: "1.44M", 2_949_120: "2.88M"}


@dataclass(frozen=True)
class FloppyImage:
    """A floppy image that exists and has the size of one.

    Attributes
    ----------
    path
        As the user wrote it.
    size
        In bytes: one of `SIZES`.
    """

    path: Path
    size: int

    @classmethod
    def check(cls, path: Path) -> FloppyImage:
        """Take an image the user named.

        Raises
        ------
        UsageError
            There is no such file, or no floppy has its size.
        """
        size = len(read_input(path))
        if size not in SIZES:
            known = ", ".join(f"{size} ({name})" for size, name in SIZES.items())
            raise UsageError(f"'{path}' has {size} bytes, which is no floppy's size; use an image of {known}")
        return cls(path, size)

    @property
    def kind(self) -> str:
        """What the size is called: "1.44M"."""
        return SIZES[self.size]

    @property
    def sectors(self) -> int:
        """Sectors of 512 bytes."""
        return self.size // SECTOR

    def check_range(self, lba: int, sectors: int) -> None:
        """Refuse sectors that the image does not have.

        Raises
        ------
        UsageError
            The message names the last sector there is.
        """
        last = self.sectors - 1
        where = f"'{self.path}' ({self.kind}) has sectors 0 to {last}"
        if not 0 <= lba <= last:
            raise UsageError(f"--lba {lba} is out of range: {where}")
        if sectors < 1:
            raise UsageError(f"--sectors {sectors} reads nothing; use 1 or more")
        if lba + sectors - 1 > last:
            raise UsageError(
                f"sector {lba + sectors - 1} is out of range: {where}; from --lba {lba} there are {last + 1 - lba}"
            )
