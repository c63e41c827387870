"""A hard disk's image: a file of blocks, read and written in place."""

from __future__ import annotations

import os

from isadma_sim.devices.imagefile import ImageFile
from isadma_sim.devices.scsi.codes import BLOCK_BYTES

#: Most blocks that four bytes can number.
_MOST = 1 << 32


class BlockImage:
    """An image file of 512-byte blocks.

    Parameters
    ----------
    path : str or Path
        The file; its size is a multiple of 512 bytes, at least one block.
    write_protected : bool
        Refuse writes; a file without write permission always does.

    Raises
    ------
    FileNotFoundError, IsADirectoryError, PermissionError, OSError
        When the file cannot be read; one line with the path.
    ValueError
        When no disk has that size.

    Attributes
    ----------
    blocks : int
        How many blocks there are.
    """

    def __init__(self, path: str | os.PathLike[str], *, write_protected: bool = False) -> None:
        self._file = ImageFile(
            path,
            write_protected=write_protected,
            kind="disk image",
            advice="make one, such as with truncate -s 8M",
        )
        self.path, size = self._file.path, self._file.size
        self.write_protected = not self._file.writable
        self.blocks = size // BLOCK_BYTES
        if size % BLOCK_BYTES or not 0 < self.blocks <= _MOST:
            self.close()
            raise ValueError(f"{path} has {size} bytes: a disk image is one or more blocks of {BLOCK_BYTES}")

    def read(self, block: int, count: int) -> bytes:
        """Return `count` blocks from `block` on.

        Raises
        ------
        OSError
            When the file cannot be read, or has shrunk.
        """
        return self._file.read(count * BLOCK_BYTES, block * BLOCK_BYTES)

    def write(self, block: int, data: bytes) -> None:
        """Write whole blocks from `block` on.

        Raises
        ------
        OSError
            When the file takes no write.
        """
        self._file.write(data, block * BLOCK_BYTES)

    def flush(self) -> None:
        """Have everything written on the medium."""
        self._file.flush()

    def close(self) -> None:
        """Let go of the file; calling it again does nothing."""
        self._file.close()
