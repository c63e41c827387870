"""A folder for a cache: the one chosen where it can be believed and written, else a private one for temporary files."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from isadma_tools.cache.trust import objection

__all__ = ["CacheError", "make", "private_folder", "trouble"]


class CacheError(RuntimeError):
    """There is no folder that compiled code can be kept in; one line says what to do."""


def trouble(folder: Path) -> str | None:
    """
    Make a folder where it is not there, and say what keeps a cache from being in it.

    Parameters
    ----------
    folder
        An absolute path. The folders above are made too.

    Returns
    -------
    str or None
        A phrase; None where it can be written, and by nobody but this user and root.
    """
    try:
        make(folder)
        said = objection(folder)
        if said is not None:
            return said
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{error.strerror or error}"


def make(folder: Path) -> None:
    """Make a folder and those above it, which nobody else may write to whatever the umask lets through."""
    for each in (*reversed(folder.parents), folder):
        if not each.is_dir():
            each.mkdir(mode=0o755, exist_ok=True)


def private_folder(variable: str, *, where: Callable[[], str] = tempfile.gettempdir) -> Path:
    """
    Return this user's own folder among the temporary files.

    Its name can be guessed, so it may be somebody else's trap: it must be a folder, no link, this user's, and closed
    to all others.

    Parameters
    ----------
    variable
        Environment variable that names another folder: the way out in messages.
    where
        Finds the folder of temporary files.

    Raises
    ------
    CacheError
        It is not, or it cannot be made.
    """
    way_out = f"set {variable} to a folder of yours"
    user = os.getuid() if hasattr(os, "getuid") else "user"
    try:
        folder = Path(where()) / f"isadma-{user}"
    except OSError as error:  # no folder at all takes temporary files
        raise CacheError(f"no folder for temporary files: {error.strerror or error}; {way_out}") from None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode):
            raise CacheError(f"'{folder}' is a link or a file where a private folder was to be: {way_out}")
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            raise CacheError(f"'{folder}' belongs to user {status.st_uid}, not to you: {way_out}")
        said = objection(folder)
    except OSError as error:
        raise CacheError(f"cannot make '{folder}' ({error.strerror or error}): {way_out}") from None
    if said is not None:
        raise CacheError(f"{said}; or {way_out}")
    return folder
