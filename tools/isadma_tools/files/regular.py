"""Opens a file that is one: no folder, no pipe that would wait for its other end, no device."""

import os
import stat

from isadma_tools.files.names import as_path, shown_path

__all__ = ["NotRegularError", "open_regular", "read_regular"]

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegularError(OSError):
    """What was named is there, and is no file."""


def kind_of(mode: int) -> str | None:
    """Return what something is by its mode, "a pipe"; None for a regular file."""
    return next((words for test, words in _KINDS if test(mode)), None)


def open_regular(path: str | os.PathLike[str], flags: int = os.O_RDONLY) -> int:
    """
    Open a file, at once: whatever else has that name is refused, and a pipe is not waited for.

    Parameters
    ----------
    path
        Its name; links are followed.
    flags
        As for `os.open`.

    Returns
    -------
    int
        A descriptor, closed in programs that this one starts.

    Raises
    ------
    NotRegularError
        It is a folder, a pipe, a socket or a device.
    OSError
        The system's, with the name in it.
    """
    descriptor = os.open(as_path(path), flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    other = kind_of(os.fstat(descriptor).st_mode)
    if other is None:
        return descriptor
    os.close(descriptor)
    raise NotRegularError(f"'{shown_path(path)}' is {other}: name a regular file")


def read_regular(path: str | os.PathLike[str], limit: int = -1) -> bytes:
    """Return what is in a file, `limit` bytes at most; raises as `open_regular` does."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(limit)
