"""What can be seen in a capture, and a clock of it with the one before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Event", "Moment"]


@dataclass(frozen=True)
class Event:
    """
    Something seen.

    Attributes
    ----------
    clock : int
        From the capture's beginning.
    kind : str
        ``request``, ``grant``, ``release``, ``read`` (memory to device), ``write`` (device to memory), ``refresh``,
        ``verify``, ``memory-read``, ``memory-write``, ``service``, ``tc``, ``in``, ``out`` or ``broken``.
    channel : int or None
        The DMA channel.
    address, data : int or None
        Of a transfer, or of a port; None where the capture does not have them.
    text : str
        What else there is to say.
    """

    clock: int
    kind: str
    channel: int | None = None
    address: int | None = None
    data: int | None = None
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is known, by name."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}


@dataclass(frozen=True)
class Moment:
    """
    A clock and the one before.

    Attributes
    ----------
    clock : int
        Its number.
    now, before : dict of str to int
        Levels by line, and ``a``, ``ad``, ``d`` and ``s`` as numbers.
    """

    clock: int
    now: dict[str, int]
    before: dict[str, int]

    def rose(self, line: str) -> bool:
        """Whether a line went high; never where the capture has it not."""
        return self.now.get(line, 0) == 1 and self.before.get(line, 1) == 0

    def fell(self, line: str) -> bool:
        """Whether a line went low."""
        return self.now.get(line, 1) == 0 and self.before.get(line, 0) == 1

    def high(self, line: str) -> bool:
        """Whether a line is high; not where the capture has it not."""
        return self.now.get(line) == 1

    def low(self, line: str) -> bool:
        """Whether a line is low; not where the capture has it not."""
        return self.now.get(line) == 0
