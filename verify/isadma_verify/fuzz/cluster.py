"""Batches on a Dask cluster: a worker that dies loses no seed and doubles none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from isadma_verify.fuzz.campaign import Batch, Outcome, play_batch
from isadma_verify.fuzz.library import FuzzError

__all__ = ["DaskWorkers"]

#: Seconds to wait for the scheduler, and for a first worker.
PATIENCE = 60
#: Seconds after which a batch on a cluster counts as stuck.
STUCK = 3600


class DaskWorkers:
    """The workers of a Dask cluster that is already there.

    Dask gives a batch to another worker when the one that had it dies; what a batch gives is a function of its seeds,
    and each is taken once.

    Parameters
    ----------
    address : str
        Of the scheduler: ``tcp://HOST:8786``.
    patience : float
        Seconds to wait for it, and for a first worker.

    Raises
    ------
    FuzzError
        Dask is not installed, nothing answers there, or no worker came.
    """

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise FuzzError("a cluster needs Dask: pip install 'isadma[cluster]'") from None
        try:
            self._client: Any = Client(address, timeout=patience, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise FuzzError(f"no Dask scheduler answers at {address!r}: {said}") from None
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            self._client.close()
            raise FuzzError(f"the Dask cluster at {address!r} has no worker after {patience:g} s: start one") from None

    def play(self, todo: Iterator[Batch], more: Callable[[], bool], take: Callable[[Outcome], None]) -> None:
        """Play batches for as long as `more` says so, and `take` each outcome once, in any order."""
        from distributed import as_completed

        running = as_completed(loop=self._client.loop, with_results=True, timeout=STUCK)
        left = 0
        try:
            while True:
                while left < 2 * max(1, sum(self._client.nthreads().values())):
                    if not more() or (batch := next(todo, None)) is None:
                        break
                    running.add(self._client.submit(play_batch, batch, pure=False, retries=3))
                    left += 1
                if not left:
                    return
                _, outcome = next(running)
                left -= 1
                take(outcome)
        except (OSError, RuntimeError, TimeoutError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise FuzzError(f"the Dask cluster gave up: {said}") from error
        finally:
            self._client.close()
