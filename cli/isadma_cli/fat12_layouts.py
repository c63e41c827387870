"""What DOS formats each kind of floppy to: the numbers of its boot sector."""

# Ref: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000), media bytes p. 11; ECMA-107 (1995), annexes on
#      floppies; what MS-DOS 6 FORMAT writes. 1.68M: Microsoft's DMF with clusters of 2048 bytes. 1.72M has no standard:
#      the numbers are the 1.44M disk's, with the table as long as its clusters need (choice).

from __future__ import annotations

from isadma_cli.fat12 import Layout

__all__ = ["LAYOUTS"]

#: By the name of the format: sectors, and per cluster, reserved, tables, root entries, media byte, sectors of a table,
#: sectors of a track, heads.
LAYOUTS = {
    "160K": Layout(320, 1, 1, 2, 64, 0xFE, 1, 8, 1),
    "180K": Layout(360, 1, 1, 2, 64, 0xFC, 2, 9, 1),
    "320K": Layout(640, 2, 1, 2, 112, 0xFF, 1, 8, 2),
    "360K": Layout(720, 2, 1, 2, 112, 0xFD, 2, 9, 2),
    "720K": Layout(1440, 2, 1, 2, 112, 0xF9, 3, 9, 2),
    "1.2M": Layout(2400, 1, 1, 2, 224, 0xF9, 7, 15, 2),
    "1.44M": Layout(2880, 1, 1, 2, 224, 0xF0, 9, 18, 2),
    "1.68M": Layout(3360, 4, 1, 2, 16, 0xF0, 3, 21, 2),
    "1.72M": Layout(3444, 1, 1, 2, 224, 0xF0, 10, 21, 2),
    "2.88M": Layout(5760, 2, 1, 2, 240, 0xF0, 9, 36, 2),
}
