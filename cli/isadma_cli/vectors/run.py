"""Runs a model through a pack of test vectors."""

from __future__ import annotations

import json
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.report import console
from isadma_cli.vectors.report import WIDTH, result_told, tables
from isadma_sim import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.building import FuzzError
from isadma_verify.vectors.apart import ModelError, Wanted, run_apart
from isadma_verify.vectors.basis import CHOICE, DATA_SHEET, SILICON
from isadma_verify.vectors.failure import Outcome
from isadma_verify.vectors.pack import PackError
from isadma_verify.vectors.run import Model, Result
from isadma_verify.vectors.run import run as run_all
from isadma_verify.vectors.shim import ShimError, golden, rtl
from isadma_verify.vectors.themes import THEMES
from isadma_verify.vectors.vector import Vector

__all__ = ["run"]

_MODELS = ("golden", "rtl")


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
    wanted = Wanted(folder, tuple(themes), tuple(basis), transfers)
    try:
        if shim is not None:
            result = run_apart(_library(shim), str(shim), wanted, most)
        else:
            result = run_all(_model(model), wanted.vectors(), most)
    except (ShimError, PackError) as error:
        raise UsageError(str(error)) from None
    except ModelError as error:
        raise CommandError(str(error)) from None
    except (FuzzError, EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if not result.total.run:
        raise UsageError(f"no vector of {str(folder)!r} was run: {_skipped(result) or 'none is of what was asked for'}")
    if as_json:
        print(json.dumps(result_told(result), indent=2))
    else:
        for table in tables(result):
            console(WIDTH).print(table)
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

    def run(self, vector: Vector) -> Outcome:
        return rtl(vector.variant).run(vector)


def _library(shim: Path) -> str:
    if not shim.is_file():
        raise UsageError(f"no such file: {str(shim)!r}; check the name and the folder")
    return str(shim.resolve())


def _model(model: str | None) -> Model:
    if model not in _MODELS:
        raise UsageError(f"no model is named {model!r}; there are {', '.join(_MODELS)}, and --shim for yours")
    return golden() if model == "golden" else _Either()


def _skipped(result: Result) -> str:
    return ", ".join(
        f"{count:,} of the {variant}, which {result.model} is not" for variant, count in result.skipped.items()
    )
