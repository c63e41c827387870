"""The commands that judge a design: fuzz, mutate, conform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import JUDGE, examples
from isadma_cli.options import Quiet, count_of, seconds_of, whole_number
from isadma_verify.fuzz.names import NOISY, PLAIN

__all__ = ["judge"]

judge = typer.Typer()

_Target = Annotated[
    str,
    typer.Option(
        "--target", "-t", metavar="NAME", help=f"{', '.join(PLAIN)}; with noise in RAM at power-up {', '.join(NOISY)}."
    ),
]
"""What is fuzzed or mutated."""


@judge.command(
    rich_help_panel=JUDGE,
    epilog=examples(
        "isadma fuzz",
        "isadma fuzz --target at --clocks 100M --jobs 2 --html fuzz.html",
        "isadma fuzz --seed 100000 --coverage i8237.json",
        "isadma fuzz --clocks 100G --dask tcp://10.0.0.1:8786",
        "isadma fuzz --replay build/fuzz/i8237-17.json",
    ),
)
def fuzz(
    target: _Target = "i8237",
    seed: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="First seed.")] = 1,
    clocks: Annotated[
        int, typer.Option(metavar="N", parser=count_of, help="Fabric clocks to compare: 5M, 1G.")
    ] = 20_000_000,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Processes; 0: one a processor.")
    ] = 0,
    time: Annotated[
        float | None, typer.Option(metavar="S", parser=seconds_of, help="Begin nothing new after that many seconds.")
    ] = None,
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
    quiet: Quiet = False,
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
    rich_help_panel=JUDGE,
    epilog=examples("isadma mutate", "isadma mutate --target at --mutants 400 --least 97", "isadma mutate --json"),
)
def mutate(
    target: _Target = "i8237",
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
    quiet: Quiet = False,
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


@judge.command(
    rich_help_panel=JUDGE,
    epilog=examples(
        "isadma conform --pins-template my8237.v > my8237.toml",
        "isadma conform my8237.v --pins my8237.toml",
        "isadma conform docs/examples/broken8237.v --pins docs/examples/broken8237.toml --html verdict.html",
        "isadma conform rtl/*.vhd --top HTL8237 --pins map.toml --profile cmos --rule figure-11 --rule clocks",
    ),
)
def conform(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Verilog, SystemVerilog or VHDL sources.")],
    pins: Annotated[Path | None, typer.Option("--pins", metavar="MAP", help="The map of its pins, in TOML.")] = None,
    top: Annotated[str | None, typer.Option(metavar="NAME", help="The core's name.")] = None,
    pins_template: Annotated[
        bool, typer.Option("--pins-template", help="Guess a map from the port names, and print it.")
    ] = False,
    prove: Annotated[bool, typer.Option("--prove", help="Hold it against the pins' rules with a solver.")] = False,
    depth: Annotated[
        int, typer.Option(metavar="N", parser=whole_number, help="Fabric clocks from RESET on, for --prove.")
    ] = 30,
    define: Annotated[list[str] | None, typer.Option("--define", metavar="NAME[=VALUE]", help="A macro.")] = None,
    include: Annotated[list[Path] | None, typer.Option("--include", metavar="DIR", help="Where includes are.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter or generic of the core.")
    ] = None,
    sim: Annotated[str | None, typer.Option(metavar="NAME", help="verilator, icarus, ghdl or nvc.")] = None,
    board: Annotated[str | None, typer.Option(metavar="KIND", help="chip, at or xt; what the map says.")] = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="NAME", help="Judge this rule only.")] = None,
    profile: Annotated[
        str, typer.Option(metavar="NAME", help="nmos, cmos, or core-only: no copies, cascade, compressed timing.")
    ] = "nmos",
    strict: Annotated[bool, typer.Option("--strict", help="A bench ends at its first broken rule.")] = False,
    seed: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Of all randomness.")] = 1,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Simulations at once.")
    ] = 2,
    time: Annotated[
        float, typer.Option(metavar="S", parser=seconds_of, help="Processor seconds that a module of benches may take.")
    ] = 240.0,
    waves: Annotated[bool, typer.Option("--waves", help="Leave waves of every bench.")] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where builds, logs and waves go.")
    ] = Path("build/conform"),
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the verdict as a page, with pictures.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the verdict as JUnit XML.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Judge anybody's 8237A, or PC/AT DMA board, rule by rule of the data sheet."""
    from isadma_cli import conform as command

    if pins_template:
        command.pins_template(files, top=top, include=include or [], define=define or [])
        return
    asked = command.Asked(
        files=files,
        top=top,
        pins=pins,
        define=define or [],
        include=include or [],
        param=param or [],
        sim=sim,
        board=board,
        rule=rule or [],
        profile=profile,
        strict=strict,
        seed=seed,
        jobs=jobs,
        time=time,
        waves=waves,
        output=output,
        html=html,
        junit=junit,
        as_json=json,
    )
    if prove:
        command.prove_rules(asked, depth=depth)
    else:
        command.conform(asked)
