"""`isadma synth`: how large and how fast a bare core is on an FPGA."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest

__all__ = ["synthesize"]


def synthesize(*, core: str, device: str, seeds: int, as_json: bool) -> None:
    """Measure one core on one device and print the figures.

    Parameters
    ----------
    core, device
        Keys of `isadma_boards.synth.CORES` and `DEVICES`.
    seeds
        Placements to take the median of.
    as_json
        One JSON object on standard output in place of the table.

    Raises
    ------
    UsageError
        An unknown name, or no seed.
    CommandError
        A tool is missing or failed.
    """
    from isadma_boards.synth import CORES, DEVICES, measure
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    for kind, name, known in (("core", core, CORES), ("device", device, DEVICES)):
        if name not in known:
            raise UsageError(f"no {kind} is named '{name}'{nearest(name, known)}; there are {', '.join(known)}")
    if seeds < 1:
        raise UsageError(f"--seeds {seeds}: at least 1 placement is needed")
    errors = Console(stderr=True)
    try:
        with errors.status("starting") as status:
            report = measure(core, device, seeds=seeds, progress=status.update)
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(report.json())
        return
    table = Table(title=f"{core} on {device}, the bare core, register to register")
    for column in ("LUT4", "FF", "block RAM", "cells", "MHz", "seeds", "MHz by seed"):
        table.add_column(column, justify="right")
    by_seed = " ".join(f"{mhz:.1f}" for mhz in report.fmax_by_seed)
    figures = (report.lut4, report.ff, report.bram, report.cells, report.fmax_mhz, report.seeds, by_seed)
    table.add_row(*map(str, figures))
    Console().print(table)
