"""A timeline in figures: who had the bus for how long, and how long requests waited for their DACK#."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from isadma_sim.timeline.events import Timeline

__all__ = ["Latency", "latencies", "shares", "transfers_by_channel"]

#: Of waits, no more than this part is longer than the figure given for it.
MOST = 0.99


@dataclass(frozen=True)
class Latency:
    """How long a channel's requests waited: clocks from DREQ high (and no DACK# of its own) to DACK#.

    Attributes
    ----------
    channel : int
        Whose.
    waits : tuple of int
        Each wait in clocks, shortest first.
    """

    channel: int
    waits: tuple[int, ...]

    @property
    def shortest(self) -> int:
        """The shortest wait."""
        return self.waits[0]

    @property
    def longest(self) -> int:
        """The longest wait."""
        return self.waits[-1]

    def rank(self, part: float) -> int:
        """Return the shortest wait that this part of all is no longer than (nearest rank)."""
        return self.waits[max(ceil(part * len(self.waits)), 1) - 1]

    @property
    def median(self) -> int:
        """What half of them take at most."""
        return self.rank(0.5)

    @property
    def most(self) -> int:
        """What 99 of 100 take at most."""
        return self.rank(MOST)

    def histogram(self, bins: int) -> list[tuple[int, int, int]]:
        """Return (first clock, one behind the last, waits) of so many bins or fewer, of equal width."""
        width = max(ceil((self.longest - self.shortest + 1) / bins), 1)
        counted = Counter((wait - self.shortest) // width for wait in self.waits)
        starts = [self.shortest + number * width for number in range(max(counted) + 1)]
        return [(start, start + width, counted[number]) for number, start in enumerate(starts)]


def latencies(line: Timeline) -> list[Latency]:
    """Return the waits of each channel that was asked for, lowest channel first."""
    waits: dict[int, list[int]] = {}
    for service in line.services:
        if service.wait is not None:
            waits.setdefault(service.channel, []).append(service.wait)
    return [Latency(channel, tuple(sorted(found))) for channel, found in sorted(waits.items())]


def shares(line: Timeline) -> dict[str, int]:
    """Return the clocks of each that had the bus: ``"CPU"``, ``"channel 2"``, ``"refresh"``, ``"bus master"``, ...

    ``"hand-over"`` is the CPU off the bus and nobody driving it; ``"memory to memory"`` the controller without a DACK#.
    """
    found: Counter[str] = Counter()
    for grant in line.grants:
        found[_owner(grant.owner, grant.channel)] += grant.end - grant.begin
    held = sum(found.values())
    return {"CPU": line.end - line.begin - held, **dict(sorted(found.items()))}


def _owner(owner: str, channel: int | None) -> str:
    if owner == "dma":
        return "memory to memory" if channel is None else f"channel {channel}"
    return {"card": "bus master", "hold": "hand-over"}.get(owner, owner)


def transfers_by_channel(line: Timeline) -> dict[int | None, tuple[int, int, int]]:
    """Return (transfers, bytes, terminal counts) by channel; None: those without a DACK#, refresh apart."""
    found: dict[int | None, list[int]] = {}
    for transfer in line.transfers:
        if transfer.kind == "refresh":
            continue
        counts = found.setdefault(transfer.channel, [0, 0, 0])
        counts[0] += 1
        counts[1] += transfer.size
        counts[2] += transfer.tc
    return {channel: _three(counts) for channel, counts in sorted(found.items(), key=lambda item: str(item[0]))}


def _three(counts: Sequence[int]) -> tuple[int, int, int]:
    transfers, size, ends = counts
    return transfers, size, ends
