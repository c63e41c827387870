"""Whose file is it: what is loaded as code must be changeable by this user and root, and by nobody else."""

import os
import stat
from pathlib import Path

__all__ = ["objection", "objection_to"]

#: Links followed in one path before it counts as a loop, as in Linux.
_MOST_LINKS = 40
#: Mode bits that let others write.
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def objection(path: Path) -> str | None:
    """
    Say why another user could change what is found at a path.

    Every folder from the root on is looked at, and every link on the way, not only the last: who may rename a folder
    up the path decides what is found below it. A folder that others may write to is passed through only where it is
    sticky, as ``/tmp`` is: there nobody renames what is another's.

    Parameters
    ----------
    path
        A file or folder that exists.

    Returns
    -------
    str or None
        A phrase that names the culprit, and the way out; None where only this user and root can change it, and on
        systems that know no such owners.

    Raises
    ------
    OSError
        A part of the path does not exist, or may not be looked at.
    """
    if not hasattr(os, "getuid"):
        return None
    here, links = Path("/"), 0
    ahead = list(path.absolute().parts[1:])
    while ahead:
        name = ahead.pop(0)
        if name == "..":
            here = here.parent
            continue
        here /= name
        status = os.lstat(here)
        said = objection_to(here, status, passed_through=bool(ahead))
        if said is not None:
            return said
        if stat.S_ISLNK(status.st_mode):
            links += 1
            if links > _MOST_LINKS:
                return f"'{here}' is a loop of links: remove it"
            target = Path(os.readlink(here))
            here = here.parent
            if target.is_absolute():
                here = Path("/")
            ahead[:0] = target.parts[1:] if target.is_absolute() else target.parts
    return None


def objection_to(path: Path, status: os.stat_result, *, passed_through: bool = False) -> str | None:
    """
    Say why another user could change one file or folder, by its status alone.

    Parameters
    ----------
    path
        Its name, for the phrase.
    status
        What `os.lstat` or `os.fstat` says of it.
    passed_through
        It is a folder on the way to another one.
    """
    if status.st_uid not in (0, os.getuid()):
        return f"'{path}' belongs to {_name(status.st_uid)}, not to you"
    if stat.S_ISLNK(status.st_mode) or not status.st_mode & _OTHERS_WRITE:
        return None
    if passed_through and status.st_mode & stat.S_ISVTX:
        return None
    return f"others may write to '{path}' (mode {stat.S_IMODE(status.st_mode):04o}): chmod go-w '{path}'"


def _name(user: int) -> str:
    try:
        import pwd

        return f"user {pwd.getpwuid(user).pw_name}"
    except (ImportError, KeyError):
        return f"user {user}"
