"""A hard disk's image: a file of blocks, read and written in place."""

from __future__ import annotations

import os
from pathlib import Path

from isadma_sim.devices.scsi.codes import BLOCK_BYTES

#: Most blocks that four bytes can number.
_MOST = 1 << 32
_WRITE_BITS = 0o222


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
        self.path = file = Path(path)
        if file.is_dir():
            raise IsADirectoryError(f"{file} is a directory: give the path of a disk image")
        try:
            size = file.stat().st_size
            writable = not write_protected and bool(file.stat().st_mode & _WRITE_BITS) and os.access(file, os.W_OK)
            flags = (os.O_RDWR if writable else os.O_RDONLY) | getattr(os, "O_CLOEXEC", 0)
            self._fd = os.open(file, flags)
        except FileNotFoundError:
            raise FileNotFoundError(f"no disk image {file}: make one, such as with truncate -s 8M {file}") from None
        except PermissionError:
            raise PermissionError(f"may not read the disk image {file}: change its permissions") from None
        except OSError as error:
            raise OSError(f"cannot read the disk image {file}: {error.strerror}") from None
        self.write_protected = not writable
        self.blocks = size // BLOCK_BYTES
        if size % BLOCK_BYTES or not 0 < self.blocks <= _MOST:
            self.close()
            raise ValueError(f"{file} has {size} bytes: a disk image is one or more blocks of {BLOCK_BYTES}")

    def read(self, block: int, count: int) -> bytes:
        """Return `count` blocks from `block` on.

        Raises
        ------
        OSError
            When the file cannot be read, or has shrunk.
        """
        data = os.pread(self._fd, count * BLOCK_BYTES, block * BLOCK_BYTES)
        if len(data) != count * BLOCK_BYTES:
            raise OSError(f"the disk image {self.path} ends early: it has shrunk")
        return data

    def write(self, block: int, data: bytes) -> None:
        """Write whole blocks from `block` on.

        Raises
        ------
        OSError
            When the file takes no write.
        """
        done = 0
        while done < len(data):
            done += os.pwrite(self._fd, data[done:], block * BLOCK_BYTES + done)

    def flush(self) -> None:
        """Have everything written on the medium."""
        os.fsync(self._fd)

    def close(self) -> None:
        """Let go of the file; calling it again does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
