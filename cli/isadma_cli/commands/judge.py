"""The commands that judge a design: fuzz, mutate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import examples
from isadma_cli.options import count_of, whole_number

__all__ = ["judge"]

judge = typer.Typer()


@judge.command(
    epilog=examples(
        "isadma fuzz",
        "isadma fuzz --target at --clocks 100M --jobs 2 --html fuzz.html",
        "isadma fuzz --seed 100000 --coverage i8237.json",
        "isadma fuzz --clocks 100G --dask tcp://10.0.0.1:8786",
        "isadma fuzz --replay build/fuzz/i8237-17.json",
    )
)
def fuzz(
    target: Annotated[
        str,
        typer.Option(
            "--target", "-t", metavar="NAME", help="i8237, 82c37, at, at-refresh, xt, or NAME-noise: any RAM."
        ),
    ] = "i8237",
    seed: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="First seed.")] = 1,
    clocks: Annotated[
        int, typer.Option(metavar="N", parser=count_of, help="Fabric clocks to compare: 5M, 1G.")
    ] = 20_000_000,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Processes; 0: one a processor.")
    ] = 0,
    time: Annotated[float | None, typer.Option(metavar="S", help="Begin nothing new after that many seconds.")] = None,
    per_state: Annotated[
        int, typer.Option(metavar="N", parser=whole_number, help="Fabric clocks a state: 1; 2 or 4 to the half clock.")
    ] = 1,
    replay: Annotated[Path | None, typer.Option(metavar="FILE", help="Play a reproducer again.")] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where the reproducer of a difference goes.")
    ] = Path("build/fuzz"),
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Play on the workers of a Dask scheduler: tcp://HOST:8786.")
    ] = None,
    coverage: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add what is reached to a file of bins, and show all it has.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what was reached as a page.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Run random programs on a design beside its golden model, every pin compared at every clock."""
    from isadma_cli import fuzz as command

    if replay is not None:
        command.replay(replay, as_json=json)
        return
    command.fuzz(
        name=target,
        seed=seed,
        clocks=clocks,
        jobs=jobs,
        seconds=time,
        per_state=per_state,
        folder=output,
        as_json=json,
        html=html,
        dask=dask,
        merged=coverage,
    )


@judge.command(
    epilog=examples("isadma mutate", "isadma mutate --target at --mutants 400 --least 97", "isadma mutate --json")
)
def mutate(
    target: Annotated[
        str, typer.Option("--target", "-t", metavar="NAME", help="i8237, 82c37, at, at-refresh (PC/AT) or xt (PC/XT).")
    ] = "i8237",
    mutants: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Places to break.")] = 500,
    seed: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Of Yosys' choice of places.")] = 1,
    scenarios: Annotated[
        int, typer.Option(metavar="N", parser=count_of, help="Random programs that a mutant has to survive.")
    ] = 2000,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Processes; 0: one a processor.")
    ] = 0,
    least: Annotated[
        float, typer.Option(metavar="PERCENT", help="Fail if fewer of those with an effect are noticed.")
    ] = 0.0,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Work on the workers of a Dask scheduler: tcp://HOST:8786.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Break a netlist in many places, and see which of the breaks random programs notice."""
    from isadma_cli import mutate as command

    command.mutate(
        name=target,
        mutants=mutants,
        seed=seed,
        scenarios=scenarios,
        jobs=jobs,
        least=least,
        as_json=json,
        dask=dask,
    )
