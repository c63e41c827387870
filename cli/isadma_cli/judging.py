"""What the commands that judge have in common: who does the work, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from isadma_cli.progress import errors
from isadma_verify.spread.workers import Workers

__all__ = ["watch", "workers_at"]


def workers_at(address: str | None) -> Workers | None:
    """Return the workers of a Dask scheduler, or None for those of this machine."""
    if address is None:
        return None
    from isadma_verify.spread.cluster import DaskWorkers

    return DaskWorkers(address)


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
