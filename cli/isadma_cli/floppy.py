"""`isadma floppy`: sectors of an image through the drive, the controllers and the driver of a simulated PC."""

from __future__ import annotations

from pathlib import Path

from isadma_cli.errors import UsageError
from isadma_cli.files import STDOUT, check_output, check_waves, read_input
from isadma_cli.images import SECTOR_BYTES, FloppyImage
from isadma_cli.machine import check_channel, check_engine

__all__ = ["read_sectors", "write_sectors"]


def read_sectors(
    image: Path,
    *,
    lba: int | None,
    sectors: int | None,
    everything: bool,
    output: Path | None,
    engine: str,
    waves: Path | None,
    channel: int,
) -> None:
    """Carry out ``isadma floppy read``; see its help.

    Raises
    ------
    UsageError
        The arguments do not fit the image or each other; nothing was started.
    CommandError
        A file could not be written, or the transfer failed.
    """
    disk = FloppyImage.check(image)
    if everything:
        for option, value in (("--lba", lba), ("--sectors", sectors)):
            if value is not None:
                raise UsageError(f"--all reads every sector: leave out {option} {value}")
        lba, sectors = 0, disk.sectors
    lba = 0 if lba is None else lba
    sectors = 1 if sectors is None else sectors
    disk.check_range(lba, sectors)
    check_engine(engine)
    check_channel(channel)
    if output is not None and output != STDOUT:
        check_output(output, "-o", inputs=(image,))
    _check_dump(waves, image, output)


def write_sectors(image: Path, source: Path, *, lba: int, engine: str, waves: Path | None, channel: int) -> None:
    """Carry out ``isadma floppy write``; see its help.

    Raises
    ------
    UsageError
        The arguments do not fit the image or each other; nothing was started.
    CommandError
        The disk is write-protected, or the transfer failed.
    """
    disk = FloppyImage.check(image)
    data = read_input(source, limit=disk.geometry.size)
    if not data or len(data) % SECTOR_BYTES:
        raise UsageError(
            f"'{source}' has {len(data)} bytes, which is not whole sectors: make it a multiple of {SECTOR_BYTES}"
        )
    disk.check_range(lba, len(data) // SECTOR_BYTES)
    check_engine(engine)
    check_channel(channel)
    _check_dump(waves, image, source)


def _check_dump(waves: Path | None, *others: Path | None) -> None:
    if waves is not None:
        check_waves(waves)
        check_output(waves, "--waves", inputs=tuple(path for path in others if path not in (None, STDOUT)))
