"""The simulated PC: demo, boot, tour, proc, bench, prove."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import JUDGE, LOOK, MACHINE, examples
from isadma_cli.options import Board, Engine, From, Quiet, Trace, Until, Waves, WavesLimit, whole_number

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
    trace: Trace = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON instead of tables.")] = False,
    board: Board = "at",
    quiet: Quiet = False,
) -> None:
    """Boot a PC around a floppy with a known file on it, read the file by DMA, and compare digests."""
    from isadma_cli.demo import run_demo
    from isadma_cli.trace import traced

    with traced(trace, others=(waves,)):
        run_demo(engine=engine, waves=waves, as_json=json, board=board, begin=begin, until=until, limit=waves_limit)


@pc.command(
    rich_help_panel=MACHINE,
    epilog=examples(
        "isadma boot --demo",
        "isadma boot disk.img --until 'A:\\>' --screen screen.png",
        "isadma boot disk.img --keys '{WAIT 2}dir{ENTER}' --until 10",
        "isadma boot disk.img --bios bios.bin --board xt --json",
    ),
)
def boot(
    image: Annotated[Path | None, typer.Argument(metavar="IMAGE", help="A floppy that boots.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Boot a floppy of our own, whose program measures.")] = False,
    bios: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The BIOS, or builtin.  \\[default: Debian's SeaBIOS on an AT that has it, else builtin]",
        ),
    ] = None,
    board: Board = "at",
    engine: Engine = None,
    display: Annotated[str, typer.Option(metavar="NAME", help="The display's adapter: cga or mda.")] = "cga",
    keys: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Type this, as soon as the keyboard is listened to: {F1}, {CTRL+C}, {WAIT 2}."
        ),
    ] = None,
    screen: Annotated[
        str, typer.Option(metavar="text|none|FILE.png", help="Where the screen goes at the end.")
    ] = "text",
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT|SECONDS",
            help="Run until this text is shown or printed, or for so many seconds of the machine.",
            show_default="HLT with interrupts off, 60 s at most; a text: 120 s",
        ),
    ] = None,
    floppy_speed: Annotated[
        str, typer.Option(metavar="real|full", help="The drive's own speed, or data as fast as the bus takes them.")
    ] = "real",
    protect: Annotated[bool, typer.Option("--protect", help="The disk is write-protected.")] = False,
    serial: Annotated[bool, typer.Option("--serial", help="Put COM1 on a pseudo-terminal, and say which.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show who has the bus, the channels and the ports (a terminal: Ctrl-T).")
    ] = False,
    waves: Waves = None,
    waves_limit: WavesLimit = None,
    trace: Trace = None,
    json: Annotated[bool, typer.Option("--json", help="Print the end as JSON.")] = False,
) -> None:
    """Boot a PC from a floppy image: a real BIOS on an emulated processor, everything else on this machine.

    In a terminal its screen and keyboard are yours; Ctrl-] ends it.
    """
    from isadma_cli.boot.run import Wishes, run_boot

    run_boot(
        Wishes(
            image=image,
            demo=demo,
            bios=bios,
            board=board,
            engine=engine,
            display=display,
            keys=keys,
            screen=screen,
            until=until,
            floppy_speed=floppy_speed,
            protect=protect,
            serial=serial,
            watch=watch,
            waves=waves,
            waves_limit=waves_limit,
            trace=trace,
            as_json=json,
        )
    )


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
    trace: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Record each machine of each claim, for `isadma timeline`.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print claims, figures and verdicts as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Try every sentence of the chapter on DMA on the hardware, and show what was measured."""
    from isadma_cli.tour.run import run_tour

    run_tour(claims or [], engine=engine, html=html, figures=figures, trace=trace, as_json=json)


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
    trace: Trace = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the files' text.")] = False,
    board: Board = "at",
) -> None:
    """Load drivers, and print who owns which DMA channel and which memory, as /proc would."""
    from isadma_cli.proc import run_proc
    from isadma_cli.trace import traced

    with traced(trace):
        run_proc(drivers or ["floppy"], engine=engine, as_json=json, board=board)


@pc.command(
    rich_help_panel=MACHINE,
    epilog=examples("isadma bench", "isadma bench native reference", "isadma bench --vs verilator"),
)
def bench(
    engines: Annotated[
        list[str] | None, typer.Argument(metavar="ENGINE", help="Which engines.  \\[default: all of them]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")] = False,
    vs: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="Instead: native against verilator, fuzz against lockstep."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Time the engines side by side: clocks, transfers and port accesses a second, memory, and cost per byte."""
    if vs is not None:
        from isadma_cli.errors import UsageError
        from isadma_cli.versus import versus

        if engines:
            raise UsageError(f"--vs {vs} times no engines by name: leave out {', '.join(engines)}")
        if vs == "lockstep":
            from isadma_cli.lockstep import beside_lockstep

            beside_lockstep(as_json=json)
            return
        versus(vs, as_json=json)
        return
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
    quiet: Quiet = False,
) -> None:
    """Prove the chip's promises by induction with sby and Boolector, and reach every cover."""
    from isadma_cli.prove import prove_properties

    prove_properties(names or [], jobs=jobs, timeout=timeout, as_json=json)
