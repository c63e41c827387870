"""A place for other programs' temporary files, that goes with them: one that is killed leaves its own behind."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

__all__ = ["temporary_files"]


@contextmanager
def temporary_files(environment: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """
    Yield an environment in which TMPDIR is a new folder; at the end of the block it is removed, with all in it.

    Parameters
    ----------
    environment
        What else to have in it; that of this process unless told otherwise. Without room for a folder, it is yielded
        as it is: not every program needs one.
    """
    given = dict(os.environ if environment is None else environment)
    try:
        place = tempfile.TemporaryDirectory(prefix="isadma-", ignore_cleanup_errors=True)
    except OSError:
        yield given
        return
    with place as folder:
        yield {**given, "TMPDIR": folder}
