"""Options that several commands have, with their help."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from isadma_cli.progress import listen_to_quiet
from isadma_sim import ENGINES

__all__ = [
    "Board",
    "Engine",
    "From",
    "Json",
    "Pio",
    "Quiet",
    "Taken",
    "Trace",
    "Until",
    "Waves",
    "WavesLimit",
    "count_of",
    "seconds_of",
    "whole_number",
]


def whole_number(word: str | int) -> int:
    """Take a whole number as people write sector numbers: decimal, or hexadecimal after 0x."""
    text = str(word)  # Typer hands the default through here too
    try:
        return int(text, 16) if text.lower().startswith("0x") else int(text, 10)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no whole number; write 36 or 0x24") from None


def count_of(word: str | int) -> int:
    """Take a whole number that may end in k, M or G: 20M is 20,000,000."""
    text = str(word)
    scale = {"k": 1_000, "m": 1_000_000, "g": 1_000_000_000}.get(text[-1:].lower(), 0)
    try:
        return int(text[:-1], 10) * scale if scale else int(text, 10)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no number; write 500k, 20M or 1G") from None


def seconds_of(word: str | float) -> float:
    """Take a time in seconds: more than 0, and an end to it."""
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise typer.BadParameter(f"'{word}' is no time; write seconds, more than 0, as 90 or 2.5")
    return number


Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        "-e",
        metavar="NAME",
        help=f"What runs the board: {', '.join(sorted(ENGINES))}.  \\[default: native, amaranth without a compiler]",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="No progress, no remarks: results and errors only.",
        callback=listen_to_quiet,
        expose_value=False,
    ),
]
Board = Annotated[
    str, typer.Option("--board", "-b", metavar="NAME", help="at, or xt: one controller, four-bit pages, 1 MiB.")
]
Waves = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Dump waveforms, .vcd or .fst (a .gtkw beside it) or .sr by the ending."),
]
Trace = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Record who has the bus when, for `isadma timeline`."),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help="Waveforms begin here: a clock, or dreq2, dack2, irq6, tc, hrq."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="WHEN", help="Waveforms end here: a clock, or an event after --from.")
]
WavesLimit = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Waveforms end before the file is larger: 500K, 20M.  \\[default: 512M]"),
]
Taken = Annotated[
    str | None,
    typer.Option(metavar="N=NAME", help="Let another driver own DMA channel N first, to see what happens then."),
]
Pio = Annotated[bool, typer.Option("--pio", help="Move the bytes through the processor's ports, without DMA.")]
