"""What `isadma build` prints: how a bitstream came out, and what the board moves on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.report import console

if TYPE_CHECKING:
    from isadma_boards.bitstreams import BuildReport

__all__ = ["print_report"]


def print_report(report: BuildReport) -> None:
    """Print size, speed and throughput as tables, the slowest path and 40 Mbyte/s as sentences."""
    where = console()
    where.print(_size(report))
    print(f"made: {report.bitstream}")
    if report.critical_path:
        print(f"slowest path: {report.critical_path}")
    if not report.throughput:
        return
    where.print()
    where.print(_throughput(report))
    for sentence in filter(None, (_compressed(report), _forty(report))):
        print(sentence)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE, padding=0)


def _size(report: BuildReport) -> Table:
    table = _table(f"{report.board}: the bitstream")
    for column in ("cells", "block RAM", "Fmax MHz", "clock MHz", "seed", "seconds"):
        table.add_column(column, justify="right")
    table.add_row(
        f"{report.cells} of {report.cells_there}",
        f"{report.bram} of {report.bram_there}",
        f"{report.fmax_mhz:.1f}",
        f"{report.clock_mhz:.1f}",
        f"{report.seed} of {len(report.fmax_by_seed)}",
        f"{report.seconds:.1f}",
    )
    return table


def _throughput(report: BuildReport) -> Table:
    table = _table(f"Throughput on paper, {report.clock_mhz:.1f} MHz; clocks of a first and a next transfer")
    table.add_column("channel")
    table.add_column("mode")
    for column in ("first", "next", "transfers/s", "Mbyte/s", f"at {report.fmax_mhz:.1f} MHz"):
        table.add_column(column, justify="right")
    for row in report.throughput:
        table.add_row(
            row.channel,
            row.mode,
            "" if row.clocks_first is None else str(row.clocks_first),
            str(row.clocks_next),
            f"{row.transfers_per_second:,}",
            f"{row.bytes_per_second / 1e6:.2f}",
            f"{row.bytes_per_second_at_fmax / 1e6:.2f}",
        )
    return table


def _compressed(report: BuildReport) -> str:
    """Say so where the board's wait state takes back what compressed timing gains."""
    clocks = {row.mode: row.clocks_next for row in report.throughput if row.channel == "byte"}
    if clocks.get("demand") != clocks.get("demand, compressed"):
        return ""
    return "with the board's wait state compressed timing is no faster"


def _forty(report: BuildReport) -> str:
    clock, fmax, needed = report.clock_mhz, report.fmax_mhz, report.mhz_for_40_mbyte
    if clock >= needed:
        verdict = f"passed at the board's {clock:.1f} MHz"
    elif fmax >= needed:
        verdict = f"not passed at {clock:.1f} MHz, passed at {fmax:.1f} MHz"
    else:
        verdict = f"passed neither at {clock:.1f} MHz nor at {fmax:.1f} MHz"
    return f"40 Mbyte/s takes {needed:.1f} MHz: {verdict}"
