"""Ctrl-C at a clock boundary: a simulator torn out of the middle of a clock would be of no more use."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any


class Interruptible:
    """Holds Ctrl-C back while clocks run; `hit` says that it came, and leaving the block delivers it.

    A second Ctrl-C is delivered at once, for a device that never returns. Outside the main thread, and where SIGINT
    is not handled by Python, it does nothing.
    """

    def __init__(self) -> None:
        self.hit = False
        self._depth = 0
        self._old: Any = None

    def _handler(self, number: int, frame: FrameType | None) -> None:
        if self.hit:
            self.hit = False
            self._old(number, frame)
        self.hit = True

    def __enter__(self) -> Interruptible:
        self._depth += 1
        if self._depth == 1:
            self.hit = False
            self._old = None
            if threading.current_thread() is threading.main_thread():
                old = signal.getsignal(signal.SIGINT)
                if callable(old):
                    self._old = old
                    signal.signal(signal.SIGINT, self._handler)
        return self

    def __exit__(self, *exc: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._old is not None:
            signal.signal(signal.SIGINT, self._old)
            old, self._old = self._old, None
            if self.hit:
                self.hit = False
                old(signal.SIGINT, None)
