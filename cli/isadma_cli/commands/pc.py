"""The simulated PC: demo, tour, proc, bench, prove."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import JUDGE, LOOK, MACHINE, examples
from isadma_cli.options import Board, Engine, From, Until, WavesLimit, whole_number

__all__ = ["pc"]

pc = typer.Typer()


@pc.command(
    rich_help_panel=MACHINE,
    epilog=examples("isadma demo", "isadma demo --engine reference --waves transfer.fst", "isadma demo --json"),
)
def demo(
    engine: Engine = None,
    waves: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the waveforms go: a .vcd, .fst or .sr file, or a folder.")
    ] = Path("build/demo.fst"),
    begin: From = None,
    until: Until = None,
    waves_limit: WavesLimit = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON instead of tables.")] = False,
    board: Board = "at",
) -> None:
    """Boot a PC around a floppy with a known file on it, read the file by DMA, and compare digests."""
    from isadma_cli.demo import run_demo

    run_demo(engine=engine, waves=waves, as_json=json, board=board, begin=begin, until=until, limit=waves_limit)


@pc.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "isadma tour", "isadma tour --html tour.html", "isadma tour rates clocks --figures plots", "isadma tour --json"
    ),
)
def tour(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="CLAIM", help="Which claims, such as rates.  \\[default: all]")
    ] = None,
    engine: Engine = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page that stands alone.")] = None,
    figures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the figures, each as .svg and as .png.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print claims, figures and verdicts as JSON.")] = False,
) -> None:
    """Try every sentence of the chapter on DMA on the hardware, and show what was measured."""
    from isadma_cli.tour.run import run_tour

    run_tour(claims or [], engine=engine, html=html, figures=figures, as_json=json)


@pc.command(
    rich_help_panel=MACHINE,
    epilog=examples(
        "isadma proc", "isadma proc floppy sound=1 scsi=word", "isadma proc floppy sound=2", "isadma proc --json"
    ),
)
def proc(
    drivers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DRIVER",
            help="floppy (its driver), NAME=CHANNEL (set by jumper), NAME=byte or NAME=word (picks a free one).",
            show_default="floppy",
        ),
    ] = None,
    engine: Engine = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the files' text.")] = False,
    board: Board = "at",
) -> None:
    """Load drivers, and print who owns which DMA channel and which memory, as /proc would."""
    from isadma_cli.proc import run_proc

    run_proc(drivers or ["floppy"], engine=engine, as_json=json, board=board)


@pc.command(
    rich_help_panel=MACHINE, epilog=examples("isadma bench", "isadma bench native reference", "isadma bench --json")
)
def bench(
    engines: Annotated[
        list[str] | None, typer.Argument(metavar="ENGINE", help="Which engines.  \\[default: all of them]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")] = False,
) -> None:
    """Time the engines side by side: clocks, transfers and port accesses a second, memory, and cost per byte."""
    from isadma_cli.bench import bench as run

    run(engines or [], as_json=json)


@pc.command(
    rich_help_panel=JUDGE,
    epilog=examples("isadma prove", "isadma prove handshake rotation-state", "isadma prove one-dack --json"),
)
def prove(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Properties, such as one-dack; all of them unless named."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", metavar="N", parser=whole_number, help="Proofs at a time.")] = 2,
    timeout: Annotated[
        int, typer.Option(metavar="SECONDS", parser=whole_number, help="For each proof, and again for its covers.")
    ] = 600,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the table.")] = False,
) -> None:
    """Prove the chip's promises by induction with sby and Boolector, and reach every cover."""
    from isadma_cli.prove import prove_properties

    prove_properties(names or [], jobs=jobs, timeout=timeout, as_json=json)
