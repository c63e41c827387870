"""Signals that end the command: Ctrl-C, SIGTERM and SIGHUP unwind it, and all that it started ends with it."""

from __future__ import annotations

import _thread
import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from isadma_tools.processes.descendants import adopt_orphans, end_descendants

__all__ = ["ended_by", "leave", "listen", "listen_no_more"]

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Seconds that one signal has until another of them interrupts what it began.
_PATIENCE = 2.0

_came: list[tuple[int, float]] = []
#: Whether Python ignored what was raised.
_swallowed: list[bool] = []


def _heed(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, as Ctrl-C does; one that comes soon after does not disturb the tidying up."""
    now = time.monotonic()
    if _swallowed:
        _swallowed.clear()
        raise KeyboardInterrupt
    if not _came or now - _came[-1][1] > _PATIENCE:
        _came.append((number, now))
        raise KeyboardInterrupt


def _ignored(what: sys.UnraisableHookArgs) -> None:
    """Have a signal sent once more that met Python where it ignores exceptions: in a callback of a weak reference."""
    if not issubclass(what.exc_type, KeyboardInterrupt) or not _came:
        sys.__unraisablehook__(what)
        return
    _swallowed.append(True)
    _thread.start_new_thread(_send_again, (_came[0][0],))


def _send_again(number: int) -> None:
    time.sleep(0.01)  # where it is ignored is left by then; if not, this happens again
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, number)


def listen() -> None:
    """Heed signals from now on; one that whoever started us has switched off (``nohup``) stays so."""
    adopt_orphans()
    sys.unraisablehook = _ignored
    for number in _NUMBERS:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _heed)


def listen_no_more() -> None:
    """Let no signal change what came of the command: it is at its end."""
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_IGN)


def ended_by() -> signal.Signals | None:
    """Return the signal that ended the command, the first if there were several; None if none did."""
    return signal.Signals(_came[0][0]) if _came else None


def leave(status: int) -> NoReturn:
    """End the process with a status, after a signal 128 and its number; but for success, all it started ends too."""
    number = ended_by()
    if status or number is not None:
        # Python's own helper counts its semaphores, and ends as soon as this process has.
        tracker = sys.modules.get("multiprocessing.resource_tracker")
        end_descendants([tracker._resource_tracker._pid] if tracker is not None else [])
    if number is None:
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # the terminal may have gone
            stream.flush()
    # Not by `sys.exit`: taking every module apart takes as long as all the rest, and where Ctrl-C met Python in `exec`
    # (a dataclass being made) it would say that it died of the signal.
    with suppress(Exception):
        atexit._run_exitfuncs()
    os._exit(128 + number)
