"""Delta debugging: the same difference with as few steps, and as plain ones, as can be found."""

# Ref: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28(2), 2002; parts are left
#      out in one pass for each size, and passes are made until none helps.

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from isadma_verify.fuzz.scenario import MOST_GAP, WIRES, Scenario, Step

__all__ = ["shrink"]

Fails = Callable[[Scenario], int | None]
"""Plays a scenario: the first clock that differs, or None."""

#: Most scenarios played for one reproducer.
TRIES = 20_000


class _Budget:
    def __init__(self, fails: Fails, tries: int) -> None:
        self._fails, self._left = fails, tries

    def better(self, scenario: Scenario) -> Scenario | None:
        """Return the scenario, cut after its first difference, if it still has one."""
        if self._left <= 0:
            return None
        self._left -= 1
        clock = self._fails(scenario)
        return None if clock is None else replace(scenario, clocks=clock + 1)


def shrink(scenario: Scenario, fails: Fails, tries: int = TRIES) -> Scenario:
    """Reduce a scenario that differs.

    Parameters
    ----------
    scenario : Scenario
        One that differs.
    fails : callable
        Plays a scenario and returns the first clock that differs, or None.
    tries : int
        Most scenarios to play.

    Returns
    -------
    Scenario
        No step of it can be left out, unless `tries` ran out.

    Raises
    ------
    ValueError
        The scenario given does not differ.
    """
    budget = _Budget(fails, tries)
    found = budget.better(scenario)
    if found is None:
        raise ValueError("nothing to shrink: design and golden model agree in this scenario")
    while True:
        before = found
        found = _fewer(found, budget)
        found = _sooner(found, budget)
        found = _plainer(found, budget)
        if found == before:
            return found


def _fewer(found: Scenario, budget: _Budget) -> Scenario:
    size = max(1, len(found.steps) // 2)
    while True:
        start = 0
        while start < len(found.steps):
            rest = (*found.steps[:start], *found.steps[start + size :])
            if (smaller := budget.better(found.with_steps(rest))) is not None:
                found = smaller
            else:
                start += size
        if size == 1:
            return found
        size //= 2


def _sooner(found: Scenario, budget: _Budget) -> Scenario:
    """Leave out steps of the wires, but not the time that they take: the next one has it."""
    number = 0
    while number < len(found.steps):
        step = found.steps[number]
        after = next((n for n in range(number + 1, len(found.steps)) if found.steps[n].kind in WIRES), None)
        better = None
        if step.kind in WIRES and after is not None and step.gap + found.steps[after].gap <= MOST_GAP:
            steps = list(found.steps)
            steps[after] = replace(steps[after], gap=step.gap + steps[after].gap)
            del steps[number]
            better = budget.better(found.with_steps(steps))
        found, number = (better, number) if better is not None else (found, number + 1)
    return found


def _plainer(found: Scenario, budget: _Budget) -> Scenario:
    if found.noise and (better := budget.better(replace(found, noise=0))) is not None:
        found = better
    if found.settle != 1 and (better := budget.better(replace(found, settle=1))) is not None:
        found = better
    for number in range(len(found.steps)):
        if number >= len(found.steps):
            break
        for step in _plain_steps(found.steps[number]):
            steps = list(found.steps)
            steps[number] = step
            if (better := budget.better(found.with_steps(steps))) is not None:
                found = better
                break
    return found


def _plain_steps(step: Step) -> Iterator[Step]:
    """Yield plainer versions of a step, the plainest first."""
    for gap in _below(step.gap, (0, step.gap // 2)):
        yield replace(step, gap=gap)
    for length in _below(step.length, (1, max(1, step.length // 2))):
        yield replace(step, length=length)
    for count in _below(step.count, (1, max(1, step.count // 2))):
        yield replace(step, count=count)
    for data in _below(step.data, (0,)):
        yield replace(step, data=data)


def _below(value: int, candidates: Sequence[int]) -> list[int]:
    return [candidate for candidate in candidates if candidate < value]
