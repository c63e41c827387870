"""The entry of the `isadma` command: runs it, and turns whatever goes wrong into one line and an exit status."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

from isadma_cli.ending import ended_by, leave, listen, listen_no_more
from isadma_cli.errors import CommandError, ExitStatus, failed_at, one_line
from isadma_cli.streams import check_streams, drop_output

__all__ = ["TRACEBACK", "main", "run"]

#: Environment variable: show the traceback of an internal error.
TRACEBACK = "ISADMA_TRACEBACK"
_FAILED = ExitStatus.FAILURE


def main() -> None:
    """Run the command line and leave with its exit status."""
    refused = check_streams()
    if refused is not None:
        sys.exit(_complain(refused, ExitStatus.FAILURE))
    try:
        listen()
        status = run(sys.argv[1:])
        listen_no_more()
    except KeyboardInterrupt:
        listen_no_more()
        status = _interrupted()
    leave(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Parameters
    ----------
    arguments
        The words after ``isadma``.

    Returns
    -------
    int
        An `ExitStatus`. On any status but 0 there was one line on standard error.
    """
    try:
        from isadma_cli.app import app

        # Not standalone: Typer would print its errors in a box of several lines.
        status = app(args=list(arguments), prog_name="isadma", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = ExitStatus.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Typer's own way out when the reader of a help page goes away
        return _reader_gone()
    except CommandError as error:
        return _complain(str(error), error.status)
    except OSError as error:  # those of files the user named are `CommandError` by now
        drop_output()
        if "temporary directory" in str(error):  # Python's own words, without a number or a name
            return _complain(f"no folder for temporary files: {error.strerror or error}; set TMPDIR to one", _FAILED)
        where = f"'{name}'" if (name := failed_at(error)) else "the output"
        return _complain(f"{where}: {error.strerror or error}; check space and permissions", _FAILED)
    except Exception as error:
        # Typer's own errors, whichever of its versions raised them: they format themselves and have a status.
        if hasattr(error, "format_message"):
            return _typer_error(error)
        if type(error).__name__ == "Abort":
            return _interrupted()
        return _bug(error)
    # A command returns nothing; an integer is the status of `typer.Exit`, which 130 is for Ctrl-C.
    if status == ExitStatus.INTERRUPTED:
        return _interrupted()
    return status if isinstance(status, int) else ExitStatus.OK


def _typer_error(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    message = one_line(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
    path = context.command_path if context is not None else "isadma"
    return _complain(f"{message}; see '{path} --help'", getattr(error, "exit_code", ExitStatus.USAGE))


def _complain(message: str, status: int) -> int:
    with suppress(OSError):  # nobody listens: the status says it
        print(f"isadma: {message}", file=sys.stderr)
    return status


def _bug(error: Exception) -> int:
    """Own up to a mistake of ours: one line too, the traceback only for who asks."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    kind = type(error).__name__
    return _complain(
        f"internal error: {kind}: {one_line(str(error))}; this is a bug: set {TRACEBACK}=1 to see where, and report it",
        ExitStatus.FAILURE,
    )


def _interrupted() -> int:
    number = ended_by()
    what = "interrupted" if number in (None, signal.SIGINT) else f"ended by {number.name}"
    return _complain(what, ExitStatus.INTERRUPTED)


def _reader_gone() -> int:
    """Leave quietly when whoever read our output has gone."""
    drop_output()
    return ExitStatus.BROKEN_PIPE


if __name__ == "__main__":
    main()
