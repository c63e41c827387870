"""What a run has reached: the bins by their names, those that cannot be reached, and the table of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Coverage", "Group", "unreachable"]

_COMPETING = "competing (winner, loser, priority)"
_NO_EOP = "EOP# of the board's chips is no input from the bus"


def unreachable(target: str, name: str) -> str | None:
    """Say why a bin cannot be reached on a target; None where it can."""
    group, *values = name.split(" | ")
    if group == _COMPETING:
        winner, loser, priority = values
        if winner == loser:
            return "a channel does not compete with itself"
        if priority == "fixed" and winner > loser:
            return "fixed priority serves the lower number"
    if target.startswith("wishbone") and name == "corner | row 6: a request in SI while HLDA is still high":
        return "HLDA falls with HRQ, in the same clock"
    if target.startswith(("at", "xt")):
        if group == "EOP# low at the end of":
            return _NO_EOP
        if group.startswith("end of process") and values[0] != "TC":
            return _NO_EOP
        if "external EOP#" in values[-1]:
            return _NO_EOP
    return None


@dataclass(frozen=True)
class Group:
    """The bins of one kind: how many can be reached, and the names of those that were not."""

    name: str
    reachable: int
    holes: tuple[str, ...]


@dataclass
class Coverage:
    """Counters of one target, by bin; runs add up.

    Attributes
    ----------
    target : str
        Name of the target.
    bins : dict
        Times that each bin was met, by its name.
    """

    target: str
    bins: dict[str, int] = field(default_factory=dict)

    def add(self, more: Mapping[str, int]) -> None:
        """Add the counters of another run."""
        for name, count in more.items():
            self.bins[name] = self.bins.get(name, 0) + count

    def groups(self) -> Sequence[Group]:
        """Sum up by group."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name, count in self.bins.items():
            if unreachable(self.target, name) is None:
                group, _, rest = name.partition(" | ")
                found.setdefault(group, []).append((rest, count))
        return [
            Group(name, len(bins), tuple(rest for rest, count in bins if not count)) for name, bins in found.items()
        ]

    @property
    def reachable(self) -> int:
        """How many bins can be reached."""
        return sum(group.reachable for group in self.groups())

    @property
    def reached(self) -> int:
        """How many of them have been."""
        return self.reachable - sum(len(group.holes) for group in self.groups())

    def excluded(self) -> dict[str, int]:
        """Return each reason why bins cannot be reached, with their number."""
        reasons: dict[str, int] = {}
        for name in self.bins:
            if (reason := unreachable(self.target, name)) is not None:
                reasons[reason] = reasons.get(reason, 0) + 1
        return reasons
