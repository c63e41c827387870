"""What came of each rule."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from isadma_verify.conform.rules.catalogue import Rule
from isadma_verify.conform.rules.elements import REACHES

HELD, BROKEN, NOT_REACHED, LEFT_OUT = "held", "broken", "not reached", "left out"


@dataclass(frozen=True)
class Break:
    """
    A rule broken in one bench.

    Parameters
    ----------
    test
        The bench, with its parameters.
    said
        What is wrong.
    expected, got
        Levels at the pins or values, in hexadecimal; empty where the sentence has it all.
    clock, where
        The fabric clock since the bench began, and its state and half.
    window
        What the pins showed around it, clock by clock.
    """

    test: str
    said: str
    expected: str
    got: str
    clock: int
    where: str
    window: list[dict[str, Any]] = field(repr=False)


@dataclass
class RuleVerdict:
    """
    One rule's verdict.

    Parameters
    ----------
    rule
        Which.
    state
        One of `HELD`, `BROKEN`, `NOT_REACHED` and `LEFT_OUT`.
    breaks
        Where it broke, in the order of the benches.
    causes
        What was said, without numbers, to the benches that said it.
    benches
        Benches in which it was met.
    """

    rule: Rule
    state: str
    breaks: list[Break] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    benches: int = 0

    @property
    def first(self) -> Break | None:
        """The first break, or None."""
        return self.breaks[0] if self.breaks else None


@dataclass
class Verdict:
    """
    The whole verdict.

    Parameters
    ----------
    core, simulator, profile
        What was judged, by what, as what.
    rules
        A verdict for each rule.
    benches, failed
        How many benches ran, and how many failed by themselves.
    lacks, gated
        Pins that the core does not have, and those that it cannot let float.
    hung
        Benches that did not end, or not by themselves.
    seconds
        Of wall time.
    paces
        Clocks per byte of each kind of service that was measured.
    remarks
        What its owner might want to look at in the map.
    """

    core: str
    simulator: str
    profile: str
    rules: list[RuleVerdict]
    benches: int
    failed: int
    lacks: list[str]
    gated: list[str]
    hung: list[str]
    seconds: float
    paces: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def follows(self) -> dict[str, list[str]]:
        """Return broken rules of whole services that may be so for another's sake, each with those others."""
        broken = [one.rule.name for one in self.rules if one.state == BROKEN]
        found = {name: [one for one in broken if name in REACHES.get(one, ())] for name in broken}
        return {name: elements for name, elements in found.items() if elements}

    def count(self, state: str) -> int:
        """Return how many rules have a verdict."""
        return sum(one.state == state for one in self.rules)

    @property
    def holds(self) -> bool:
        """Whether every rule that is not left out holds."""
        return all(one.state in (HELD, LEFT_OUT) for one in self.rules)
