"""What a model shows otherwise than a vector: where, what was expected, and which kind of fault it is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Check", "Failure", "Outcome"]


@dataclass(frozen=True)
class Failure:
    """Where a model leaves a vector.

    Attributes
    ----------
    clock : int or None
        Clock of the vector; None for the registers after the last.
    what : str
        Pin or register, and whether it is in the first half of that clock.
    expected, got : str
        In hex, or ``z`` for a pin that floats.
    state : str
        What the model says of that clock.
    event : str
        What the vector did last.
    kind : str
        What equal faults have in common; empty: `what`.
    """

    clock: int | None
    what: str
    expected: str
    got: str
    state: str = ""
    event: str = ""
    kind: str = ""

    @property
    def cause(self) -> str:
        """What equal faults have in common."""
        return self.kind or self.what

    def words(self) -> str:
        """Say it in words."""
        when = "after the last clock" if self.clock is None else f"clock {self.clock}"
        said = f" ({self.state})" if self.state else ""
        event = f"; {self.event}" if self.event else ""
        return f"{when}{said}: {self.what} is {self.got}, expected {self.expected}{event}"


@dataclass(frozen=True)
class Check:
    """A register as the processor reads it, or after the last clock: whatever failed before, it was compared.

    Attributes
    ----------
    what : str
        Which, without its channel.
    failure : Failure or None
        What is wrong with it.
    """

    what: str
    failure: Failure | None


@dataclass(frozen=True)
class Outcome:
    """What came of a vector.

    Attributes
    ----------
    failure : Failure or None
        The first: the vector's verdict.
    checks : tuple of Check
        Registers that were compared, to the vector's end.
    """

    failure: Failure | None
    checks: tuple[Check, ...] = ()
