"""Writes a file whole or not at all: a temporary one beside it, forced to the disk, then renamed."""

import errno
import os
import secrets
import select
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from isadma_tools.files.names import as_path

__all__ = ["WholeFile", "named", "on_disk", "whole_file", "write_whole"]

#: Seconds that a pipe's reader may take to come, or to take anything.
PATIENCE = 10.0
#: How often a pipe without a reader is tried again, in seconds.
_AGAIN = 0.05


class WholeFile:
    """
    A file that is being made, under a name of its own until it is complete.

    What is no file (a device such as ``/dev/null``) is written in place. The old file stays until `keep`; its
    permissions stay, and a link keeps pointing where it did.

    Parameters
    ----------
    path
        Its name when it is done.

    Attributes
    ----------
    path : Path
        That name.
    temporary : Path
        Where to write it now.

    Raises
    ------
    OSError
        It cannot be written; the error has its name.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = as_path(path)
        try:
            self._target = self.path.resolve()
        except RuntimeError:  # Python 3.11 and 3.12 say a loop of links so
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None
        self._mode: int | None = None
        with suppress(FileNotFoundError):
            self._mode = self._target.stat().st_mode
        self._in_place = self._mode is not None and not stat.S_ISREG(self._mode)
        self.temporary = self._target
        if self._mode is not None and not os.access(self._target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        if self._in_place:
            return
        self.temporary = self._target.with_name(f".{self._target.name[:200]}.{secrets.token_hex(4)}")
        with self._naming(), self.temporary.open("xb"):
            pass

    def keep(self) -> None:
        """Give it its name: it is complete."""
        if self._in_place:
            return
        try:
            with self._naming():
                on_disk(self.temporary)
                if self._mode is not None:
                    self.temporary.chmod(stat.S_IMODE(self._mode))
                self.temporary.replace(self._target)
                with suppress(OSError):  # not every system forces a folder
                    on_disk(self._target.parent)
        except OSError:
            self.drop()
            raise

    def drop(self) -> None:
        """Leave nothing of it."""
        if not self._in_place:
            with suppress(OSError):
                self.temporary.unlink(missing_ok=True)

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise named(error, self.path) from None


def named(error: OSError, path: Path) -> OSError:
    """Return the same error with the name that the user knows."""
    return OSError(error.errno, error.strerror or str(error), str(path))


def on_disk(path: Path) -> None:
    """Have the system put a file, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """
    Yield where to write a file; at the end of the block it has its name, or after an error there is nothing of it.

    Raises
    ------
    OSError
        It cannot be written; the error has its name.
    """
    file = WholeFile(path)
    try:
        yield file.temporary
    except BaseException as error:
        file.drop()
        if isinstance(error, OSError) and error.filename in (None, str(file.temporary)):
            raise named(error, file.path) from None
        raise
    file.keep()


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """
    Write a file whole or not at all; a pipe's reader is waited for, `PATIENCE` seconds.

    Raises
    ------
    OSError
        It cannot be written; the error has its name.
    """
    pipe, path = False, as_path(path)
    with suppress(OSError):  # said when it is opened
        pipe = stat.S_ISFIFO(os.stat(path).st_mode)
    if pipe:
        _into_pipe(path, data)
        return
    with whole_file(path) as place, place.open("wb", buffering=0) as file:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]


def _into_pipe(path: Path, data: bytes) -> None:
    descriptor = _reader_of(path)
    try:
        left = memoryview(data)
        while left:
            if not select.select([], [descriptor], [], PATIENCE)[1]:
                raise OSError(errno.ETIMEDOUT, f"its reader took nothing for {PATIENCE:g} s", str(path))
            left = left[os.write(descriptor, left[: select.PIPE_BUF]) :]
    except BrokenPipeError as error:
        raise named(OSError(error.errno, "its reader went away"), path) from None
    finally:
        os.close(descriptor)


def _reader_of(path: Path) -> int:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() >= end:
                raise OSError(errno.ETIMEDOUT, f"nobody read from this pipe within {PATIENCE:g} s", str(path)) from None
        time.sleep(_AGAIN)
