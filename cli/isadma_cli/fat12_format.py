"""Make a FAT12 floppy image with files on it, in memory, the same bytes every time."""

# Ref: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000).

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from isadma_cli.fat12 import (
    BOOT_SIGNATURE,
    FIRST_DATA_CLUSTER,
    SECTOR,
    Attribute,
    FatEntry,
    FatError,
    Layout,
)
from isadma_cli.fat12_layouts import LAYOUTS

__all__ = ["make_image", "unformatted"]

#: What FORMAT leaves in sectors that hold nothing.
_FILLER = b"\xf6"

# Jump over the fields to byte 3Eh, where the boot code starts.
_JUMP = b"\xeb\x3c\x90"
_OEM_NAME = b"ISADMA  "
# Bytes 36 to 61: drive 0, reserved, extended signature 29h, serial number, label, file system.
_EXTENDED = struct.Struct("<BBB4s11s8s")
_EXTENDED_OFFSET = 36
_EXTENDED_SIGNATURE = 0x29
_CODE_OFFSET = 0x3E
# INT 18h (no bootable disk here), then stay: for a machine that boots from it.
_CODE = b"\xcd\x18\xeb\xfe"

_ENTRY = struct.Struct("<11sB10xHHHI")
# 1981-08-12 12:00, the day of the PC: a fixed date keeps the image the same bytes every time.
_TIME = 12 << 11
_DATE = (1981 - 1980) << 9 | 8 << 5 | 12

_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'()-@^_`{}~")


def make_image(
    files: Mapping[str, bytes],
    *,
    layout: Layout = LAYOUTS["1.44M"],
    label: str = "ISADMA",
    scatter: Sequence[int] = (),
) -> bytes:
    """Return a floppy image with these files in its root directory.

    Parameters
    ----------
    files
        Contents by name, "NAME.EXT" in upper case. They get clusters in this order.
    layout
        The volume's sizes.
    label
        The volume's name: at most 11 characters.
    scatter
        Clusters to leave free, so that a file's chain has to jump over them.

    Raises
    ------
    FatError
        A name is no 8.3 name, or the files do not fit.
    """
    image = bytearray(layout.sectors * SECTOR)
    _put(image, layout.data_lba, _FILLER * ((layout.sectors - layout.data_lba) * SECTOR))
    image[:SECTOR] = _boot_sector(layout, label)
    chain: list[int] = [FatEntry.FREE] * (FIRST_DATA_CLUSTER + layout.clusters)
    chain[0], chain[1] = 0xF00 | layout.media, FatEntry.END
    free = [cluster for cluster in range(FIRST_DATA_CLUSTER, len(chain)) if cluster not in scatter]
    entries = [_ENTRY.pack(label.upper().ljust(11).encode("cp437"), Attribute.VOLUME_LABEL, _TIME, _DATE, 0, 0)]
    cluster_bytes = layout.sectors_per_cluster * SECTOR
    for name, content in files.items():
        count = -(-len(content) // cluster_bytes)
        if count > len(free):
            raise FatError(f"'{name}' needs {count} clusters and {len(free)} are left; make the files smaller")
        clusters, free = free[:count], free[count:]
        for cluster, following in zip(clusters, [*clusters, FatEntry.END][1:], strict=True):
            chain[cluster] = following
        for index, cluster in enumerate(clusters):
            at = layout.cluster_lba(cluster) * SECTOR
            piece = content[index * cluster_bytes :][:cluster_bytes].ljust(cluster_bytes, b"\0")
            image[at : at + len(piece)] = piece
        first = clusters[0] if clusters else 0
        entries.append(_ENTRY.pack(_name(name), Attribute.ARCHIVE, _TIME, _DATE, first, len(content)))
    if len(entries) > layout.root_entries:
        raise FatError(f"{len(files)} files do not fit the root directory: it has room for {layout.root_entries - 1}")
    for copy in range(layout.fats):
        _put(image, layout.reserved + copy * layout.sectors_per_fat, _pack_table(chain))
    _put(image, layout.root_lba, b"".join(entries))
    return bytes(image)


def unformatted(size: int) -> bytes:
    """Return the bytes of a disk that has tracks and no file system."""
    return _FILLER * size


def _put(image: bytearray, lba: int, data: bytes) -> None:
    image[lba * SECTOR : lba * SECTOR + len(data)] = data


def _boot_sector(layout: Layout, label: str) -> bytes:
    if len(label) > 11:
        raise FatError(f"label '{label}' has {len(label)} characters; a volume's has at most 11")
    sector = bytearray(SECTOR)
    sector[0:3] = _JUMP
    sector[3:11] = _OEM_NAME
    fields = layout.pack()
    sector[11 : 11 + len(fields)] = fields
    name = label.upper().ljust(11).encode("cp437")
    _EXTENDED.pack_into(sector, _EXTENDED_OFFSET, 0, 0, _EXTENDED_SIGNATURE, b"8237", name, b"FAT12   ")
    sector[_CODE_OFFSET : _CODE_OFFSET + len(_CODE)] = _CODE
    sector[-2:] = BOOT_SIGNATURE
    return bytes(sector)


def _pack_table(chain: Sequence[int]) -> bytes:
    """Pack 12-bit entries, two to three bytes, low digit first."""
    packed = 0
    for index, entry in enumerate(chain):
        packed |= entry << (12 * index)
    return packed.to_bytes(-(-len(chain) * 12 // 8), "little")


def _name(name: str) -> bytes:
    """Return a name as a directory has it: eight and three characters, filled with blanks."""
    stem, _, extension = name.partition(".")
    if not (1 <= len(stem) <= 8 and len(extension) <= 3 and set(stem + extension) <= _NAME_CHARACTERS):
        raise FatError(f"'{name}' is no 8.3 name in upper case, such as README.TXT")
    return f"{stem:<8}{extension:<3}".encode("cp437")
