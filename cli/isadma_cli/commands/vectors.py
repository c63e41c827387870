"""`isadma vectors`: test vectors of the 8237A, and models run through them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import examples, help_when_alone
from isadma_cli.options import Quiet, count_of, whole_number

__all__ = ["vectors"]

vectors = typer.Typer(
    help="Test vectors of the 8237A as JSON lines, for models that are no Verilog.",
    invoke_without_command=True,
    epilog=examples(
        "isadma vectors -o pack", "isadma vectors -o small --count 2000", "isadma vectors run pack --shim ./my.so"
    ),
)


@vectors.callback()
def _make(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Make a pack of vectors in this folder.")
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", parser=count_of, help="How many.")] = 100_000,
    seed: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="What their random parts follow.")] = 1,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Processes; 0: one a processor.")
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make test vectors: initial registers, pin events, the expected pins of every clock, final registers."""
    if output is None or context.invoked_subcommand is not None:
        help_when_alone(context)
        return
    from isadma_cli.vectors.make import make

    make(folder=output, count=count, seed=seed, jobs=jobs, as_json=json)


@vectors.command(
    epilog=examples(
        "isadma vectors run pack --shim ./my.so",
        "isadma vectors run pack --model golden",
        "isadma vectors run pack --shim ./my.so --theme copy --json",
    )
)
def run(
    pack: Annotated[Path, typer.Argument(metavar="DIR", help="The pack.")],
    shim: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A shared library with the functions of isadma_vectors.h.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="golden (the golden model) or rtl (the RTL, compiled).")
    ] = None,
    theme: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this theme; may be repeated.")] = None,
    basis: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help='Only what rests on this: "data sheet", silicon or choice.')
    ] = None,
    no_transfers: Annotated[
        bool, typer.Option("--no-transfers", help="Only vectors in which the chip takes no bus: for registers alone.")
    ] = False,
    most: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="Stop after so many failures.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Run a model through a pack: what holds, what fails, and the first clock of each cause."""
    from isadma_cli.vectors.run import run as run_vectors

    run_vectors(
        folder=pack, shim=shim, model=model, themes=theme or [], basis=basis or [], most=most, as_json=json,
        transfers=not no_transfers,
    )  # fmt: skip
