"""What the command says when it cannot go on: one line, and an exit status."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from traceback import walk_tb

__all__ = ["CommandError", "ExitStatus", "UsageError", "failed_at", "nearest", "one_line"]


class ExitStatus(IntEnum):
    """Exit statuses of every `isadma` command."""

    OK = 0
    FAILURE = 1  #: the command was right and the work failed
    USAGE = 2  #: the command cannot mean what it says: nothing was started
    INTERRUPTED = 130  #: Ctrl-C: 128 and the signal's number, as shells count
    BROKEN_PIPE = 141  #: the reader of our output went away: 128 + SIGPIPE


class CommandError(Exception):
    """Work that failed for a reason the user can act on.

    Parameters
    ----------
    message
        One line: what is wrong, with the bad value, and the way out.
    """

    status = ExitStatus.FAILURE

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class UsageError(CommandError):
    """A command line that cannot be carried out as written."""

    status = ExitStatus.USAGE


def one_line(message: str) -> str:
    """Fold a message of any shape into a single line."""
    return " ".join(message.split())


def failed_at(error: OSError) -> str:
    """Return the file that an error is about, or an empty string.

    A system call that opens a file puts its name into the error; one that writes to it, on a full disk, does not. Then
    the name is with the `Path` whose method was under way.
    """
    if error.filename:
        return str(error.filename)
    at_work = [frame.f_locals.get("self") for frame, _ in walk_tb(error.__traceback__)]
    return next((str(path) for path in reversed(at_work) if isinstance(path, Path)), "")


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which of the known words was probably meant: ``" (did you mean 'x'?)"``, or nothing."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""
