"""FAT12 as a floppy has it: the fields of the boot sector, the table, the directory, and a reader over any sectors."""

# Ref: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000), boot sector p. 9-11, FAT12 entries p. 15-17,
# directory p. 22-24; ECMA-107 (1995), section 9.

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, IntFlag

__all__ = [
    "ATTRIBUTE_OFFSET",
    "BOOT_SIGNATURE",
    "DIRECTORY_ENTRY_BYTES",
    "FIRST_DATA_CLUSTER",
    "SECTOR",
    "Attribute",
    "DirectoryEntry",
    "FatEntry",
    "FatError",
    "Layout",
    "Volume",
]

#: Bytes in a sector: every floppy of a PC.
SECTOR = 512
DIRECTORY_ENTRY_BYTES = 32
FIRST_DATA_CLUSTER = 2
BOOT_SIGNATURE = b"\x55\xaa"
ATTRIBUTE_OFFSET = 11

_ENTRY_FREE = 0xE5  # first byte of a name: the file was deleted
_ENTRY_END = 0x00  # first byte of a name: no entry was ever used from here on
_ENTRY = struct.Struct("<11sB14xHI")

# Boot sector from byte 11: bytes per sector, sectors per cluster, reserved sectors, FATs, root entries,
# sectors, media byte, sectors per FAT, sectors per track, heads.
_LAYOUT = struct.Struct("<HBHBHHBHHH")
_LAYOUT_OFFSET = 11


class FatError(ValueError):
    """Sectors which do not hold a FAT12 volume, or hold a damaged one."""


class FatEntry(IntEnum):
    """Values of a 12-bit table entry which are no cluster number."""

    FREE = 0x000
    BAD = 0xFF7
    FIRST_END = 0xFF8  #: from here to FFFh: the chain ends
    END = 0xFFF


class Attribute(IntFlag):
    """Attribute bits of a directory entry."""

    READ_ONLY = 0x01
    HIDDEN = 0x02
    SYSTEM = 0x04
    VOLUME_LABEL = 0x08
    DIRECTORY = 0x10
    ARCHIVE = 0x20
    LONG_NAME = 0x0F  #: all of the low four: a piece of a long file name


