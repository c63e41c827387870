"""The command tree of `isadma`: names, options and help; each command's work is in its own module, loaded when run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.errors import ExitStatus
from isadma_cli.options import Board, Engine, From, Pio, Taken, Until, Waves, WavesLimit, whole_number

__all__ = ["app"]


def _examples(*lines: str) -> str:
    """Lay out examples for the foot of a help page: Rich folds lines that no blank line parts."""
    return "\n\n".join(["Examples:", *lines, "Exit status: 0 success, 1 failure, 2 wrong usage."])


app = typer.Typer(
    name="isadma",
    help="A PC's ISA DMA, whole: an 8237A in Amaranth, the PC/AT around it, and the driver that owns its channels.",
    epilog=_examples("isadma demo", "isadma floppy read disk.img --lba 0 --sectors 36 -o out.bin --waves t.vcd"),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
floppy = typer.Typer(
    help="Read and write floppy images through the floppy controller and the DMA controller of a simulated PC.",
    invoke_without_command=True,
)
app.add_typer(floppy, name="floppy")
board = typer.Typer(help="Try an FPGA board at a serial port, or a simulated one.", invoke_without_command=True)
app.add_typer(board, name="board")


def _help_when_alone(context: typer.Context) -> None:
    """Show the help of a group that was named without a command: nothing was done, so the status says usage."""
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(ExitStatus.USAGE)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"isadma {version('isadma')}")
        raise typer.Exit(ExitStatus.OK)


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before any command."""
    _help_when_alone(context)


@floppy.callback()
def _floppy(context: typer.Context) -> None:
    """Take `isadma floppy` alone."""
    _help_when_alone(context)


@board.callback()
def _board(context: typer.Context) -> None:
    """Take `isadma board` alone."""
    _help_when_alone(context)


@floppy.command(
    epilog=_examples(
        "isadma floppy read disk.img",
        "isadma floppy read disk.img --lba 0 --sectors 36 -o out.bin --waves t.vcd",
        "isadma floppy read disk.img --waves t.fst --from dreq2 --until irq6 --waves-limit 20M",
        "isadma floppy read disk.img --all -o copy.img --engine reference",
        "isadma floppy read disk.img --lba 19 -o - | hexdump -C",
    )
)
def read(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="Floppy image: 360K, 720K, 1.2M, 1.44M or 2.88M.")],
    lba: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="First sector, from 0.  \\[default: 0]")
    ] = None,
    sectors: Annotated[
        int | None, typer.Option(metavar="N", parser=whole_number, help="How many sectors.  \\[default: 1]")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every sector; in place of --lba and --sectors.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Where the bytes go; - is standard output.")
    ] = None,
    engine: Engine = None,
    waves: Waves = None,
    begin: From = None,
    until: Until = None,
    waves_limit: WavesLimit = None,
    taken: Taken = None,
    pio: Pio = False,
    board: Board = "at",
) -> None:
    """Read sectors by DMA, and print what moved and its SHA-256."""
    from isadma_cli.floppy import read_sectors

    read_sectors(
        image,
        lba=lba,
        sectors=sectors,
        everything=everything,
        output=output,
        engine=engine,
        waves=waves,
        begin=begin,
        until=until,
        limit=waves_limit,
        taken=taken,
        pio=pio,
        board=board,
    )


@floppy.command(
    epilog=_examples(
        "isadma floppy write disk.img --lba 0 boot.bin",
        "isadma floppy write disk.img --lba 2879 last.bin --engine reference",
    )
)
def write(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="Floppy image; only the named sectors change.")],
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="What to write: whole sectors of 512 bytes.")],
    lba: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="First sector, from 0.")],
    engine: Engine = None,
    waves: Waves = None,
    begin: From = None,
    until: Until = None,
    waves_limit: WavesLimit = None,
    taken: Taken = None,
    pio: Pio = False,
    board: Board = "at",
) -> None:
    """Write sectors by DMA, and print what moved and its SHA-256."""
    from isadma_cli.floppy import write_sectors

    write_sectors(
        image,
        source,
        lba=lba,
        engine=engine,
        waves=waves,
        begin=begin,
        until=until,
        limit=waves_limit,
        taken=taken,
        pio=pio,
        board=board,
    )


