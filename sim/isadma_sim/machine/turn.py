"""Whose turn it is at a machine: one thread's of one process, one call at a time, and signals come when it is over."""

from __future__ import annotations

import os
import threading
import weakref
from threading import get_ident
from typing import NoReturn

from isadma_sim.machine.signals import HeldSignals
from isadma_sim.machine.unique import Unique

__all__ = ["Turn"]

#: All that a child made by fork must be told of.
_TURNS: weakref.WeakSet[Turn] = weakref.WeakSet()
#: The identity of no thread.
_NOBODY = 0


class Turn(Unique):
    """A ``with`` block around each call into an engine that lets clocks go by.

    Parameters
    ----------
    signals : HeldSignals or None
        What holds signals back meanwhile; None: one of its own.

    Attributes
    ----------
    signals : HeldSignals
        For work that takes several turns and must not be torn either.
    inside : bool
        Clocks are going by, or a device is being asked.
    """

    inside = False

    def __init__(self, signals: HeldSignals | None = None) -> None:
        self.signals = signals or HeldSignals()
        self._thread = get_ident()
        self._name = threading.current_thread().name
        self._process = os.getpid()
        self._closed = False
        self._lock = threading.Lock()  # held while clocks go by
        _TURNS.add(self)

    def check(self) -> None:
        """Raise RuntimeError unless the caller may use the machine now."""
        if self.inside or get_ident() != self._thread:
            self.refuse()

    def __enter__(self) -> Turn:
        if self.inside or get_ident() != self._thread:
            self.refuse()
        self.signals.__enter__()
        if not self._enter():
            self.signals.__exit__()
            self.refuse()
        self.inside = True
        return self

    def __exit__(self, *exc: object) -> None:
        self.inside = False
        self._lock.release()
        self.signals.__exit__(*exc)

    def _enter(self) -> bool:
        """Go in, unless somebody is there, or takes over in this moment."""
        if not self._lock.acquire(False):
            return False
        if get_ident() == self._thread:
            return True
        self._lock.release()
        return False

    def refuse(self) -> NoReturn:
        """Raise RuntimeError, and say why this is nobody's turn, or another's."""
        if self._closed:
            raise RuntimeError("this PC is closed: make a new one")
        if os.getpid() != self._process:
            raise RuntimeError(f"this PC belongs to process {self._process}: make one in the child that fork made")
        if get_ident() != self._thread:
            caller = threading.current_thread().name
            raise RuntimeError(
                f"this PC is for one thread, {self._name!r}, and {caller!r} calls it:"
                " make one for each, or hand it over with take_over()"
            )
        raise RuntimeError("the PC is in the middle of a clock: what a device calls may use its lines, never its PC")

    def take_over(self) -> None:
        """Make the calling thread the one that the machine is for.

        Raises
        ------
        RuntimeError
            While clocks go by in another thread, or in another process than the machine's.
        """
        if self._closed or os.getpid() != self._process:
            self.refuse()
        with self.signals:
            if not self._lock.acquire(False):
                self.refuse()
            self._thread, self._name = get_ident(), threading.current_thread().name
            self._lock.release()

    def close(self) -> None:
        """Refuse everybody from now on."""
        self._closed = True
        self._thread = _NOBODY
        self.signals.forget()

    def _forked(self) -> None:
        self._thread = _NOBODY


def _tell_child() -> None:
    for turn in list(_TURNS):
        turn._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell_child)
