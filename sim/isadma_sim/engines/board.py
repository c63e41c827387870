"""What the bus loop asks of a board: pins in, pins out, one clock at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Probe:
    """Something inside a board that a waveform may show.

    Attributes
    ----------
    name : str
        Dotted: ``"dma1.state"``.
    width : int
        Bits.
    codes : dict or None
        Names of the values, for an enumeration.
    """

    name: str
    width: int
    codes: dict[int, str] | None = None


class Board(Protocol):
    """A board by its packed pins (`isadma_sim.engines.pins`)."""

    probes: Sequence[Probe]

    def drive(self, inputs: int) -> int:
        """Set the input pins of this clock and return what the outputs settle to."""
        ...

    def clock(self, inputs: int) -> None:
        """End this clock with these inputs."""
        ...

    def save(self) -> Any:
        """Return all that the board remembers, in JSON's values."""
        ...

    def load(self, state: Any) -> None:
        """Remember that instead; ValueError when it is of another kind of board."""
        ...

    def peek(self) -> Sequence[int]:
        """Values of `probes` in this clock."""
        ...
