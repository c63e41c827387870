"""What came of a run of test vectors, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from isadma_verify.vectors.failure import Failure
from isadma_verify.vectors.run import Result
from isadma_verify.vectors.vector import Vector

__all__ = ["WIDTH", "result_told", "tables"]

WIDTH = 120
_KINDS = 16
"""Kinds of failures that are shown; JSON has all."""
_FEW = 0.2
"""Share of failing vectors up to which corners say something: beyond it every corner fails."""


def result_told(result: Result) -> dict[str, Any]:
    """Give it for JSON."""
    told = {"model": result.model, "skipped": result.skipped, **asdict(result.total)}
    told["halves"] = {"compared": result.halves, "not compared": result.unheard}
    for name in ("themes", "basis", "rules", "corners"):
        told[name] = {key: asdict(tally) for key, tally in getattr(result, name).items()}
    told["causes"] = {
        what: {"vectors": cause.count, "basis": cause.basis, "first": cause.vector.name, **asdict(cause.failure)}
        for what, cause in result.causes.items()
    }
    told["registers"] = {
        what: {
            "compared": register.compared,
            "wrong": register.wrong,
            "first": register.first and {"vector": register.first[0].name, **asdict(register.first[1])},
        }
        for what, register in result.registers.items()
    }
    return told


def tables(result: Result) -> Iterator[Table]:
    """Give it as tables: what holds, what failed first, and the registers whatever failed before."""
    yield _tallies(result)
    if result.causes:
        yield _causes(result)
    if any(register.wrong for register in result.registers.values()):
        yield _registers(result)


def _tallies(result: Result) -> Table:
    title = f"{result.model}: {result.total.run - result.total.failed:,} of {result.total.run:,} vectors hold"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    for name, side in (("vectors", "left"), ("run", "right"), ("failed", "right")):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    corners = {}
    if result.total.failed <= _FEW * result.total.run:
        corners = {name: tally for name, tally in sorted(result.corners.items()) if tally.failed}
    for kind in (result.themes, result.basis, result.rules, corners):
        for name, tally in kind.items():
            table.add_row(name, f"{tally.run:,}", f"{tally.failed:,}" if tally.failed else "-")
        table.add_section()
    return table


def _causes(result: Result) -> Table:
    table = Table(title="what failed first", title_justify="left", box=SIMPLE, padding=0)
    table.add_column("pin or register", max_width=34, overflow="fold")
    table.add_column("vectors", justify="right")
    table.add_column("the first of them", overflow="fold")
    worst = sorted(result.causes.items(), key=lambda cause: -cause[1].count)
    for what, cause in worst[:_KINDS]:
        table.add_row(what, f"{cause.count:,}", _first(cause.vector, cause.failure))
    if worst[_KINDS:]:
        rest = sum(cause.count for _, cause in worst[_KINDS:])
        table.add_row(f"{len(worst) - _KINDS} kinds more", f"{rest:,}", "--json names them")
    return table


def _registers(result: Result) -> Table:
    table = Table(title="registers, whatever failed before", title_justify="left", box=SIMPLE, padding=0)
    table.add_column("register", max_width=34, overflow="fold")
    table.add_column("compared", justify="right")
    table.add_column("wrong", justify="right")
    table.add_column("the first of them", overflow="fold")
    for what, register in sorted(result.registers.items(), key=lambda one: -one[1].wrong / one[1].compared):
        first = ""
        if register.first is not None:
            vector, failure = register.first
            first = f"{vector.name}: {failure.got}, expected {failure.expected}"
        table.add_row(what, f"{register.compared:,}", f"{register.wrong:,}" if register.wrong else "-", first)
    return table


def _first(vector: Vector, failure: Failure) -> str:
    basis = vector.basis if not vector.because else f"{vector.basis}: {vector.because[0]}"
    return f"{vector.name}, {failure.words()} [{vector.about}; {basis}]".replace("[", r"\[")
