"""What all workers have in common, and workers that are processes of this machine."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol, TypeVar

from isadma_tools.files.temporary import temporary_files
from isadma_tools.processes.descendants import end_families

__all__ = ["ClusterError", "Processes", "Workers", "always"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class ClusterError(Exception):
    """The workers cannot be had, or gave up: a message in one line."""


def always() -> bool:
    """Go on to the end."""
    return True


def _settle(folder: str | None) -> None:
    """Have a worker's temporary files where they are removed when it is killed; Ctrl-C is its main process' affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if folder is not None:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None


def _answer(work: Callable[[Item], Result], item: Item) -> str:
    """Do a piece of work, write its result or its exception to a file, and return the file's name.

    All workers answer through one pipe, whose lock a killed one takes with it, and a half-sent answer has no end. A
    name is below ``PIPE_BUF``, so that it is sent whole or not at all.
    """
    result: Result | None = None
    raised: Exception | None = None
    try:
        result = work(item)
    except Exception as error:
        raised = error
        raised.add_note(f"in a worker process:\n{''.join(traceback.format_exception(error))}")
    with tempfile.NamedTemporaryFile("wb", prefix="isadma-answer-", delete=False) as file:
        pickle.dump((result, raised), file, pickle.HIGHEST_PROTOCOL)
    return file.name


def _read(name: str) -> Any:
    """Return the result that `_answer` wrote, or raise its exception; the file goes."""
    file = Path(name)
    with file.open("rb") as answer:
        result, raised = pickle.load(answer)
    file.unlink()
    if raised is not None:
        raise raised
    return result


class Workers(Protocol):
    """Something that does pieces of work whose results depend on nothing else."""

    def play(
        self,
        work: Callable[[Item], Result],
        todo: Iterator[Item],
        take: Callable[[Result], None],
        more: Callable[[], bool] = always,
    ) -> None:
        """Begin pieces for as long as `more` says so, and `take` each result once, in any order."""


class Processes:
    """Processes of this machine.

    Parameters
    ----------
    jobs : int
        How many; 0 takes one for each processor, 1 works in this process.

    Raises
    ------
    ClusterError
        From `play`: one of them ended without an answer.
    """

    def __init__(self, jobs: int = 0) -> None:
        self.jobs = jobs or os.cpu_count() or 1

    def play(
        self,
        work: Callable[[Item], Result],
        todo: Iterator[Item],
        take: Callable[[Result], None],
        more: Callable[[], bool] = always,
    ) -> None:
        """Begin pieces for as long as `more` says so, and `take` each result once, in any order."""
        if self.jobs == 1:
            while more() and (item := next(todo, None)) is not None:
                take(work(item))
            return
        with (
            temporary_files() as environment,
            ProcessPoolExecutor(
                self.jobs, get_context("spawn"), initializer=_settle, initargs=(environment.get("TMPDIR"),)
            ) as pool,
        ):
            running: set[Future[str]] = set()
            try:
                while True:
                    while len(running) < 2 * self.jobs and more() and (item := next(todo, None)) is not None:
                        running.add(pool.submit(_answer, work, item))
                    if not running:
                        return
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        take(_read(future.result()))
            except BaseException as error:
                end_families([pid for worker in list((pool._processes or {}).values()) if (pid := worker.pid)])
                if isinstance(error, BrokenProcessPool):
                    raise ClusterError(
                        f"one of {self.jobs} worker processes was killed; if memory was short, take fewer (--jobs)"
                    ) from error
                raise
