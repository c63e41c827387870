"""Standard input, output and error as the command finds them: closed, full, or without a reader."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

__all__ = ["check_streams", "drop_output"]

_STREAMS = ("input", "output", "error")


def check_streams() -> str | None:
    """Say what is wrong with the three streams; None when they will do.

    A closed one is filled first: the next file that is opened would take its number, and get what is printed.

    Returns
    -------
    str or None
        One line.
    """
    closed = []
    for number, name in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            closed.append(name)
            try:
                os.open(os.devnull, os.O_RDWR)  # the lowest free number is this one
            except OSError as error:
                return f"standard {name} is closed, and '{os.devnull}' cannot take its place: {error.strerror}"
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None or "output" in closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process
        return f"standard output is closed: send it to {os.devnull} if it is not wanted"
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of files may be any bytes, and a terminal may know any alphabet.
        sys.stdout.reconfigure(errors="backslashreplace")
    return None


def drop_output() -> None:
    """Send what is left to nowhere: Python would write it at its exit, and complain a second time."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        # Without a place to send it to, the stream goes: what is left in it goes with it.
        with suppress(OSError, ValueError):
            sys.stdout.close()
        sys.stdout = None
        return
    with suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
