"""The DMA lock: one flip-flop serves all channels of a controller, so one driver at a time may program."""

from __future__ import annotations

import threading
from types import TracebackType

from isadma_driver.errors import DmaTimeoutError, LockNotHeldError

#: Longest wait for the lock, in seconds: programming a channel takes microseconds, a simulated one less than this.
LOCK_SECONDS = 30.0


class DmaLock:
    """A lock that knows whether the calling thread holds it, and that it may take again and again."""

    def __init__(self, seconds: float = LOCK_SECONDS) -> None:
        self._lock = threading.RLock()
        self._seconds = seconds
        self._holder = ""
        self._mine = threading.local()

    def acquire(self) -> LockFlags:
        """Take the lock.

        Raises
        ------
        DmaTimeoutError
            Another thread, which is named, kept it too long.
        """
        if not self._lock.acquire(timeout=self._seconds):
            raise DmaTimeoutError(f"the DMA lock was held by thread {self._holder!r} for over {self._seconds} s")
        self._holder = threading.current_thread().name
        self._mine.depth = self._depth() + 1
        return LockFlags(self)

    def release(self) -> None:
        """Give the lock back.

        Raises
        ------
        LockNotHeldError
            This thread does not hold it.
        """
        if not self._depth():
            raise LockNotHeldError("the DMA lock was released by a thread that does not hold it")
        self._mine.depth -= 1
        self._lock.release()

    def held(self) -> bool:
        """Return whether the calling thread holds the lock."""
        return self._depth() > 0

    def _depth(self) -> int:
        return int(getattr(self._mine, "depth", 0))


class LockFlags:
    """What `claim_dma_lock` returns: leave the `with` block, or hand it to `release_dma_lock`, once."""

    def __init__(self, lock: DmaLock) -> None:
        self._lock = lock
        self._spent = False

    def release(self) -> None:
        """Give the lock back.

        Raises
        ------
        LockNotHeldError
            It was given back before, or by another thread.
        """
        if self._spent:
            raise LockNotHeldError("the DMA lock was released twice")
        self._lock.release()
        self._spent = True

    def __enter__(self) -> LockFlags:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()
