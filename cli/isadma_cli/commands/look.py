"""The commands that look: lab, waves, timeline, and at captures of real machines check and decode."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import LOOK, examples
from isadma_cli.errors import UsageError
from isadma_cli.options import Quiet, whole_number

__all__ = ["look"]

look = typer.Typer()

_Capture = Annotated[Path, typer.Argument(metavar="CAPTURE", help="A .sr (sigrok), .vcd, .csv or .csv.gz file.")]
_Pins = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Pin map (TOML): which probe is on which line; else by the probes' names."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@look.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "isadma check refresh.sr",
        "isadma check slot.csv.gz --pins slot.toml --html slot.html",
        "isadma check chip.vcd --board chip --until 100000 --json",
    ),
)
def check(
    capture: _Capture,
    pins: _Pins = None,
    board: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What was captured: xt, at or chip.  \\[default: the pin map's, or xt]"),
    ] = None,
    until: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="Look at that many clocks.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="NAME", help="native or amaranth.  \\[default: what runs here]")
    ] = None,
    refresh: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole_number, help="Refresh requests every N clocks; else as captured."),
    ] = None,
    json: _Json = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page, with a picture.")] = None,
    quiet: Quiet = False,
) -> None:
    """Hold a capture of a real machine against the RTL, clock by clock."""
    from isadma_cli.captures.check import check_capture

    check_capture(capture, pins=pins, board=board, until=until, engine=engine, refresh=refresh, as_json=json, html=html)


@look.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "isadma decode slot.sr",
        "isadma decode slot.csv.gz --pins slot.toml --only read,write,tc",
        "isadma decode chip.vcd --format csv > chip-events.csv",
    ),
)
def decode(
    capture: _Capture,
    pins: _Pins = None,
    until: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="Look at that many clocks.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="text, csv or json.")] = "text",
    only: Annotated[
        str | None, typer.Option(metavar="KINDS", help="Print these events only, such as read,write,tc,broken.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where a rule of the bus is broken.")] = False,
) -> None:
    """Say what a capture shows: requests, grants, transfers, refreshes, terminal counts, and rules broken."""
    from isadma_cli.captures.decode import decode_capture

    decode_capture(capture, pins=pins, until=until, form=format_, kinds=only, strict=strict)


@look.command(
    rich_help_panel=LOOK,
    epilog=examples("isadma lab -o lab.html", "isadma lab --serve", "isadma lab --serve --port 8000"),
)
def lab(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the page; - is standard output."),
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Serve it to this machine's browser, until Ctrl-C.")] = False,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole_number, help="Serve at this port; 0: any.  \\[default: 8237]"),
    ] = None,
    minutes: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Serve so long at most.")] = 480,
    quiet: Quiet = False,
) -> None:
    """Make a page with the chip and the AT board in it: step them, pull at their pins, watch their waveform."""
    from isadma_cli.lab import make_lab

    make_lab(output=output, serve=serve, port=port, minutes=minutes)


@look.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "isadma waves --list",
        "isadma waves sector rotating-priority -o waves",
        "isadma waves --of mine.vcd --at dack3",
    ),
)
def waves(
    scenes: Annotated[
        list[str] | None, typer.Argument(metavar="SCENE", help="What to show; all scenes without one.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where the files go.  \\[default: build/waves]"),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="NAME", help="fst or vcd.")] = "fst",
    engine: Annotated[str | None, typer.Option("--engine", "-e", metavar="NAME", help="What runs the machine.")] = None,
    of: Annotated[
        Path | None,
        typer.Option("--of", metavar="FILE", help="No scene: draw this .vcd of yours, beside it."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="EVENT", help="With --of: around dreqN, dackN, tc or hrq.  \\[default: the first DACK#]"),
    ] = None,
    clocks: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="With --of: so many clocks.  \\[default: 32]")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Record each scene too, as SCENE.trace, for `isadma timeline`.")
    ] = False,
    list_all: Annotated[bool, typer.Option("--list", help="Say what each scene shows, and leave.")] = False,
    json: _Json = False,
    quiet: Quiet = False,
) -> None:
    """Play scenes on the RTL, each with waveforms, save files for GTKWave and Surfer, WaveDrom and a picture.

    With --of it makes such a picture of a dump of your own (--waves, pc.waves).
    """
    from isadma_cli import waves as command

    if list_all:
        command.list_scenes(json)
    elif of is not None:
        if scenes or output is not None or engine is not None:
            raise UsageError(f"--of '{of}' draws that file, beside it: no scene, no -o and no --engine goes with it")
        command.draw_dump(of, at=at, clocks=32 if clocks is None else clocks, as_json=json)
    elif at is not None or clocks is not None:
        raise UsageError("--at and --clocks are for a dump of yours: name it with --of FILE.vcd")
    else:
        command.waves(
            scenes or [], folder=output or Path("build/waves"), form=form, engine=engine, trace=trace, as_json=json
        )


@look.command(
    rich_help_panel=LOOK,
    epilog=examples(
        "isadma timeline run.trace -o run.html",
        "isadma timeline run.trace --perfetto run.pftrace",
        "isadma timeline run.trace --json",
    ),
)
def timeline(
    trace: Annotated[Path, typer.Argument(metavar="FILE", help="What --trace of another command recorded.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PAGE", help="Write a page to look at it; - is standard output."),
    ] = None,
    perfetto: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write it in Perfetto's format, for ui.perfetto.dev; - is standard output."),
    ] = None,
    json: _Json = False,
) -> None:
    """Show who had the bus when in a recorded run, and how long requests waited for their DACK#."""
    from isadma_cli.timeline import show_timeline

    show_timeline(trace, output=output, perfetto=perfetto, as_json=json)
