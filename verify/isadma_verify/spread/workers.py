"""What all workers have in common, and workers that are processes of this machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Protocol, TypeVar

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
    """Have a worker's temporary files where they are removed when it is killed."""
    if folder is not None:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None


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
            running: set[Future[Result]] = set()
            try:
                while True:
                    while len(running) < 2 * self.jobs and more() and (item := next(todo, None)) is not None:
                        running.add(pool.submit(work, item))
                    if not running:
                        return
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        take(future.result())
            except BaseException as error:
                end_families([pid for worker in list((pool._processes or {}).values()) if (pid := worker.pid)])
                # What a killed one had begun to send never ends: with this no writer is left, which its reader sees.
                getattr(pool, "_result_queue")._writer.close()  # noqa: B009, typeshed does not have it
                if isinstance(error, BrokenProcessPool):
                    raise ClusterError(
                        f"one of {self.jobs} worker processes was killed; if memory was short, take fewer (--jobs)"
                    ) from error
                raise
