"""The hardware: synth, verilog, build, program, and `isadma board`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import FPGA, examples, help_when_alone
from isadma_cli.options import Quiet, whole_number

__all__ = ["board", "fpga"]

fpga = typer.Typer()
board = typer.Typer(help="Try an FPGA board at a serial port, or a simulated one.", invoke_without_command=True)


@board.callback()
def _board(context: typer.Context) -> None:
    """Take `isadma board` alone."""
    help_when_alone(context)


@fpga.command(
    rich_help_panel=FPGA,
    epilog=examples(
        "isadma synth",
        "isadma synth --core at --device ecp5-25k --seeds 5",
        "isadma synth --json",
        "isadma synth --history --seeds 5",
        "isadma synth --device asic --liberty osu035_stdcells.lib",
    ),
)
def synth(
    core: Annotated[
        str | None,
        typer.Option(
            "--core",
            "-c",
            metavar="NAME",
            help="i8237 (the chip), at or xt (a board's DMA subsystem), hold-xt (the XT's arbiter)."
            "  \\[default: i8237]",
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            "-d",
            metavar="NAME",
            help="The FPGA: hx1k, hx8k, up5k or ecp5-25k; not placed: xilinx7, gowin, nexus, asic (gate equivalents)."
            "  \\[default: hx8k]",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Placements to take the median of.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    history: Annotated[
        bool,
        typer.Option(
            "--history",
            help="Write the figures, with the commit, behind those of the file. Without core and device: chip and AT"
            " on each FPGA.",
        ),
    ] = False,
    history_file: Annotated[Path, typer.Option(metavar="FILE", help="That file.")] = Path("docs/figures.json"),
    liberty: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Standard cells for the device asic.  \\[default: the usual sizes]"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Measure a bare core's size and speed on an FPGA with Yosys and nextpnr, from PyPI or installed."""
    from isadma_cli.synth import synthesize

    synthesize(
        core=core,
        device=device,
        seeds=seeds,
        as_json=json,
        history=history_file if history else None,
        liberty=liberty,
    )


@fpga.command(
    rich_help_panel=FPGA,
    epilog=examples(
        "isadma verilog --core at -o isadma_at.v",
        "isadma verilog --core i8237 --variant cmos -o isadma_i8237_cmos.v",
        "isadma verilog --core at --set high_pages=1 --set wait_states=0 --name eisa_dma -o eisa_dma.v",
        "isadma verilog --core at -o isadma_at.v --vhdl isadma_at_pkg.vhd",
        "isadma verilog --core wishbone -o - | less",
    ),
)
def verilog(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where it goes; - is standard output.")
    ],
    core: Annotated[
        str, typer.Option("--core", "-c", metavar="NAME", help="i8237, at, xt, wishbone or socket.")
    ] = "i8237",
    variant: Annotated[
        str | None, typer.Option(metavar="NAME", help="nmos (8237A) or cmos (82C37A).  \\[default: nmos]")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="A parameter of the core, as its header lists them; repeat it."
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The module's name.  \\[default: the core and what is set]")
    ] = None,
    vhdl: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a VHDL package with the component declaration.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a core as one Verilog file: the same text every time, clean in `verilator -Wall`."""
    from isadma_cli.verilog import write_verilog

    write_verilog(core=core, variant=variant, settings=settings or [], name=name, output=output, vhdl=vhdl)


@fpga.command(
    rich_help_panel=FPGA,
    epilog=examples(
        "isadma embed -o isadma_at", "isadma embed -o isadma_xt --board xt", "isadma embed -o at --refresh"
    ),
)
def embed(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for it.")],
    board: Annotated[str, typer.Option("--board", "-b", metavar="NAME", help="at or xt.")] = "at",
    refresh: Annotated[bool, typer.Option("--refresh", help="Build the AT with its memory refresh.")] = False,
    wait_states: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole_number, help="Wait states of a transfer, 0 to 7.  \\[default: 1]"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a board as a C library: one header, the RTL as C++, CMake and Meson files; no Python at run time."""
    from isadma_cli.embed import embed_board

    embed_board(output, board=board, refresh=refresh, wait_states=wait_states)


Folder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for bitstreams.")]


@fpga.command(
    rich_help_panel=FPGA,
    epilog=examples(
        "isadma build icebreaker",
        "isadma build icestick --seeds 8",
        "isadma build ulx3s --json",
        "isadma build ulx3s --mhz 75 --wait-states 0 --seeds 3",
    ),
)
def build(
    name: Annotated[
        str,
        typer.Argument(
            metavar="BOARD",
            help="icestick, icebreaker, hx8k-breakout, ulx3s or tang-nano-9k; socket-hx8k or socket-ulx3s.",
        ),
    ],
    output: Folder = Path("build/boards"),
    seeds: Annotated[
        int, typer.Option(metavar="N", parser=whole_number, help="Placements to choose the fastest of.")
    ] = 1,
    mhz: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=whole_number, help="Its clock, from a PLL (ECP5).  \\[default: the oscillator's]"
        ),
    ] = None,
    wait_states: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole_number, help="Wait states of a transfer, 0 or 1.  \\[default: 1]"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make an FPGA board's bitstream with Yosys and nextpnr, from PyPI or installed; fails if it misses its clock."""
    from isadma_cli.build import build_board

    build_board(name, output=output, seeds=seeds, as_json=json, mhz=mhz, wait_states=wait_states)


@fpga.command(
    rich_help_panel=FPGA, epilog=examples("isadma program icebreaker", "isadma program ulx3s --bitstream mine.bit")
)
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


@board.command(name="test", epilog=examples("isadma board test /dev/ttyUSB1", "isadma board test /dev/ttyUSB1 --json"))
def board_test(
    port: Annotated[str, typer.Argument(metavar="PORT", help="The board's serial port.")],
    baud: Annotated[int, typer.Option(metavar="N", parser=whole_number, help="Its speed.")] = 1_000_000,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Try the attached board: registers, every channel, memory, throughput."""
    from isadma_cli.board import test_board

    test_board(port, baud=baud, as_json=json)


@board.command(epilog=examples("isadma board simulate", "isadma board simulate --netlist"))
def simulate(
    netlist: Annotated[bool, typer.Option("--netlist", help="As synthesized for an iCE40, cell by cell.")] = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a board behind a pseudo-terminal, and print its name; any program may open it as a serial port."""
    from isadma_cli.board import simulate_board

    simulate_board(as_netlist=netlist)
