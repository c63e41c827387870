"""One run at a time in a folder: what two wrote there of one core would be neither's."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from isadma_verify.conform.errors import ConformError

#: Seconds for which a run waits for the one before it.
PATIENCE = 900


@contextlib.contextmanager
def turn(folder: Path, say: Callable[[str], None], *, patience: float = PATIENCE) -> Iterator[None]:
    """
    Hold a folder of a core against other runs, and wait for one that has it.

    Parameters
    ----------
    folder
        The core's, below that of ``-o``. Its lock lies beside it and goes with its holder, however that ends.
    say
        Told that it waits.
    patience
        Seconds.

    Raises
    ------
    ConformError
        The other is not done in time, or the lock cannot be written.
    """
    elsewhere = "give another folder with -o"
    lock = folder.with_name(f"{folder.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        holder = FileLock(str(lock))
        try:
            holder.acquire(timeout=0)
        except Timeout:
            say(f"another run has {folder}: waiting for it, up to {patience:g} s; or {elsewhere}")
            holder.acquire(timeout=patience)
    except Timeout as error:
        raise ConformError(f"another run has had {folder} for {patience:g} s: end it, or {elsewhere}") from error
    except OSError as error:
        raise ConformError(f"cannot write {lock}: {error.strerror or error}; {elsewhere}") from error
    try:
        yield
    finally:
        holder.release()
