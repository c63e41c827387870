"""Makes a pack of test vectors, and says what is in it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, failed_at
from isadma_cli.judging import watch
from isadma_cli.report import console
from isadma_sim import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.building import FuzzError
from isadma_verify.spread.workers import ClusterError
from isadma_verify.vectors.pack import Pack, write_pack

__all__ = ["make"]

_WIDTH = 100
_MOST = 10_000_000


def make(*, folder: Path, count: int, seed: int, jobs: int, as_json: bool) -> None:
    """Make a pack and say what is in it.

    Parameters
    ----------
    folder
        Where it goes.
    count
        Vectors.
    seed
        What their random parts follow.
    jobs
        Processes; 0: one a processor.
    as_json
        One JSON object on standard output in place of the table.

    Raises
    ------
    UsageError
        A number is out of its range.
    CommandError
        RTL and golden model differ, nothing can be compiled here, or a file cannot be written.
    """
    for option, number, least, most in (
        ("--count", count, 1, _MOST),
        ("--jobs", jobs, 0, 1024),
        ("--seed", seed, 0, 1 << 63),
    ):
        if not least <= number <= most:
            raise UsageError(f"{option} {number}: from {least} to {most} is possible")
    begun = time.perf_counter()
    try:
        with watch("vectors", count) as note:
            pack = write_pack(folder, count, seed=seed, jobs=jobs, progress=lambda done: note(done, f"{done:,}"))
    except (ClusterError, EngineError, FuzzError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{failed_at(error) or folder}: {error.strerror or error}; -o names another folder"
        ) from error
    told = _told(pack, time.perf_counter() - begun)
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _print(pack, told)


def _told(pack: Pack, seconds: float) -> dict[str, Any]:
    return {
        "folder": str(pack.folder),
        "vectors": pack.count,
        "bytes": pack.size,
        "seconds": round(seconds, 1),
        "basis": pack.basis,
        "themes": pack.themes,
        "coverage": {
            variant: {
                "reached": coverage.reached,
                "reachable": coverage.reachable,
                "holes": {group.name: list(group.holes) for group in coverage.groups() if group.holes},
            }
            for variant, coverage in pack.coverage.items()
        },
    }


def _print(pack: Pack, told: dict[str, Any]) -> None:
    title = f"{pack.count:,} vectors in {pack.folder}, {pack.size / 1e6:.1f} MB, made in {told['seconds']:.1f} s"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    table.add_column("what")
    table.add_column("vectors", justify="right")
    for kind in (pack.themes, pack.basis):
        for name, count in kind.items():
            table.add_row(name, f"{count:,}")
        table.add_section()
    for variant, coverage in pack.coverage.items():
        holes = sum(len(group.holes) for group in coverage.groups())
        table.add_row(
            f"bins of the {variant} reached" + (f", {holes} not" if holes else ", none missing"), f"{coverage.reached}"
        )
    console(_WIDTH).print(table)
