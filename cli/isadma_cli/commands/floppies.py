"""`isadma floppy`: images through the floppy controller and DMA."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.commands.help import examples, help_when_alone
from isadma_cli.options import (
    Board,
    Engine,
    From,
    Json,
    Pio,
    Quiet,
    Taken,
    Trace,
    Until,
    Waves,
    WavesLimit,
    whole_number,
)

__all__ = ["floppy"]

floppy = typer.Typer(
    help="Read and write floppy images through the floppy controller and the DMA controller of a simulated PC.",
    invoke_without_command=True,
)


@floppy.callback()
def _floppy(context: typer.Context) -> None:
    """Take `isadma floppy` alone."""
    help_when_alone(context)


@floppy.command(
    epilog=examples(
        "isadma floppy create disk.img",
        "isadma floppy create dos.img --format 720K readme.txt setup.exe",
        "isadma floppy create dmf.img --format 1.68M --fat12 --force",
    )
)
def create(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The new image; one that exists stays as it is.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Files to put on it, with 8.3 names: FAT12.")
    ] = None,
    form: Annotated[
        str,
        typer.Option("--format", "-f", metavar="F", help="160K to 2.88M, 1.68M (DMF) and 1.72M among them."),
    ] = "1.44M",
    fat12: Annotated[bool, typer.Option("--fat12", help="A FAT12 volume, also without files.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an image that exists.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make an image: empty sectors as FORMAT leaves them, or a FAT12 volume with files."""
    from isadma_cli.floppy_create import create_image

    create_image(image, files or (), form=form, fat12=fat12, force=force, as_json=json)


@floppy.command(
    epilog=examples(
        "isadma floppy read disk.img",
        "isadma floppy read disk.img --lba 0 --sectors 36 -o out.bin --waves t.vcd",
        "isadma floppy read disk.img --waves t.fst --from dreq2 --until irq6 --waves-limit 20M",
        "isadma floppy read disk.img --all -o copy.img --engine reference",
        "isadma floppy read disk.img --lba 19 -o - | hexdump -C",
    )
)
def read(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="Floppy image, by its size: 160K to 2.88M.")],
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
    trace: Trace = None,
    taken: Taken = None,
    pio: Pio = False,
    board: Board = "at",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read sectors by DMA, and print what moved and its SHA-256."""
    from isadma_cli.floppy import read_sectors
    from isadma_cli.trace import traced

    with traced(trace, others=(image, output, waves)):
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
            as_json=json,
        )


@floppy.command(
    epilog=examples(
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
    trace: Trace = None,
    taken: Taken = None,
    pio: Pio = False,
    board: Board = "at",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write sectors by DMA, and print what moved and its SHA-256."""
    from isadma_cli.floppy import write_sectors
    from isadma_cli.trace import traced

    with traced(trace, others=(image, source, waves)):
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
            as_json=json,
        )
