"""A run of many seeds on several processes: the same seeds give the same result, however they are spread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from isadma_verify.fuzz.coverage import Coverage
from isadma_verify.fuzz.library import Difference, load
from isadma_verify.fuzz.targets import target as target_named
from isadma_verify.spread.workers import Processes, Workers

__all__ = ["CLOCKS", "Batch", "Campaign", "Found", "Outcome", "Plan", "batches", "play_batch"]

CLOCKS = 3000
"""Fabric clocks of one scenario."""
BATCH = 500
"""Seeds that a worker takes at once."""


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes
    ----------
    target : str
        Name of the target.
    seed : int
        First seed; the others follow it.
    scenarios : int
        How many seeds.
    clocks : int
        Fabric clocks of each.
    per_state : int
        Fabric clocks a state.
    """

    target: str
    seed: int
    scenarios: int
    clocks: int = CLOCKS
    per_state: int = 1


@dataclass(frozen=True)
class Batch:
    """Some seeds of a plan, one after the other."""

    target: str
    first: int
    count: int
    clocks: int
    per_state: int


@dataclass(frozen=True)
class Found:
    """A seed whose scenario differs, and where."""

    seed: int
    difference: Difference


@dataclass(frozen=True)
class Outcome:
    """What came of a batch: its counters, and the seeds that differ. The same on every worker."""

    batch: Batch
    bins: dict[str, int]
    found: tuple[Found, ...]


def batches(plan: Plan, size: int = BATCH) -> Iterator[Batch]:
    """Cut a plan in batches; which seeds belong together does not hang on who plays them."""
    for first in range(plan.seed, plan.seed + plan.scenarios, size):
        count = min(size, plan.seed + plan.scenarios - first)
        yield Batch(plan.target, first, count, plan.clocks, plan.per_state)


def play_batch(batch: Batch) -> Outcome:
    """Play all seeds of a batch, those after a difference too."""
    library = load(target_named(batch.target), batch.per_state)
    counters = library.counters()
    found = []
    first, left = batch.first, batch.count
    while left:
        agreed, difference = library.seeds(first, left, batch.clocks, counters)
        if difference is None:
            break
        found.append(Found(first + agreed, difference))
        first, left = first + agreed + 1, left - agreed - 1
    return Outcome(batch, dict(zip(library.bins, counters, strict=True)), tuple(found))


@dataclass
class Campaign:
    """What a run has come to so far.

    Attributes
    ----------
    plan : Plan
        What was asked for.
    coverage : Coverage
        Bins met.
    scenarios : int
        Seeds played.
    found : list of Found
        Those that differ, by seed.
    seconds : float
        Since the start.
    """

    plan: Plan
    coverage: Coverage = field(init=False)
    scenarios: int = 0
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.coverage = Coverage(self.plan.target)

    @property
    def clocks(self) -> int:
        """Fabric clocks compared, but for what comes after a difference."""
        return self.scenarios * self.plan.clocks

    def add(self, outcome: Outcome) -> None:
        """Take what came of a batch."""
        self.coverage.add(outcome.bins)
        self.scenarios += outcome.batch.count
        self.found = sorted([*self.found, *outcome.found], key=lambda found: found.seed)

    def run(
        self,
        jobs: int = 0,
        *,
        seconds: float | None = None,
        most: int = 1,
        progress: Callable[[Campaign], None] = lambda _: None,
        workers: Workers | None = None,
    ) -> None:
        """Play the plan.

        Parameters
        ----------
        jobs : int
            Processes; 0 takes one for each processor, 1 plays here.
        seconds : float, optional
            Begin nothing new after that long.
        most : int
            Differing seeds after which nothing new begins; 0 goes on to the end.
        progress : callable
            Called after each batch.
        workers : Workers, optional
            Play there, in place of processes of this machine.
        """
        start = time.monotonic()

        def more() -> bool:
            self.seconds = time.monotonic() - start
            return (seconds is None or self.seconds < seconds) and not (most and len(self.found) >= most)

        def take(outcome: Outcome) -> None:
            self.add(outcome)
            self.seconds = time.monotonic() - start
            progress(self)

        load(target_named(self.plan.target), self.plan.per_state)  # built once, here, and found by all processes
        (workers or Processes(jobs)).play(play_batch, batches(self.plan), take, more)
        self.seconds = time.monotonic() - start
