"""A run of many mutants: each lives through random programs until they notice it; what survives may have no effect."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from isadma_verify.equivalence.prover import compare, stays_zero
from isadma_verify.fuzz.library import Difference, Library
from isadma_verify.fuzz.targets import NEVER_SET, UNUSED
from isadma_verify.fuzz.targets import target as target_named
from isadma_verify.mutate.contract import CLOCKINGS
from isadma_verify.mutate.netlist import IN_ONE, LAWFUL, Mutation, draw, library, mutated
from isadma_verify.spread.workers import Processes, Workers

__all__ = ["Batch", "Fate", "Plan", "Run", "batches", "prove_fate", "run_batch"]


@dataclass(frozen=True)
class Plan:
    """What to break, and how long each mutant is tried.

    Attributes
    ----------
    target : str
        Name of the fuzz target.
    mutants : int
        How many.
    seed : int
        Of Yosys' choice.
    scenarios : int
        Scenarios that a mutant must survive, at each clocking.
    clocks : int
        Fabric clocks of each.
    """

    target: str
    mutants: int
    seed: int = 1
    scenarios: int = 2000
    clocks: int = 3000

    @property
    def clockings(self) -> Sequence[int]:
        """Fabric clocks a state that the target's model knows."""
        return target_named(self.target).clockings

    @property
    def per_state(self) -> int:
        """The finest of them, for which the netlist is made."""
        return max(self.clockings)


@dataclass(frozen=True)
class Batch:
    """Some mutants of a plan, compiled together."""

    plan: Plan
    first: int

    def mutations(self) -> tuple[Mutation, ...]:
        """Draw them."""
        plan = self.plan
        drawn = draw(target_named(plan.target), plan.per_state, plan.mutants, plan.seed)
        return drawn[self.first : self.first + IN_ONE]


@dataclass(frozen=True)
class Fate:
    """What became of a mutant.

    Attributes
    ----------
    mutation : Mutation
        What was broken.
    killed_by : int or None
        Seed of the scenario that noticed it first.
    pin : str
        Where it showed.
    equal : bool
        Proved to behave as the original.
    detail : str
        Why it could not be proved so.
    """

    mutation: Mutation
    killed_by: int | None
    pin: str = ""
    equal: bool = False
    detail: str = ""


def batches(plan: Plan) -> Iterator[Batch]:
    """Cut a plan in batches."""
    for first in range(0, plan.mutants, IN_ONE):
        yield Batch(plan, first)


def run_batch(batch: Batch) -> list[Fate]:
    """Let each mutant of a batch live."""
    plan, mutations = batch.plan, batch.mutations()
    compiled = library(target_named(plan.target), plan.per_state, mutations)
    compiled.let_live(0)
    agreed, difference = _play(compiled, plan, 20)
    if difference is not None:
        raise AssertionError(f"with no mutant alive, scenario {agreed + 1} differs: {difference}")
    fates = []
    for number, mutation in enumerate(mutations, 1):
        compiled.let_live(number)
        agreed, difference = _play(compiled, plan, plan.scenarios)
        fates.append(Fate(mutation, None) if difference is None else Fate(mutation, 1 + agreed, difference.pin))
    return fates


def _play(compiled: Library, plan: Plan, scenarios: int) -> tuple[int, Difference | None]:
    """Play the scenarios at each clocking in turn: some mutants show at one alone."""
    for compiled.per_state in plan.clockings:
        agreed, difference = compiled.seeds(1, scenarios, plan.clocks)
        if difference is not None:
            return agreed, difference
    return scenarios, None


def prove_fate(given: tuple[Plan, Fate]) -> Fate:
    """Try to prove that a survivor behaves as the original, from power-up on and for all inputs.

    Pins count while they are driven. Where induction does not do, ABC looks at what can be reached from power-up on.
    The surroundings of a chip alone keep the clock contract. The bits of
    `isadma_verify.fuzz.targets.Target.unused` are 0 on the original: those that no program sets are taken to be, the
    others are proved to be then.
    """
    plan, fate = given
    target = target_named(plan.target)
    if target.unused and not _never_set(plan.target, plan.per_state):
        return Fate(fate.mutation, None, detail=f"what follows from {UNUSED} bits is not proved")
    hidden = (LAWFUL, UNUSED, NEVER_SET) if target.unused else (LAWFUL,) if target.promised else ()
    for clocking in CLOCKINGS if target.promised else ("",):
        with tempfile.TemporaryDirectory(prefix="isadma-mutate-") as name:
            folder = Path(name)
            gold = mutated(target, plan.per_state, None, folder, "original", clocking)
            gate = mutated(target, plan.per_state, fate.mutation, folder, "mutant", clocking)
            verdict = compare(gold, gate, folder / "proof", LAWFUL if hidden else "", hidden, thorough=True)
        if not verdict.holds:
            break
    return Fate(fate.mutation, None, equal=verdict.holds, detail=verdict.detail)


@cache
def _never_set(name: str, per_state: int) -> bool:
    """Prove once that a target's bits are never set that programs could only set by those that they leave alone."""
    with tempfile.TemporaryDirectory(prefix="isadma-mutate-") as folder:
        gold = mutated(target_named(name), per_state, None, Path(folder), "original")
        return stays_zero(gold, NEVER_SET, UNUSED, Path(folder) / "lemma")


@dataclass
class Run:
    """What has come of a plan so far.

    Attributes
    ----------
    plan : Plan
        What was asked for.
    fates : list of Fate
        By number.
    seconds : float
        Since the start.
    """

    plan: Plan
    fates: list[Fate] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def killed(self) -> list[Fate]:
        """Mutants that were noticed."""
        return [fate for fate in self.fates if fate.killed_by is not None]

    @property
    def equal(self) -> list[Fate]:
        """Mutants proved to have no effect."""
        return [fate for fate in self.fates if fate.equal]

    @property
    def survivors(self) -> list[Fate]:
        """Mutants that nobody noticed, and that nobody proved to be without effect."""
        return [fate for fate in self.fates if fate.killed_by is None and not fate.equal]

    @property
    def share(self) -> float:
        """Part of those with an effect that was noticed, 0..1; survivors count as having one."""
        with_effect = len(self.killed) + len(self.survivors)
        return len(self.killed) / with_effect if with_effect else 1.0

    def run(
        self,
        jobs: int = 0,
        *,
        progress: Callable[[Run], None] = lambda _: None,
        workers: Workers | None = None,
    ) -> None:
        """Let all mutants live, then prove what survived.

        Parameters
        ----------
        jobs : int
            Processes; 0 takes one for each processor.
        progress : callable
            Called after each batch and each proof.
        workers : Workers, optional
            Work there, in place of processes of this machine.
        """
        start = time.monotonic()

        def told(*fates: Fate) -> None:
            known = {fate.mutation.number: fate for fate in (*self.fates, *fates)}
            self.fates = [known[number] for number in sorted(known)]
            self.seconds = time.monotonic() - start
            progress(self)

        chosen = workers or Processes(jobs)
        chosen.play(run_batch, batches(self.plan), lambda fates: told(*fates))
        chosen.play(prove_fate, iter([(self.plan, fate) for fate in self.survivors]), told)
        self.seconds = time.monotonic() - start
