"""`isadma bench`: the engines side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.progress import errors
from isadma_cli.report import console
from isadma_sim import ENGINES
from isadma_sim.bench import BenchError, Report, measure
from isadma_sim.bench.report import PC_CLOCK_HZ
from isadma_sim.engines.base import SIMULATED

__all__ = ["bench"]


def bench(engines: Sequence[str], *, as_json: bool) -> None:
    """Time engines and print the figures.

    Parameters
    ----------
    engines
        Names out of `ENGINES`; none means all of them.
    as_json
        One JSON object on standard output in place of the tables.

    Raises
    ------
    UsageError
        There is no such engine.
    CommandError
        An engine could not be measured.
    """
    for name in engines:
        if name not in ENGINES:
            raise UsageError(f"no engine '{name}'{nearest(name, ENGINES)}; there are {', '.join(sorted(ENGINES))}")
    try:
        with errors().status("starting") as status:
            report = measure(engines or SIMULATED, progress=status.update)
    except BenchError as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(report.json())
        return
    screen = console()
    screen.print(_speeds(report))
    screen.print(_growth(report))


def _speeds(report: Report) -> Table:
    table = Table(title="Engines under load, CPU seconds of one core")
    table.add_column("")
    for name in report.engines:
        table.add_column(name, justify="right")
    figures = report.engines.values()
    slowest = min(each.clocks_per_s for each in figures)
    rows = {
        "8237 clocks a second": [f"{each.clocks_per_s:,.0f}" for each in figures],
        "times a PC's 4.77 MHz": [f"{each.clocks_per_s / PC_CLOCK_HZ:.4f}" for each in figures],
        "times the slowest engine": [f"{each.clocks_per_s / slowest:,.1f}" for each in figures],
        "transfers a second": [f"{each.transfers_per_s:,.0f}" for each in figures],
        "bytes a second": [f"{each.bytes_per_s:,.0f}" for each in figures],
        "port accesses a second": [f"{each.port_accesses_per_s:,.0f}" for each in figures],
        **{
            f"µs at a port: {name}": [f"{each.port_us[name]:,.2f}" for each in figures]
            for name in next(iter(figures)).port_us
        },
        "clocks a second, an XT that refreshes": [f"{each.refresh_clocks_per_s:,.0f}" for each in figures],
        "clocks a second, an FST written": [f"{each.waves_clocks_per_s:,.0f}" for each in figures],
        "clocks a second, recorded": [f"{each.trace_clocks_per_s:,.0f}" for each in figures],
        "peak memory, MiB": [f"{each.peak_rss_mib:.0f}" for each in figures],
        "memory grown under load, MiB": [f"{each.rss_growth_mib:.1f}" for each in figures],
        "from nothing to a PC, s": [f"{each.build_s:.1f}" for each in figures],
    }
    for label, cells in rows.items():
        table.add_row(label, *cells)
    return table


def _growth(report: Report) -> Table:
    table = Table(title="Cost of a byte, nanoseconds, by bytes moved")
    table.add_column("bytes", justify="right")
    for name in report.growth:
        table.add_column(name, justify="right")
    sizes = sorted({int(size) for costs in report.growth.values() for size in costs})
    for size in sizes:
        costs = (each.get(str(size)) for each in report.growth.values())
        table.add_row(f"{size:,}", *("too slow" if cost is None else f"{cost * 1e9:,.0f}" for cost in costs))
    return table
