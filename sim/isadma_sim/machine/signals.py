"""Signals while a machine runs: handlers wait until no device stands in the middle of its work, a bounded time."""

from __future__ import annotations

import _thread
import signal
import threading
import time

# The module `signal` turns numbers into enumerations and back, which takes ten times what these calls do.
from _signal import getsignal  # type: ignore[import-not-found]
from _signal import signal as set_handler
from collections.abc import Callable
from types import FrameType
from typing import Any

__all__ = ["PATIENCE", "HeldSignals"]

_Handler = Callable[[int, FrameType | None], Any]

#: Seconds that a handler is held back at most. A callback that has not come back by then hangs.
PATIENCE = 2.0
#: Every signal there is here.
_NUMBERS = tuple(sorted(map(int, signal.valid_signals())))


class HeldSignals:
    """Holds the program's signal handlers back inside its ``with`` blocks; leaving the outermost one calls them.

    A handler that raises (Ctrl-C, an alarm, any other) in the middle of a device's callback would tear the device.
    Python calls handlers in its main thread alone; in other threads this does nothing. What has been held back for
    `PATIENCE` seconds is called at once, for the device that never returns.

    Attributes
    ----------
    hit : bool
        A signal came: go to where the outermost block is left. It is taken back where that is not near.
    """

    hit = False

    def __init__(self) -> None:
        self._depth = 0
        #: Handlers of every signal as they were found last, and those among them that Python calls.
        self._seen: tuple[Any, ...] = ()
        self._theirs: dict[int, _Handler] = {}
        self._waiting: dict[int, FrameType | None] = {}
        self._since = 0.0
        self._reminder: _thread.LockType | None = None
        self._forgets = False

    def __enter__(self) -> HeldSignals:
        if self._depth == 0 and threading.current_thread() is threading.main_thread():
            self._take()
        self._depth += 1
        return self

    def __exit__(self, *exc: object) -> None:
        if self._depth > 1:
            self._depth -= 1
            self.hit = False  # the outermost block goes on
            return
        try:
            self._give_back()
        finally:
            self._depth = 0  # until here no handler of theirs was lost: `_wait` kept what came
            try:
                if self._waiting:
                    self._deliver()
            finally:
                if self._forgets:
                    self._seen, self._theirs = (), {}

    @property
    def waiting(self) -> bool:
        """Whether a signal came that leaving the outermost block will deliver."""
        return bool(self._waiting)

    def forget(self) -> None:
        """Hold on to nothing of the program's handlers outside of the blocks from now on: they may hold much."""
        self._forgets = True
        if self._depth == 0:
            self._seen, self._theirs = (), {}

    # ---------------------------------------------------------------- whose handlers are in place
    def _take(self) -> None:
        seen = tuple(map(getsignal, _NUMBERS))
        if seen != self._seen:
            ours = self._wait
            # One of ours is left where a handler raised while it was given back: it stands for theirs still.
            self._theirs = {
                number: self._theirs[number] if handler == ours else handler
                for number, handler in zip(_NUMBERS, seen, strict=True)
                if callable(handler) and (handler != ours or number in self._theirs)
            }
            self._seen = seen
        try:
            for number in self._theirs:
                set_handler(number, self._wait)
        except BaseException:  # one of theirs raised while the others were being replaced
            self._give_back()
            raise

    def _give_back(self) -> None:
        try:
            for number, handler in self._theirs.items():
                if getsignal(number) == self._wait:  # a callback may have set another
                    set_handler(number, handler)
        except BaseException:  # one that is back in place raised: the others go back too
            self._give_back()
            raise

    # ---------------------------------------------------------------- what came
    def _wait(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal in place of the program's handler: keep it for later."""
        if self._depth == 0:  # it came between two handlers' being replaced
            self._theirs[number](number, frame)
            return
        now = time.monotonic()
        if not self._waiting:
            self._since = now
            self._remind(number)
        self._waiting[number] = frame
        self.hit = True
        if now - self._since >= PATIENCE:
            self._deliver()

    def _deliver(self) -> None:
        """Call the handlers of all that came, also when the first of them raises."""
        self.hit = False
        number, frame = self._waiting.popitem()
        try:
            self._theirs[number](number, frame)
        finally:
            if self._waiting:
                self._deliver()
            elif self._reminder is not None:
                self._reminder.release()
                self._reminder = None

    def _remind(self, number: int) -> None:
        """Have the signal sent once more when it has waited for too long."""
        self._reminder = reminder = _thread.allocate_lock()
        reminder.acquire()
        main = threading.main_thread().ident
        assert main is not None

        def remind() -> None:
            if not reminder.acquire(timeout=PATIENCE):
                signal.pthread_kill(main, number)

        try:
            _thread.start_new_thread(remind, ())
        except RuntimeError:  # no more threads: a second signal does the same
            self._reminder = None
