"""Where things lie on an MFM track: sectors, gaps and address marks, in bytes from the index hole.

# Ref: IBM System 34 double density format, as drawn in Intel 82077AA, order 290166, figure 5-1 (formats), and
#      section 5.1.7 (GAP2 of 41 bytes in perpendicular mode).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from isadma_sim.devices.floppy.geometry import SECTOR_BYTES, SECTOR_N, Geometry

GAP4A: Final = 80
GAP1: Final = 50
GAP2: Final = 22
GAP2_PERPENDICULAR: Final = 41
SYNC: Final = 12
MARK: Final = 4
CHRN: Final = 4
CRC: Final = 2
#: GAP4A, sync, index address mark and GAP1 stand before the first sector.
FIRST: Final = GAP4A + SYNC + MARK + GAP1
#: From the start of a sector's sync to the end of its ID field's CRC.
ID_LENGTH: Final = SYNC + MARK + CHRN + CRC
#: Data rate from which drives record perpendicularly, kbit/s.
PERPENDICULAR_KBPS: Final = 1000
#: The largest size code with a length of its own: 128 << 7 is 16,384 bytes.
MAX_N: Final = 7


def length(n: int) -> int:
    """Bytes of a data field with size code `n`."""
    return 128 << min(n, MAX_N)


@dataclass
class Sector:
    """One sector as it lies on a track.

    Attributes
    ----------
    c, h, r, n : int
        Its ID field.
    start : int
        Where its ID field's sync begins, bytes from the index.
    gap2 : int
        Bytes between ID and data field.
    offset : int or None
        Where its data lie in the image; None when no place in a raw image is its own.
    data : bytes
        Its data when `offset` is None.
    deleted : bool
        Whether the data field begins with a deleted data address mark.
    id_error : bool
        Whether the CRC of the ID field is wrong.
    data_errors : int
        How many reads to come find the data field's CRC wrong; -1 for all.
    no_data_mark : bool
        Whether the data field's address mark is missing.
    """

    c: int
    h: int
    r: int
    n: int
    start: int
    gap2: int = GAP2
    offset: int | None = None
    data: bytes = b""
    deleted: bool = False
    id_error: bool = False
    data_errors: int = 0
    no_data_mark: bool = False

    @property
    def chrn(self) -> tuple[int, int, int, int]:
        """The four bytes of its ID field."""
        return self.c, self.h, self.r, self.n

    @property
    def size(self) -> int:
        """Bytes of its data field."""
        return length(self.n)

    @property
    def id_end(self) -> int:
        """Where its ID field has passed the head, CRC included."""
        return self.start + ID_LENGTH

    @property
    def data_start(self) -> int:
        """Where the first byte of its data begins."""
        return self.id_end + self.gap2 + SYNC + MARK

    @property
    def end(self) -> int:
        """Where its data field's CRC ends."""
        return self.data_start + self.size + CRC

    def misread(self) -> bool:
        """Say whether this read of the data field finds a wrong CRC, and count it."""
        if self.data_errors > 0:
            self.data_errors -= 1
            return True
        return self.data_errors < 0


def standard(geometry: Geometry, cylinder: int, head: int) -> list[Sector]:
    """Lay out a track of a raw image: sectors 1 to n in order, 512 bytes each."""
    gap2 = GAP2_PERPENDICULAR if geometry.kbps >= PERPENDICULAR_KBPS else GAP2
    sectors = []
    start = FIRST
    for r in range(1, geometry.sectors + 1):
        offset = geometry.lba(cylinder, head, r) * SECTOR_BYTES
        sector = Sector(cylinder, head, r, SECTOR_N, start, gap2, offset)
        sectors.append(sector)
        start = sector.end + geometry.gap3
    return sectors


def nearest_start(sectors: Sequence[Sector], gap3: int) -> int:
    """Return where the next sector of a track being formatted begins."""
    return sectors[-1].end + gap3 if sectors else FIRST
