"""Floppy images as arguments: what to say when a size or a sector number does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from isadma_cli.errors import UsageError
from isadma_cli.files import size_of
from isadma_driver.floppy import formats

__all__ = ["SECTOR_BYTES", "FloppyImage"]

SECTOR_BYTES = formats.SECTOR_BYTES


@dataclass(frozen=True)
class FloppyImage:
    """A floppy image that exists and has the size of one.

    Attributes
    ----------
    path
        As the user wrote it.
    format
        The floppy format that its size stands for.
    """

    path: Path
    format: formats.Format

    @classmethod
    def check(cls, path: Path) -> FloppyImage:
        """Take an image the user named.

        Raises
        ------
        UsageError
            There is no such file, or no floppy has its size.
        """
        size = size_of(path)
        try:
            return cls(path, formats.format_for(size))
        except ValueError as error:
            raise UsageError(f"'{path}': {error}") from None

    @property
    def sectors(self) -> int:
        """Sectors of 512 bytes."""
        return self.format.total

    def check_range(self, lba: int, sectors: int) -> None:
        """Refuse sectors that the image does not have.

        Raises
        ------
        UsageError
            The message names the last sector there is.
        """
        last = self.sectors - 1
        where = f"'{self.path}' ({self.format.name}) has sectors 0 to {last}"
        if not 0 <= lba <= last:
            raise UsageError(f"--lba {lba} is out of range: {where}")
        if sectors < 1:
            raise UsageError(f"--sectors {sectors} is nothing to read: use 1 to {last + 1 - lba}, or --all")
        if lba + sectors - 1 > last:
            raise UsageError(
                f"{sectors} sectors from --lba {lba} end at sector {lba + sectors - 1}, out of range: {where}; "
                f"use at most {last + 1 - lba}"
            )
