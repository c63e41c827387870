"""Workers that are those of a Dask cluster: one that dies loses no piece of work and doubles none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from isadma_verify.spread.workers import ClusterError, always

__all__ = ["DaskWorkers"]

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds to wait for the scheduler, and for a first worker.
PATIENCE = 60
#: Seconds after which a piece of work on a cluster counts as stuck.
STUCK = 3600


class DaskWorkers:
    """The workers of a Dask cluster that is already there.

    Dask gives a piece of work to another worker when the one that had it dies; its result depends on nothing else, and
    is taken once.

    Parameters
    ----------
    address : str
        Of the scheduler: ``tcp://HOST:8786``.
    patience : float
        Seconds to wait for it, and for a first worker.

    Raises
    ------
    ClusterError
        Dask is not installed, nothing answers there, or no worker came.
    """

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise ClusterError("a cluster needs Dask: pip install 'isadma[cluster]'") from None
        try:
            self._client: Any = Client(address, timeout=patience, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ClusterError(f"no Dask scheduler answers at {address!r}: {said}") from None
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            self._client.close()
            raise ClusterError(
                f"the Dask cluster at {address!r} has no worker after {patience:g} s: start one"
            ) from None

    def play(
        self,
        work: Callable[[Item], Result],
        todo: Iterator[Item],
        take: Callable[[Result], None],
        more: Callable[[], bool] = always,
    ) -> None:
        """Begin pieces for as long as `more` says so, and `take` each result once, in any order."""
        from distributed import as_completed

        running = as_completed(loop=self._client.loop, with_results=True, timeout=STUCK)
        left = 0
        try:
            while True:
                while left < 2 * max(1, sum(self._client.nthreads().values())):
                    if not more() or (item := next(todo, None)) is None:
                        break
                    running.add(self._client.submit(work, item, pure=False, retries=3))
                    left += 1
                if not left:
                    return
                _, result = next(running)
                left -= 1
                take(result)
        except (OSError, RuntimeError, TimeoutError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ClusterError(f"the Dask cluster gave up: {said}") from error
        finally:
            self._client.close()