@app.command(
    epilog=_examples("isadma demo", "isadma demo --engine reference --waves transfer.fst", "isadma demo --json")
)
def demo(
    engine: Engine = None,
    waves: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the waveforms go: a .vcd or .fst file, or a folder.")
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


@app.command(
    epilog=_examples(
        "isadma tour", "isadma tour --html tour.html", "isadma tour rates clocks --figures plots", "isadma tour --json"
    )
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


@app.command(
    epilog=_examples(
        "isadma proc", "isadma proc floppy sound=1 scsi=word", "isadma proc floppy sound=2", "isadma proc --json"
    )
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


@app.command(
    epilog=_examples("isadma synth", "isadma synth --core at --device ecp5-25k --seeds 5", "isadma synth --json")
)
def synth(
    core: Annotated[
        str, typer.Option("--core", "-c", metavar="NAME", help="i8237 (the chip), at or xt (a board's DMA subsystem).")
    ] = "i8237",
    device: Annotated[
        str, typer.Option("--device", "-d", metavar="NAME", help="The FPGA: hx1k, hx8k, up5k or ecp5-25k.")
    ] = "hx8k",
    seeds: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Placements to take the median of.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure a bare core's size and speed on an FPGA with Yosys and nextpnr, from PyPI or installed."""
    from isadma_cli.synth import synthesize

    synthesize(core=core, device=device, seeds=seeds, as_json=json)


@app.command(
    epilog=_examples(
        "isadma verilog --core at -o isadma_at.v",
        "isadma verilog --core i8237 --variant cmos -o isadma_i8237.v",
        "isadma verilog --core wishbone -o - | less",
    )
)
def verilog(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where it goes; - is standard output.")
    ],
    core: Annotated[
        str, typer.Option("--core", "-c", metavar="NAME", help="i8237, at, xt, wishbone or socket.")
    ] = "i8237",
    variant: Annotated[str, typer.Option(metavar="NAME", help="nmos (8237A) or cmos (82C37A).")] = "nmos",
) -> None:
    """Write a core as one Verilog file: the same text every time, clean in `verilator -Wall`."""
    from isadma_cli.verilog import write_verilog

    write_verilog(core=core, variant=variant, output=output)


Folder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for bitstreams.")]


@app.command(
    epilog=_examples("isadma build icebreaker", "isadma build icestick --seeds 8", "isadma build ulx3s --json")
)
def build(
    name: Annotated[
        str, typer.Argument(metavar="BOARD", help="icestick, icebreaker, hx8k-breakout, ulx3s or tang-nano-9k.")
    ],
    output: Folder = Path("build/boards"),
    seeds: Annotated[
        int, typer.Option(metavar="N", parser=whole_number, help="Placements to choose the fastest of.")
    ] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Make an FPGA board's bitstream with Yosys and nextpnr, from PyPI or installed; fails if it misses its clock."""
    from isadma_cli.build import build_board

    build_board(name, output=output, seeds=seeds, as_json=json)


@app.command(epilog=_examples("isadma program icebreaker", "isadma program ulx3s --bitstream mine.bit"))
def program(
    name: Annotated[str, typer.Argument(metavar="BOARD", help="As for `isadma build`.")],
    bitstream: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What to load.  \\[default: what `isadma build` made]")
    ] = None,
    output: Folder = Path("build/boards"),
) -> None:
    """Load a bitstream into the attached board through openFPGALoader."""
    from isadma_cli.build import program_board

    program_board(name, bitstream=bitstream, output=output)


@board.command(name="test", epilog=_examples("isadma board test /dev/ttyUSB1", "isadma board test /dev/ttyUSB1 --json"))
def board_test(
    port: Annotated[str, typer.Argument(metavar="PORT", help="The board's serial port.")],
    baud: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Its speed.")] = 1_000_000,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Try the attached board: registers, every channel, memory, throughput."""
    from isadma_cli.board import test_board

    test_board(port, baud=baud, as_json=json)


@board.command(epilog=_examples("isadma board simulate", "isadma board simulate --netlist"))
def simulate(
    netlist: Annotated[bool, typer.Option("--netlist", help="As synthesized for an iCE40, cell by cell.")] = False,
) -> None:
    """Simulate a board behind a pseudo-terminal, and print its name; any program may open it as a serial port."""
    from isadma_cli.board import simulate_board

    simulate_board(as_netlist=netlist)


@app.command(epilog=_examples("isadma bench", "isadma bench native reference", "isadma bench --json"))
def bench(
    engines: Annotated[
        list[str] | None, typer.Argument(metavar="ENGINE", help="Which engines.  \\[default: all of them]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")] = False,
) -> None:
    """Time the engines side by side: clocks, transfers and port accesses a second, memory, and cost per byte."""
    from isadma_cli.bench import bench as run

    run(engines or [], as_json=json)


@app.command(epilog=_examples("isadma prove", "isadma prove handshake rotation-state", "isadma prove one-dack --json"))
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
