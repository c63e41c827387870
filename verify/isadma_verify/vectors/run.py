"""Runs a pack through a model, and groups what fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from isadma_verify.vectors.failure import Failure, Outcome
from isadma_verify.vectors.shim import ShimError
from isadma_verify.vectors.themes import REGISTERS
from isadma_verify.vectors.vector import Vector

__all__ = ["Cause", "Model", "Register", "Result", "Tally", "run"]


class Model(Protocol):
    """Whatever runs vectors."""

    name: str
    halves: bool
    """Whether it knows the middle of a state."""

    def run(self, vector: Vector) -> Outcome:
        """Run one vector to its end."""


@dataclass
class Tally:
    """Vectors of one kind: how many were run, and how many failed."""

    run: int = 0
    failed: int = 0


@dataclass
class Cause:
    """What equal faults have in common.

    Attributes
    ----------
    vector : Vector
        The first that has it.
    failure : Failure
        And how.
    count : int
        Vectors that it failed first.
    basis : dict
        How many of them rest on what.
    """

    vector: Vector
    failure: Failure
    count: int = 0
    basis: dict[str, int] = field(default_factory=dict)


@dataclass
class Register:
    """A register as it is read, or as it is after the last clock, in all vectors: compared whatever failed before.

    Attributes
    ----------
    compared, wrong : int
        How often.
    first : tuple of Vector and Failure, or None
        The first time that it was wrong.
    """

    compared: int = 0
    wrong: int = 0
    first: tuple[Vector, Failure] | None = None


@dataclass
class Result:
    """What came of a pack.

    Attributes
    ----------
    model : str
        The model's name.
    total : Tally
        All vectors.
    themes, basis, corners : dict
        Tallies by theme, by basis, and of the vectors that go through each corner.
    rules : dict
        Tallies by the rule that a vector of the register file is about.
    causes : dict
        What vectors failed first, by kind.
    registers : dict
        By register: how often it was right, whatever failed before.
    skipped : dict
        Variants that the model is not, with how many vectors.
    halves : int
        Vectors of which the first halves of the states were compared too.
    unheard : int
        Vectors that have them, and were compared without: the model has no halves.
    """

    model: str
    total: Tally = field(default_factory=Tally)
    themes: dict[str, Tally] = field(default_factory=dict)
    basis: dict[str, Tally] = field(default_factory=dict)
    corners: dict[str, Tally] = field(default_factory=dict)
    rules: dict[str, Tally] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    halves: int = 0
    unheard: int = 0

    def add(self, vector: Vector, outcome: Outcome) -> None:
        """Count one vector."""
        theme = vector.name.rpartition("-")[0]
        failure = outcome.failure
        kinds = [(self.themes, theme), (self.basis, vector.basis), *((self.corners, c) for c in vector.corners)]
        kinds += [(self.rules, vector.about)] * (theme == REGISTERS)
        for tally in (self.total, *(kind.setdefault(name, Tally()) for kind, name in kinds)):
            tally.run += 1
            tally.failed += failure is not None
        if failure is not None:
            cause = self.causes.setdefault(failure.cause, Cause(vector, failure))
            cause.count += 1
            cause.basis[vector.basis] = cause.basis.get(vector.basis, 0) + 1
        for check in outcome.checks:
            register = self.registers.setdefault(check.what, Register())
            register.compared += 1
            if check.failure is not None:
                register.wrong += 1
                register.first = register.first or (vector, check.failure)


def run(model: Model, vectors: Iterable[Vector], most: int | None = None) -> Result:
    """Run vectors through a model.

    Parameters
    ----------
    model : Model
        A shim.
    vectors : iterable of Vector
        What to run.
    most : int, optional
        Stop after so many failures.
    """
    result = Result(model.name)
    for vector in vectors:
        if vector.variant in result.skipped:
            result.skipped[vector.variant] += 1
            continue
        try:
            result.add(vector, model.run(vector))
            result.halves += vector.mid is not None and model.halves
            result.unheard += vector.mid is not None and not model.halves
        except ShimError:
            result.skipped[vector.variant] = 1
        if most is not None and result.total.failed >= most:
            break
    return result
