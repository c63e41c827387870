"""Closes all there is to close, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["close_all", "note_of"]


def close_all(steps: Iterable[Callable[[], None]]) -> None:
    """Take every step, then raise the first error; the others stand in its notes.

    Parameters
    ----------
    steps : iterable of callables
        What is closed, in this order.
    """
    first: BaseException | None = None
    for step in steps:
        try:
            step()
        except BaseException as error:
            if first is None:
                first = error
            else:
                first.add_note(note_of(error))
    if first is not None:
        raise first


def note_of(error: BaseException) -> str:
    """Return what is noted of an error that another one came before."""
    return f"while closing, too: {type(error).__name__}: {error}"
