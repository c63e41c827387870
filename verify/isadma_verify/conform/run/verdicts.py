"""What came of each rule."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from isadma_verify.conform.rules.catalogue import ALWAYS, Rule
from isadma_verify.conform.rules.elements import REACHES, SHOWS
from isadma_verify.cosim.chip.exercised import KNOWN

#: Rules of which a journal tells from when on in a bench they were, or might have been seen to be, broken.
TOLD = KNOWN | {rule.name for rule in ALWAYS}

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
    before
        Rules that this bench had broken at the pins by then, and those of one thing that it had come to by then;
        None where nobody wrote that down.
    """

    test: str
    said: str
    expected: str
    got: str
    clock: int
    where: str
    window: list[dict[str, Any]] = field(repr=False)
    before: frozenset[str] | None = None

    def may_follow_from(self, rule: str) -> bool:
        """Whether this may have broken because another rule, of those that reach it, is broken."""
        if rule in SHOWS and not re.search(SHOWS[rule], self.said):
            return False
        return self.before is None or rule in self.before or rule not in TOLD


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
    because
        Broken rules without which benches of this one could not come to it.
    """

    rule: Rule
    state: str
    breaks: list[Break] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    benches: int = 0
    because: set[str] = field(default_factory=set)

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
        """
        Return broken rules that may be so for others' sake, each with those others.

        A rule is among them if no bench has broken it before one of those others could show.
        """
        broken = {one.rule.name: one for one in self.rules if one.state == BROKEN}
        found = {}
        for name, one in broken.items():
            reaching = [other for other in broken if name in REACHES.get(other, ())]
            causes = [[other for other in reaching if at.may_follow_from(other)] for at in one.breaks]
            if reaching and all(causes):
                found[name] = [other for other in reaching if not causes or any(other in its for its in causes)]
        return found

    def count(self, state: str) -> int:
        """Return how many rules have a verdict."""
        return sum(one.state == state for one in self.rules)

    @property
    def holds(self) -> bool:
        """Whether every rule that is not left out holds."""
        return all(one.state in (HELD, LEFT_OUT) for one in self.rules)
