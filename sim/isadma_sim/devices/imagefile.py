"""The file behind a simulated disk: one machine's while it writes, and noticed when it goes away underneath."""

from __future__ import annotations

import errno
import hashlib
import os
import weakref
from contextlib import suppress

from isadma_sim.machine.checks import as_flag
from isadma_tools.files.names import as_path, shown_path
from isadma_tools.files.regular import open_regular
from isadma_tools.messages.say import say

__all__ = ["ImageFile"]

#: Any of these in a file's mode makes it writable; none makes it a disk that is protected.
_WRITE_BITS = 0o222
#: Bytes read at once for a digest.
_PIECE = 1 << 20
#: What a file system without locks says.
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


class ImageFile:
    """An image file that is open, and locked as long as it is (`flock`, advisory).

    Whoever may write has it alone; those that only read share it. The system lets go of the lock when its holder dies.

    Parameters
    ----------
    path : str or Path
        The file.
    write_protected : bool
        Only read it; a file without write permission is never written.
    kind : str
        What it is, for messages: "floppy image".
    advice : str
        What to do when there is none.

    Attributes
    ----------
    path : Path
        Its name.
    writable : bool
        Whether it may be written.
    size : int
        Its bytes when it was opened.

    Raises
    ------
    FileNotFoundError, IsADirectoryError, PermissionError, OSError
        It cannot be opened, is no file, or another machine has it; one line with the path.
    """

    def __init__(self, path: str | os.PathLike[str], *, write_protected: bool, kind: str, advice: str) -> None:
        self.path = file = as_path(path)
        shown = shown_path(file)
        self._kind = kind
        as_flag("write_protected", write_protected)
        if file.is_dir():
            raise IsADirectoryError(f"{shown} is a directory: give the path of a {kind}")
        try:
            mode = file.stat().st_mode
            self.writable = not write_protected and bool(mode & _WRITE_BITS) and os.access(file, os.W_OK)
            self._descriptor = open_regular(file, os.O_RDWR if self.writable else os.O_RDONLY)
        except FileNotFoundError:
            raise FileNotFoundError(f"no {kind} {shown}: {advice}") from None
        except PermissionError:
            raise PermissionError(f"may not read the {kind} {shown}: change its permissions") from None
        except OSError as error:
            raise OSError(f"cannot read the {kind} {shown}: {error.strerror or error}") from None
        self._release = weakref.finalize(self, os.close, self._descriptor)
        try:
            self._lock()
            status = os.fstat(self._descriptor)
        except BaseException:
            self.close()
            raise
        self.size = status.st_size
        self._identity = (status.st_dev, status.st_ino)
        self._lost: str | None = None

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # no such locks here
            return
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_EX if self.writable else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(
                f"the {self._kind} {shown_path(self.path)} is in use by another machine: close that one first"
            ) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise OSError(f"cannot lock the {self._kind} {shown_path(self.path)}: {error.strerror}") from None

    @property
    def closed(self) -> bool:
        """Whether it was let go of."""
        return not self._release.alive

    def lost(self) -> bool:
        """Whether the file was truncated, replaced or removed since it was opened; says so, the first time."""
        if self._lost is None and not self.closed:
            with suppress(FileNotFoundError):
                status = os.stat(self.path)
                if (status.st_dev, status.st_ino) != self._identity:
                    self._lost = "replaced"
                elif status.st_size != self.size:
                    self._lost = "truncated" if status.st_size < self.size else "made longer"
                else:
                    return False
            self._lost = self._lost or "removed"
            where = shown_path(self.path)
            say(f"the {self._kind} '{where}' was {self._lost} while a machine ran on it: the medium is unreadable")
        return self._lost is not None

    def read(self, size: int, offset: int) -> bytes:
        """Return bytes of the file.

        Raises
        ------
        OSError
            They cannot be read, or it is not the file any more that it was.
        """
        self._check()
        data = os.pread(self._descriptor, size, offset)
        while len(data) < size and (more := os.pread(self._descriptor, size - len(data), offset + len(data))):
            data += more
        if len(data) != size:
            raise OSError(f"the {self._kind} {self.path} ends early: it has shrunk")
        return data

    def write(self, data: bytes, offset: int) -> None:
        """Write bytes to the file.

        Raises
        ------
        OSError
            It takes them not, or not all, or is not the file any more that it was; the message names it.
        """
        self._check()
        done = 0
        while done < len(data):
            try:
                written = os.pwrite(self._descriptor, data[done:] if done else data, offset + done)
            except OSError as error:
                raise OSError(f"cannot write the {self._kind} {self.path}: {error.strerror}") from None
            done += written
            if not written:
                raise OSError(f"cannot write the {self._kind} {self.path}: it takes no bytes")

    def _check(self) -> None:
        if self.lost():
            raise OSError(f"the {self._kind} {self.path} was {self._lost} while a machine ran on it")

    def flush(self) -> None:
        """Have everything written on the medium.

        Raises
        ------
        OSError
            The system could not; the message names the file.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise OSError(f"cannot write the {self._kind} {self.path}: {error.strerror}") from None

    def saved_as(self) -> dict[str, object]:
        """Name the medium by its file, and by its bytes; a machine that is saved has no more of it."""
        return {"path": str(self.path), "size": self.size, "sha256": self._digest()}

    def loaded_as(self, state: dict[str, object]) -> None:
        """Be the medium that was saved; ValueError when its bytes are others."""
        if (self.size, self._digest()) != (state["size"], state["sha256"]):
            raise ValueError(
                f"the {self._kind} {self.path} is not what {state['path']} was when the machine was saved:"
                " keep a copy of it with the saved machine"
            )

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for offset in range(0, self.size, _PIECE):
            digest.update(self.read(min(_PIECE, self.size - offset), offset))
        return digest.hexdigest()

    def close(self) -> None:
        """Let go of the file and its lock; calling it again does nothing."""
        self._release()
