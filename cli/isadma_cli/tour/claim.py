"""A claim: a sentence, the experiment that tries it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Claim", "Finding", "Result"]


@dataclass(frozen=True)
class Finding:
    """What an experiment found.

    Attributes
    ----------
    measured, expected : str
        In words and figures; what is expected comes from data sheets and arithmetic, not from the run.
    passed : bool
        Whether they agree.
    figures : dict
        The numbers behind it, for JSON and for the plot.
    """

    measured: str
    expected: str
    passed: bool
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """A sentence that can be tried.

    Attributes
    ----------
    name : str
        One word for files and links.
    sentence : str
        What is claimed.
    lesson : str
        A paragraph for students: what the experiment does, and what follows.
    measure : callable
        Runs the experiment on the engine of that name.
    plot : callable or None
        Draws a finding.
    """

    name: str
    sentence: str
    lesson: str
    measure: Callable[[str], Finding]
    plot: Callable[[Finding], Figure] | None = None


@dataclass(frozen=True)
class Result:
    """A claim and what came of it."""

    claim: Claim
    finding: Finding
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return it as ``--json`` shows it."""
        finding = self.finding
        return {
            "name": self.claim.name,
            "claim": self.claim.sentence,
            "measured": finding.measured,
            "expected": finding.expected,
            "passed": finding.passed,
            "figures": finding.figures,
            "seconds": round(self.seconds, 2),
        }
