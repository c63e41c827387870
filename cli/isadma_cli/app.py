"""The command tree of `isadma`."""

from __future__ import annotations

from typing import Annotated

import typer

from isadma_cli.commands.floppies import floppy
from isadma_cli.commands.fpga import board, fpga
from isadma_cli.commands.help import FPGA, JUDGE, MACHINE, examples, flags_without_type, help_when_alone
from isadma_cli.commands.judge import judge
from isadma_cli.commands.look import look
from isadma_cli.commands.pc import pc
from isadma_cli.commands.vectors import vectors
from isadma_cli.errors import ExitStatus
from isadma_cli.progress import listen_to_quiet

__all__ = ["app"]

flags_without_type()

app = typer.Typer(
    name="isadma",
    help="A PC's ISA DMA, whole: an 8237A in Amaranth, the PC/AT around it, and the driver that owns its channels.",
    epilog=examples("isadma demo", "isadma floppy read disk.img --lba 0 --sectors 36 -o out.bin --waves t.vcd"),
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(pc)
app.add_typer(floppy, name="floppy", rich_help_panel=MACHINE)
app.add_typer(look)
app.add_typer(judge)
app.add_typer(vectors, name="vectors", rich_help_panel=JUDGE)
app.add_typer(fpga)
app.add_typer(board, name="board", rich_help_panel=FPGA)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"isadma {version('isadma')}")
        raise typer.Exit(ExitStatus.OK)


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before any command."""
    listen_to_quiet(False)
    help_when_alone(context)
