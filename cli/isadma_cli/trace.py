"""What ``--trace`` asks for: the machines that a command switches on are recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError
from isadma_cli.files import STDOUT, check_output, reason, same_file
from isadma_sim.timeline.recorded import recording

__all__ = ["make_folder", "traced"]


@contextmanager
def traced(where: Path | Callable[[], Path] | None, *, others: tuple[Path | None, ...] = ()) -> Iterator[None]:
    """Record what is switched on in this block; nothing without ``--trace``.

    Parameters
    ----------
    where
        The value of ``--trace``; or what names a file for each machine.
    others
        Files of the same command, that the trace must not replace.

    Raises
    ------
    UsageError, CommandError
        The file cannot be written.
    """
    if where is None:
        yield
        return
    if not isinstance(where, Path):
        with recording(where):
            yield
        return
    for other in others:
        if other is not None and other != STDOUT and same_file(where, other):
            raise UsageError(f"--trace '{where}' is '{other}' itself; name another file")
    check_output(where, "--trace", pipes=False)
    left = iter((where,))
    try:
        with recording(lambda: next(left, None)):
            yield
    except OSError as error:
        if error.filename != str(where):
            raise
        raise CommandError(f"cannot write '{where}': {reason(error)}; check space and permissions") from None
    print(f"trace '{where}': isadma timeline '{where}' -o timeline.html makes a page of it", file=sys.stderr)


def make_folder(folder: Path, option: str) -> None:
    """Make a folder that files go to.

    Raises
    ------
    UsageError
        There is a file of that name.
    CommandError
        The system refused.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{option} '{folder}' is a file: name a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot make the folder '{folder}': {reason(error)}; name another with {option}") from None