@dataclass(frozen=True)
class Layout:
    """Where things are on a volume: the numbers of the boot sector, and the sector numbers they lead to.

    All sizes are in sectors but `root_entries`, which is in entries of 32 bytes.
    """

    sectors: int
    sectors_per_cluster: int
    reserved: int
    fats: int
    root_entries: int
    media: int
    sectors_per_fat: int
    sectors_per_track: int
    heads: int

    @property
    def root_lba(self) -> int:
        """First sector of the root directory."""
        return self.reserved + self.fats * self.sectors_per_fat

    @property
    def root_sectors(self) -> int:
        """Sectors of the root directory."""
        return -(-self.root_entries * DIRECTORY_ENTRY_BYTES // SECTOR)

    @property
    def data_lba(self) -> int:
        """First sector of cluster 2."""
        return self.root_lba + self.root_sectors

    @property
    def clusters(self) -> int:
        """Clusters of the data area."""
        return (self.sectors - self.data_lba) // self.sectors_per_cluster

    def cluster_lba(self, cluster: int) -> int:
        """Return the first sector of a cluster.

        Raises
        ------
        FatError
            The volume has no such cluster.
        """
        last = FIRST_DATA_CLUSTER + self.clusters - 1
        if not FIRST_DATA_CLUSTER <= cluster <= last:
            raise FatError(f"cluster {cluster} is not on this volume: it has 2 to {last}")
        return self.data_lba + (cluster - FIRST_DATA_CLUSTER) * self.sectors_per_cluster

    def pack(self) -> bytes:
        """Return the layout as the boot sector has it from byte 11 to 27."""
        return _LAYOUT.pack(
            SECTOR,
            self.sectors_per_cluster,
            self.reserved,
            self.fats,
            self.root_entries,
            self.sectors,
            self.media,
            self.sectors_per_fat,
            self.sectors_per_track,
            self.heads,
        )

    @classmethod
    def parse(cls, boot: bytes) -> Layout:
        """Read the layout from a boot sector.

        Raises
        ------
        FatError
            The sector is no boot sector of a FAT12 volume with sectors of 512 bytes.
        """
        if len(boot) != SECTOR or boot[-2:] != BOOT_SIGNATURE:
            raise FatError("the first sector is no boot sector: it does not end in 55h AAh")
        size, per_cluster, reserved, fats, entries, sectors, media, per_fat, per_track, heads = _LAYOUT.unpack_from(
            boot, _LAYOUT_OFFSET
        )
        if size != SECTOR:
            raise FatError(f"the boot sector says {size} bytes per sector; a floppy's are {SECTOR}")
        if 0 in (per_cluster, reserved, fats, entries, sectors, per_fat):
            raise FatError("the boot sector describes no FAT12 volume: one of its sizes is zero")
        return cls(sectors, per_cluster, reserved, fats, entries, media, per_fat, per_track, heads)


@dataclass(frozen=True)
class DirectoryEntry:
    """One file of a directory."""

    name: str  #: "NAME.EXT", as DOS shows it
    attributes: Attribute
    first_cluster: int  #: 0 for an empty file
    size: int  #: bytes

    @classmethod
    def parse(cls, raw: bytes) -> DirectoryEntry:
        """Read an entry of 32 bytes."""
        name, attributes, cluster, size = _ENTRY.unpack(raw)
        stem, extension = name[:8].decode("cp437").rstrip(), name[8:].decode("cp437").rstrip()
        return cls(f"{stem}.{extension}" if extension else stem, Attribute(attributes), cluster, size)


class Volume:
    """A FAT12 volume, read through a function that reads sectors.

    Parameters
    ----------
    read
        ``read(lba, count)`` returns that many sectors of 512 bytes. The boot sector is read at once, of the first
        table and of the root directory only the sectors that are needed, and a file in runs of neighbouring
        clusters, one call each.

    Raises
    ------
    FatError
        Sector 0 describes no FAT12 volume.
    """

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._table: dict[int, bytes] = {}
        self.layout = Layout.parse(read(0, 1))

    def _table_sector(self, index: int) -> bytes:
        if index not in self._table:
            self._table[index] = self._read(self.layout.reserved + index, 1)
        return self._table[index]

    def next_cluster(self, cluster: int) -> int:
        """Return a cluster's entry in the first table: two of 12 bits share three bytes, and may straddle sectors."""
        sector, at = divmod(cluster * 3 // 2, SECTOR)
        data = self._table_sector(sector)
        if at == SECTOR - 1:
            data += self._table_sector(sector + 1)
        pair = int.from_bytes(data[at : at + 2], "little")
        return pair >> 4 if cluster & 1 else pair & 0xFFF

    def files(self) -> list[DirectoryEntry]:
        """Read the root directory, up to its end mark, and return its files."""
        found: list[DirectoryEntry] = []
        for sector in range(self.layout.root_sectors):
            data = self._read(self.layout.root_lba + sector, 1)
            for at in range(0, SECTOR, DIRECTORY_ENTRY_BYTES):
                raw = data[at : at + DIRECTORY_ENTRY_BYTES]
                if raw[0] == _ENTRY_END:
                    return found
                if raw[0] != _ENTRY_FREE and not raw[ATTRIBUTE_OFFSET] & Attribute.VOLUME_LABEL:
                    found.append(DirectoryEntry.parse(raw))
        return found

    def find(self, name: str) -> DirectoryEntry:
        """Return the entry of a file in the root directory; case does not matter.

        Raises
        ------
        FatError
            There is no such file.
        """
        entries = self.files()
        for entry in entries:
            if entry.name == name.upper():
                return entry
        raise FatError(f"no file '{name}' in the root directory: it has {[entry.name for entry in entries]}")

    def chain(self, first: int) -> list[int]:
        """Follow the table from a file's first cluster to its end.

        Raises
        ------
        FatError
            The chain leaves the volume, meets a free or bad cluster, or runs in a circle.
        """
        clusters: list[int] = []
        cluster = first
        while cluster < FatEntry.FIRST_END:
            self.layout.cluster_lba(cluster)
            clusters.append(cluster)
            if len(clusters) > self.layout.clusters:
                raise FatError(f"the chain of cluster {first} runs in a circle")
            cluster = self.next_cluster(cluster)
        return clusters

    def read(self, entry: DirectoryEntry) -> bytes:
        """Read a whole file.

        Raises
        ------
        FatError
            The chain is damaged or shorter than the file.
        """
        if entry.size == 0:
            return b""
        data = bytearray()
        for first, count in _runs(self.chain(entry.first_cluster)):
            data += self._read(self.layout.cluster_lba(first), count * self.layout.sectors_per_cluster)
        if len(data) < entry.size:
            raise FatError(f"'{entry.name}' has {entry.size} bytes but its clusters hold only {len(data)}")
        return bytes(data[: entry.size])


def _runs(clusters: list[int]) -> list[tuple[int, int]]:
    """Group cluster numbers into (first, count) of neighbours."""
    runs: list[tuple[int, int]] = []
    for cluster in clusters:
        if runs and cluster == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((cluster, 1))
    return runs
