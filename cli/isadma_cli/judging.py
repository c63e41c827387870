"""What the commands that judge have in common: who does the work, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from isadma_cli.files import check_output
from isadma_cli.progress import errors
from isadma_verify.spread.workers import Workers

__all__ = ["check_pages", "watch", "workers_at"]


def workers_at(address: str | None) -> Workers | None:
    """Return the workers of a Dask scheduler, or None for those of this machine."""
    if address is None:
        return None
    from isadma_verify.spread.cluster import DaskWorkers

    return DaskWorkers(address)


def check_pages(inputs: Sequence[Path], **pages: Path | None) -> None:
    """Look whether pages can be written, before minutes are spent on what goes into them; their folders are made.

    Parameters
    ----------
    inputs
        Files of the same command, which no page may replace.
    pages
        Each by its option.

    Raises
    ------
    UsageError, CommandError
        As `isadma_cli.files.check_output`.
    """
    for option, path in pages.items():
        if path is None:
            continue
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        check_output(path, f"--{option}", inputs=tuple(inputs))


@contextmanager
def watch(what: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """Show how far it is on standard error, where a person looks.

    Yields
    ------
    callable
        Call it with how much is done, and what to say of it.
    """
    err = errors()
    if err.quiet or not err.is_terminal:
        yield lambda done, said: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=total, said="")
        yield lambda done, said: bar.update(task, completed=done, said=said)
