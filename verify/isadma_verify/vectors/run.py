"""Runs a pack through a model, and groups what fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from isadma_verify.vectors.shim import Failure, ShimError
from isadma_verify.vectors.vector import Vector

__all__ = ["Model", "Result", "run"]


class Model(Protocol):
    """Whatever runs vectors."""

    name: str
    halves: bool
    """Whether it knows the middle of a state."""

    def run(self, vector: Vector) -> Failure | None:
        """Run one vector; return where the model leaves it, or None."""


@dataclass
class Tally:
    """Vectors of one kind: how many were run, and how many failed."""

    run: int = 0
    failed: int = 0


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
    causes : dict
        By pin or register: how many vectors it failed first, and the first of them.
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
    causes: dict[str, tuple[int, Vector, Failure]] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    halves: int = 0
    unheard: int = 0

    def add(self, vector: Vector, failure: Failure | None) -> None:
        """Count one vector."""
        theme = vector.name.rpartition("-")[0]
        kinds = [(self.themes, theme), (self.basis, vector.basis), *((self.corners, c) for c in vector.corners)]
        for tally in (self.total, *(kind.setdefault(name, Tally()) for kind, name in kinds)):
            tally.run += 1
            tally.failed += failure is not None
        if failure is not None:
            count, first, shown = self.causes.get(failure.what, (0, vector, failure))
            self.causes[failure.what] = (count + 1, first, shown)


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
