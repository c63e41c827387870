"""Processes that this one started, and those that these started: found, and ended to the last one."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["adopt_orphans", "end_descendants", "end_families", "end_session"]

#: Looks at the processes that are being ended, and seconds between two.
_LOOKS, _BETWEEN = 100, 0.01
#: Of Linux' prctl(2): what loses its parent is given to this process, not to the first one.
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Have a child's children given to this process when the child ends, so that `end_descendants` finds them."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants(spared: Collection[int] = ()) -> None:
    """Kill all that this process started and all that these started; nothing where the system has no ``/proc``.

    Parameters
    ----------
    spared
        Numbers of processes that end by themselves.
    """
    me = os.getpid()
    _end(lambda: _families({me}) - {me, *spared})


def end_families(heads: Collection[int]) -> None:
    """Kill processes, all that they started, and all that these started; who started the heads waits for them."""
    _end(lambda: _families({*heads}), {*heads})


def _end(look: Callable[[], set[int]], waited_for: Collection[int] = ()) -> None:
    for _ in range(_LOOKS):
        found = look()
        if not found:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):  # what stands still starts no others
            _send(found, number)
        time.sleep(_BETWEEN)
        _reap(found - {*waited_for})


def end_session(leader: int) -> None:
    """Kill a process, all of its session, and what these started in sessions of their own, as we do ourselves."""
    sessions = {leader}
    for _ in range(_LOOKS):
        members = _members(sessions)
        _send(members, signal.SIGKILL)
        if not members:
            break
        time.sleep(_BETWEEN)


def _families(heads: set[int]) -> set[int]:
    """Return those of some processes that live, and all their descendants."""
    everybody = list(_processes())
    family = heads & {process for process, _, _ in everybody} | heads & {os.getpid()}
    while grown := {process for process, parent, _ in everybody if parent in family and process not in family}:
        family |= grown
    return family


def _send(processes: Collection[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):  # it ended by itself; it became another user's
            os.kill(process, number)


def _reap(processes: Collection[int]) -> None:
    for process in processes:
        with suppress(ChildProcessError):  # no child of this one, but of another of them
            os.waitpid(process, os.WNOHANG)


def _members(sessions: set[int]) -> set[int]:
    """Find the living processes of some sessions and of those that they started, which are added."""
    found: set[int] = set()
    everybody = list(_processes())
    grown = True
    while grown:
        grown = False
        for process, parent, session in everybody:
            if process not in found and (session in sessions or parent in found):
                found.add(process)
                sessions.add(session)
                grown = True
    return found


def _processes() -> Iterator[tuple[int, int, int]]:
    """List process, parent and session of all that are no zombies; empty where the system does not say it."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):  # it went meanwhile
            continue
        if state not in "ZX":
            yield int(stat.parent.name), int(parent), int(session)
