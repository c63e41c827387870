"""What is told on the way, on standard error: progress where a person sees it, remarks, and nothing with --quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["errors", "listen_to_quiet", "progress_bar", "remark", "say"]

_quiet = False


def listen_to_quiet(quiet: bool) -> bool:
    """Take up ``--quiet``; each command line that has it says it anew."""
    global _quiet
    _quiet = quiet
    return quiet


def errors() -> Console:
    """Return the console of progress: standard error, or nothing."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, quiet=_quiet)


def say(line: str, *, file: object = None) -> None:
    """Print a line of a report that nobody asked for by an option: on standard output unless told."""
    if not _quiet:
        print(line, file=file)  # type: ignore[call-overload]


def remark(line: str) -> None:
    """Print on standard error what a user should know beside the result."""
    say(line, file=sys.stderr)


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work is.

    Parameters
    ----------
    label
        What is going on.
    total
        All there is to do, in bytes.

    Yields
    ------
    callable
        Call it with the bytes done so far.
    """
    screen = errors()
    if screen.quiet or not screen.is_terminal:
        yield lambda done: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=min(done, total))
