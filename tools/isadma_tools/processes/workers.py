"""Threads that start processes; when the work is given up, both end at once, with all that the processes started."""

from __future__ import annotations

import ctypes
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from isadma_tools.files.temporary import temporary_files
from isadma_tools.processes.descendants import end_session

__all__ = ["EndedError", "Workers", "run_child"]

T = TypeVar("T")

#: The workers that a thread is one of.
_OF_THREAD = threading.local()


class EndedError(RuntimeError):
    """The work that this was for has been given up."""


class Workers:
    """Threads in a ``with`` block; leaving it by an exception (Ctrl-C) ends them and every process of theirs.

    Parameters
    ----------
    threads : int
        Pieces of work at a time.
    """

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads)
        self._lock = threading.RLock()
        self._ended = False
        self._children: set[subprocess.Popen[str]] = set()
        self._thinking: set[int] = set()  # threads that work themselves, and wait for no process

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error is not None:
            self._end()
        self._pool.shutdown(cancel_futures=error is not None)

    def submit(self, work: Callable[..., T], *arguments: Any, **options: Any) -> Future[T]:
        """Have a thread do a piece of work, in which `run_child` starts processes."""
        return self._pool.submit(self._do, work, arguments, options)

    def _do(self, work: Callable[..., T], arguments: tuple[Any, ...], options: dict[str, Any]) -> T:
        _OF_THREAD.workers = self
        with self._working():
            return work(*arguments, **options)

    @contextmanager
    def _working(self) -> Iterator[None]:
        me = threading.get_ident()
        with self._lock:
            if self._ended:
                raise EndedError
            self._thinking.add(me)
        try:
            yield
        finally:
            with self._lock:
                self._thinking.discard(me)

    def run(self, command: list[str], *, timeout: float, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a process from one of the threads; see `run_child`."""
        with temporary_files(options.get("env")) as environment:
            return self._run(command, timeout, {**options, "env": environment})

    def _run(self, command: list[str], timeout: float, options: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        me = threading.get_ident()
        with self._lock:
            self._thinking.discard(me)
            if self._ended:
                raise EndedError
            child = subprocess.Popen(command, start_new_session=True, **options)
            self._children.add(child)
        try:
            out, err = child.communicate(timeout=timeout)
        except BaseException:
            _end_session(child)
            raise
        finally:
            with self._lock:
                self._children.discard(child)
                self._thinking.add(me)
        if self._ended:
            raise EndedError
        return subprocess.CompletedProcess(command, child.returncode, out, err)

    def _end(self) -> None:
        with self._lock:
            self._ended = True
            children = [*self._children]
            for thread in self._thinking:  # it may be long until it starts its next process
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(EndedError))
        for child in children:
            _end_session(child)


def run_child(command: list[str], *, timeout: float, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a process to its end, in a session of its own; what ends the wait for it ends all of that session.

    Parameters
    ----------
    command : list of str
        What to run.
    timeout : float
        Seconds it may take.
    **options
        Of `subprocess.Popen`: text, and standard input from nowhere, unless told otherwise.

    Raises
    ------
    OSError
        It cannot be started.
    subprocess.TimeoutExpired
        It took longer.
    EndedError
        The `Workers` that this thread is one of were given up.
    """
    options = {"stdin": subprocess.DEVNULL, "text": True, "errors": "replace", **options}
    workers: Workers | None = getattr(_OF_THREAD, "workers", None)
    if workers is not None:
        return workers.run(command, timeout=timeout, **options)
    # In a thread, where no signal's handler comes between a process and the note of it.
    with Workers(1) as alone:
        return alone.submit(alone.run, command, timeout=timeout, **options).result()


def _end_session(leader: subprocess.Popen[str]) -> None:
    end_session(leader.pid)
    if leader.poll() is None:
        leader.kill()
