"""`isadma synth`: how large and how fast a bare core is on an FPGA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.progress import errors
from isadma_cli.report import console

if TYPE_CHECKING:
    from isadma_boards.synth import Report

__all__ = ["synthesize"]

_CORE, _DEVICE = "i8237", "hx8k"


def synthesize(
    *,
    core: str | None,
    device: str | None,
    seeds: int,
    as_json: bool,
    history: Path | None = None,
    liberty: Path | None = None,
) -> None:
    """Measure cores on devices and print the figures.

    Parameters
    ----------
    core, device
        Keys of `isadma_boards.synth.CORES` and `DEVICES` or `isadma_boards.synth.mapped.FLOWS`, which are counted and
        not placed; None: the chip, on an HX8K. With a history and neither of
        them: all that `isadma_boards.synth.history.TRACKED` names.
    seeds
        Placements to take the median of.
    as_json
        One JSON object a line on standard output in place of the table.
    history
        The file to write the figures into; None: nowhere.
    liberty
        The library of standard cells of an ASIC; None: the usual sizes.

    Raises
    ------
    UsageError
        An unknown name, or no seed; a file that is no history, or whose folder is not there.
    CommandError
        A tool is missing or failed.
    """
    from isadma_boards.synth import CORES, DEVICES, measure
    from isadma_boards.synth.history import TRACKED, HistoryError, append, read, stamp
    from isadma_boards.synth.mapped import FLOWS
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    for kind, name, known in (("core", core, CORES), ("device", device, {**DEVICES, **FLOWS})):
        if name is not None and name not in known:
            raise UsageError(f"no {kind} is named '{name}'{nearest(name, known)}; there are {', '.join(known)}")
    if seeds < 1:
        raise UsageError(f"--seeds {seeds}: at least 1 placement is needed")
    if liberty is not None and device != "asic":
        raise UsageError(f"--liberty is for --device asic, not {device or _DEVICE}")
    if device is not None and device in FLOWS:
        if history:
            raise UsageError(f"--history has speeds, and {device} is not placed here; there are {', '.join(DEVICES)}")
        _count(core or _CORE, device, as_json=as_json, liberty=liberty)
        return
    wanted = [(core or _CORE, device or _DEVICE)] if core or device or not history else TRACKED
    try:
        if history:
            if not history.parent.is_dir():
                raise UsageError(f"no such folder: '{history.parent}'; name another file with --history-file")
            read(history)
            stamped = stamp(history.parent)
        with errors().status("starting") as status:
            reports = [measure(*what, seeds=seeds, progress=status.update) for what in wanted]
        if history:
            append(history, reports, stamped)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise CommandError(f"cannot write '{history}': {error.strerror}") from error
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if as_json:
        for report in reports:
            print(report.json())
    else:
        _print(reports)


def _count(core: str, device: str, *, as_json: bool, liberty: Path | None) -> None:
    """Print the cells of a core on a device that is not placed."""
    from isadma_boards.synth.liberty import LibraryError
    from isadma_boards.synth.mapped import mapped
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    try:
        with errors().status(f"synthesizing {core} for {device}"):
            report = mapped(core, device, liberty)
    except LibraryError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"cannot read '{liberty}': {error.strerror}") from error
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(report.json())
        return
    table = Table(title=f"{core}, synthesized for {device} and not placed")
    table.add_column("cell")
    table.add_column("number", justify="right")
    for kind, number in report.cells.items():
        table.add_row(kind, str(number))
    console().print(table)
    if report.gate_equivalents is None:
        print(f"{report.luts} look-up tables, {report.ff} flip-flops, {report.memories} memory blocks")
    else:
        print(f"{report.gate_equivalents} gate equivalents, {report.ff} flip-flops, those of the registers among them")


def _print(reports: Sequence[Report]) -> None:
    table = Table(title="bare cores, register to register")
    table.add_column("core")
    table.add_column("device")
    for column in ("LUT4", "FF", "block RAM", "cells", "MHz", "seeds", "MHz by seed"):
        table.add_column(column, justify="right")
    for report in reports:
        by_seed = " ".join(f"{mhz:.1f}" for mhz in report.fmax_by_seed)
        figures = (report.lut4, report.ff, report.bram, report.cells, report.fmax_mhz, report.seeds, by_seed)
        table.add_row(report.core, report.device, *map(str, figures))
    console().print(table)
