"""Tries files that will be written much later, when what should stand in them is there already."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["try_output"]


def try_output(path: Path) -> None:
    """Open a file for writing and leave it as it is; one that was not there is not there afterwards.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    OSError
        It could not be written.
    """
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        kind = None
    if kind is not None and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        return  # opening a pipe or a device is more than a try
    with open(path, "ab"):
        pass
    if kind is None:
        path.unlink()
