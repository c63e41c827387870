"""`isadma vectors`: makes a pack of test vectors, and runs a model through one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, failed_at, nearest
from isadma_cli.judging import watch
from isadma_cli.report import console
from isadma_sim import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.building import FuzzError
from isadma_verify.spread.workers import ClusterError
from isadma_verify.vectors.basis import CHOICE, DATA_SHEET, SILICON
from isadma_verify.vectors.pack import Pack, PackError, read_pack, write_pack
from isadma_verify.vectors.run import Model, Result
from isadma_verify.vectors.run import run as run_all
from isadma_verify.vectors.shim import Shim, ShimError, golden, rtl
from isadma_verify.vectors.themes import THEMES
from isadma_verify.vectors.vector import Vector

__all__ = ["make", "run"]

_WIDTH = 100
_MOST = 10_000_000
_MODELS = ("golden", "rtl")


def make(*, folder: Path, count: int, seed: int, jobs: int, as_json: bool) -> None:
    """Make a pack and say what is in it.

    Parameters
    ----------
    folder
        Where it goes.
    count
        Vectors.
    seed
        What their random parts follow.
    jobs
        Processes; 0: one a processor.
    as_json
        One JSON object on standard output in place of the table.

    Raises
    ------
    UsageError
        A number is out of its range.
    CommandError
        RTL and golden model differ, nothing can be compiled here, or a file cannot be written.
    """
    for option, number, least, most in (
        ("--count", count, 1, _MOST),
        ("--jobs", jobs, 0, 1024),
        ("--seed", seed, 0, 1 << 63),
    ):
        if not least <= number <= most:
            raise UsageError(f"{option} {number}: from {least} to {most} is possible")
    begun = time.perf_counter()
    try:
        with watch("vectors", count) as note:
            pack = write_pack(folder, count, seed=seed, jobs=jobs, progress=lambda done: note(done, f"{done:,}"))
    except (ClusterError, EngineError, FuzzError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{failed_at(error) or folder}: {error.strerror or error}; -o names another folder"
        ) from error
    told = _told(pack, time.perf_counter() - begun)
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _print(pack, told)


def run(
    *,
    folder: Path,
    shim: Path | None,
    model: str | None,
    themes: list[str],
    basis: list[str],
    most: int | None,
    as_json: bool,
    transfers: bool = True,
) -> None:
    """Run a model through a pack and say where it leaves it.

    Parameters
    ----------
    folder
        The pack.
    shim
        The model's shared library; or
    model
        ``golden`` or ``rtl``.
    themes, basis
        Only vectors of these; none: all.
    most
        Stop after so many failures.
    as_json
        One JSON object on standard output in place of the tables.
    transfers
        Whether vectors in which the chip takes the bus are run too.

    Raises
    ------
    UsageError
        Model, theme, basis or pack are no such.
    CommandError
        The model fails a vector.
    """
    if (shim is None) == (model is None):
        raise UsageError("one model is needed: --shim FILE, --model golden or --model rtl")
    for option, given, known in (("--theme", themes, [*THEMES]), ("--basis", basis, [DATA_SHEET, SILICON, CHOICE])):
        for word in given:
            if word not in known:
                raise UsageError(f"{option} {word!r}{nearest(word, known)}; there are {', '.join(known)}")
    if most is not None and most < 1:
        raise UsageError(f"--most {most}: at least 1 is needed")
    try:
        chosen = _model(shim, model)
        result = run_all(chosen, _chosen(folder, themes, basis, transfers), most)
    except (ShimError, PackError) as error:
        raise UsageError(str(error)) from None
    except (FuzzError, EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if not result.total.run:
        raise UsageError(f"no vector of {str(folder)!r} was run: {_skipped(result) or 'none is of what was asked for'}")
    if as_json:
        print(json.dumps(_result_told(result), indent=2))
    else:
        for table in _tables(result):
            console(_WIDTH).print(table)
        if result.skipped:
            print(f"not run: {_skipped(result)}")
        if result.unheard:
            print(f"first halves of the states are not compared: {result.model} exports no i8237_half")
    if result.total.failed:
        raise CommandError(f"{result.model}: {result.total.failed:,} of {result.total.run:,} vectors fail")


class _Either:
    # The RTL of the variant that a vector asks for.
    name = "RTL"
    halves = True

    def run(self, vector: Vector) -> Any:
        return rtl(vector.variant).run(vector)


def _model(shim: Path | None, model: str | None) -> Model:
    if shim is not None:
        if not shim.is_file():
            raise UsageError(f"no such file: {str(shim)!r}; check the name and the folder")
        return Shim(str(shim.resolve()), str(shim))
    if model not in _MODELS:
        raise UsageError(f"no model is named {model!r}; there are {', '.join(_MODELS)}, and --shim for yours")
    return golden() if model == "golden" else _Either()


def _chosen(folder: Path, themes: list[str], basis: list[str], transfers: bool) -> Iterator[Vector]:
    for vector in read_pack(folder):
        wanted = (not themes or vector.name.rpartition("-")[0] in themes) and (not basis or vector.basis in basis)
        if wanted and (transfers or not vector.transfers):
            yield vector


def _skipped(result: Result) -> str:
    return ", ".join(
        f"{count:,} of the {variant}, which {result.model} is not" for variant, count in result.skipped.items()
    )


def _told(pack: Pack, seconds: float) -> dict[str, Any]:
    return {
        "folder": str(pack.folder),
        "vectors": pack.count,
        "bytes": pack.size,
        "seconds": round(seconds, 1),
        "basis": pack.basis,
        "themes": pack.themes,
        "coverage": {
            variant: {
                "reached": coverage.reached,
                "reachable": coverage.reachable,
                "holes": {group.name: list(group.holes) for group in coverage.groups() if group.holes},
            }
            for variant, coverage in pack.coverage.items()
        },
    }


def _print(pack: Pack, told: dict[str, Any]) -> None:
    title = f"{pack.count:,} vectors in {pack.folder}, {pack.size / 1e6:.1f} MB, made in {told['seconds']:.1f} s"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    table.add_column("what")
    table.add_column("vectors", justify="right")
    for kind in (pack.themes, pack.basis):
        for name, count in kind.items():
            table.add_row(name, f"{count:,}")
        table.add_section()
    for variant, coverage in pack.coverage.items():
        holes = sum(len(group.holes) for group in coverage.groups())
        table.add_row(
            f"bins of the {variant} reached" + (f", {holes} not" if holes else ", none missing"), f"{coverage.reached}"
        )
    console(_WIDTH).print(table)


def _result_told(result: Result) -> dict[str, Any]:
    told = {"model": result.model, "skipped": result.skipped, **asdict(result.total)}
    told["halves"] = {"compared": result.halves, "not compared": result.unheard}
    for name in ("themes", "basis", "corners"):
        told[name] = {key: asdict(tally) for key, tally in getattr(result, name).items()}
    told["causes"] = {
        what: {"vectors": count, "first": vector.name, **asdict(failure)}
        for what, (count, vector, failure) in result.causes.items()
    }
    return told


def _tables(result: Result) -> Iterator[Table]:
    title = f"{result.model}: {result.total.run - result.total.failed:,} of {result.total.run:,} vectors hold"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    for name, side in (("vectors", "left"), ("run", "right"), ("failed", "right")):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    for kind in (result.themes, result.basis, {k: v for k, v in sorted(result.corners.items()) if v.failed}):
        for name, tally in kind.items():
            table.add_row(name, f"{tally.run:,}", f"{tally.failed:,}" if tally.failed else "-")
        table.add_section()
    yield table
    if not result.causes:
        return
    causes = Table(title="what failed first", title_justify="left", box=SIMPLE, padding=0)
    for name in ("pin or register", "vectors", "the first of them"):
        causes.add_column(name, overflow="fold")
    for what, (count, vector, failure) in sorted(result.causes.items(), key=lambda cause: -cause[1][0]):
        causes.add_row(what, f"{count:,}", f"{vector.name} ({vector.about}), {failure.words()}")
    yield causes
