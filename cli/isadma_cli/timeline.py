"""`isadma timeline`: what a recorded run says, as tables, a page, or Perfetto's trace."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError
from isadma_cli.files import STDOUT, check_output, reason, same_file, size_of, write_atomically
from isadma_cli.report import console
from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.events import Timeline
from isadma_sim.timeline.files import TraceFileError, read_trace
from isadma_sim.timeline.page import timeline_page
from isadma_sim.timeline.perfetto import MissingPerfettoError, perfetto_trace
from isadma_sim.timeline.summary import latencies, shares, transfers_by_channel

__all__ = ["show_timeline"]


def show_timeline(
    trace: Path, *, output: Path | None = None, perfetto: Path | None = None, as_json: bool = False
) -> None:
    """Carry out ``isadma timeline``; see its help.

    Parameters
    ----------
    trace
        What was recorded.
    output
        Where its page goes; ``-`` is standard output.
    perfetto
        Where its trace in Perfetto's format goes, likewise.
    as_json
        Print the figures as JSON.

    Raises
    ------
    UsageError
        There is no such file, or it is no trace.
    CommandError
        A file cannot be read or written.
    """
    if output is not None and perfetto is not None and same_file(output, perfetto):
        raise UsageError(f"-o '{output}' and --perfetto '{perfetto}' are one file; name another")
    for written, option in ((output, "-o"), (perfetto, "--perfetto")):
        if written is not None and written != STDOUT:
            check_output(written, option, inputs=(trace,))
    line = _read(trace)
    if output is not None:
        _write(timeline_page(line, trace.name).encode(), output, "open it in a browser, it needs nothing else")
    if perfetto is not None:
        _write(_perfetto(line), perfetto, "open it at ui.perfetto.dev")
    if STDOUT in (output, perfetto):
        return
    figures = summary(line)
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        _print(trace, line, figures)


def _perfetto(line: Timeline) -> bytes:
    try:
        return b"".join(perfetto_trace(line))
    except MissingPerfettoError as error:
        raise CommandError(str(error)) from None


def _write(data: bytes, output: Path, how: str) -> None:
    if output == STDOUT:
        sys.stdout.buffer.write(data)
        return
    write_atomically(output, data)
    print(f"{output}: {len(data):,} bytes; {how}", file=sys.stderr)


def _read(trace: Path) -> Timeline:
    size_of(trace)
    try:
        return decode(read_trace(trace))
    except TraceFileError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise CommandError(f"cannot read '{trace}': {reason(error)}; check its permissions") from None


def summary(line: Timeline) -> dict[str, Any]:
    """Return a timeline's figures in JSON's values; times are clocks."""
    moved = transfers_by_channel(line)
    return {
        "board": line.board,
        "engine": line.engine,
        "clock_hz": line.clock_hz,
        "begin": line.begin,
        "end": line.end,
        "bus": shares(line),
        "channels": {
            "none" if channel is None else str(channel): {"transfers": n, "bytes": size, "terminal_counts": ends}
            for channel, (n, size, ends) in moved.items()
        },
        "dreq_to_dack": {
            str(each.channel): {
                "waits": len(each.waits),
                "min": each.shortest,
                "median": each.median,
                "p99": each.most,
                "max": each.longest,
            }
            for each in latencies(line)
        },
        "port_accesses": len(line.accesses),
        "refreshes": sum(1 for transfer in line.transfers if transfer.kind == "refresh"),
        "interrupts": sum(1 for level in line.levels if level.what == "service"),
    }


def _print(trace: Path, line: Timeline, figures: dict[str, Any]) -> None:
    clocks = line.end - line.begin
    screen = console()
    screen.print(
        f"{trace}: {clocks:,} clocks ({clocks / line.clock_hz:.6g} s) of a PC/{line.board.upper()}, "
        f"engine {line.engine}; {figures['port_accesses']:,} port accesses, {figures['refreshes']:,} refreshes, "
        f"{figures['interrupts']:,} interrupts served",
        markup=False,
        soft_wrap=True,
    )
    table = Table("bus", "clocks", "share", box=SIMPLE_HEAD, pad_edge=False)
    for owner, held in figures["bus"].items():
        table.add_row(owner, f"{held:,}", f"{100 * held / clocks:.2f} %" if clocks else "-")
    _right(table)
    screen.print(table)
    table = Table("channel", "moves", "bytes", "TC", "min", "median", "99 %", "max", box=SIMPLE_HEAD, pad_edge=False)
    for channel in sorted({*figures["channels"], *figures["dreq_to_dack"]}):
        moved = figures["channels"].get(channel, {"transfers": 0, "bytes": 0, "terminal_counts": 0})
        waits = figures["dreq_to_dack"].get(channel)
        cells = [f"{waits[name]:,}" for name in ("min", "median", "p99", "max")] if waits else ["-"] * 4
        table.add_row(channel, *(f"{value:,}" for value in moved.values()), *cells)
    _right(table)
    screen.print(table)
    screen.print("min to max: clocks from DREQ to DACK#", soft_wrap=True)


def _right(table: Table) -> None:
    for column in table.columns[1:]:
        column.justify = "right"
