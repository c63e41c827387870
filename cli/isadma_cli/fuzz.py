"""`isadma fuzz`: random programs on a design and its golden model, every pin at every clock, and what they reached."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, failed_at, nearest
from isadma_cli.files import check_output, write_atomically
from isadma_cli.judging import check_pages, watch, workers_at
from isadma_cli.report import console
from isadma_sim import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.campaign import Campaign, Plan
from isadma_verify.fuzz.library import Difference, FuzzError, Library, load
from isadma_verify.fuzz.merged import MergeError, add, read, total
from isadma_verify.fuzz.report import explain, write_reproducer
from isadma_verify.fuzz.scenario import Scenario, ScenarioError
from isadma_verify.fuzz.shrink import shrink
from isadma_verify.fuzz.targets import TARGETS, target
from isadma_verify.spread.workers import ClusterError

__all__ = ["fuzz", "replay"]

_WIDTH = 100


def fuzz(
    *,
    name: str,
    seed: int,
    clocks: int,
    jobs: int,
    seconds: float | None,
    per_state: int,
    folder: Path,
    as_json: bool,
    html: Path | None,
    dask: str | None = None,
    merged: Path | None = None,
) -> None:
    """Fuzz a target and print what came of it.

    Parameters
    ----------
    name
        The target.
    seed
        First seed.
    clocks
        Fabric clocks to compare in all, rounded up to whole scenarios.
    jobs
        Processes; 0 takes one for each processor.
    seconds
        Begin nothing new after that long.
    per_state
        Fabric clocks a state.
    folder
        Where the reproducer of a difference goes.
    as_json
        One JSON object on standard output in place of the tables.
    html
        The same as a page.
    dask
        Address of a Dask scheduler whose workers play the seeds.
    merged
        File that the bins are added to; tables then show all that it has.

    Raises
    ------
    UsageError
        There is no such target, or a number is out of its range.
    CommandError
        Design and model differ, or the target cannot be built here.
    """
    for option, number, least in (("--clocks", clocks, 1), ("--jobs", jobs, 0), ("--seed", seed, 0)):
        if number < least:
            raise UsageError(f"{option} {number}: at least {least} is needed")
    if seed >= 1 << 63:
        raise UsageError(f"--seed {seed}: at most {(1 << 63) - 1} is possible")
    if seconds is not None and not 0 < seconds < 1e9:
        raise UsageError(f"--time {seconds:g}: give seconds above 0")
    check_pages([], html=html)
    library = _library(name, per_state)
    if merged is not None:
        check_output(merged, "--coverage", pipes=False)
        with _merging(merged):
            read(merged, name, library.bins)
    plan = Plan(name, seed, -(-clocks // Plan.clocks), per_state=per_state)
    campaign = Campaign(plan)
    try:
        with watch(plan.target, plan.scenarios) as note:
            campaign.run(
                jobs,
                seconds=seconds,
                progress=lambda so_far: note(so_far.scenarios, _said(so_far)),
                workers=workers_at(dask),
            )
    except ClusterError as error:
        raise CommandError(str(error)) from error
    if merged is not None:
        with _merging(merged):
            sources = add(
                merged, name, "fuzz", campaign.clocks, {**dict.fromkeys(library.bins, 0), **campaign.coverage.bins}
            )
        campaign.coverage = total(name, sources)
    told = _told(campaign)
    if merged is not None:
        told["coverage"]["merged_clocks"] = {kind: source.clocks for kind, source in sources.items()}
    shrunk: tuple[Scenario, Difference] | None = None
    if campaign.found:
        shrunk, files = _reproduce(library, campaign, folder)
        told["reproducer"] = [str(path) for path in files]
        told["steps"] = len(shrunk[0].steps)
    if html is not None:
        _write_html(html, told, campaign)
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _print(campaign)
    if shrunk is not None:
        lines = explain(library, *shrunk)
        if not as_json:
            console(_WIDTH).print("\n".join(lines), markup=False, soft_wrap=True)
        raise CommandError(
            f"{name}: {lines[0]} (seed {campaign.found[0].seed}, shrunk to {len(shrunk[0].steps)} steps:"
            f" isadma fuzz --replay {told['reproducer'][0]})"
        )


def replay(path: Path, *, as_json: bool) -> None:
    """Play a reproducer again.

    Raises
    ------
    UsageError
        The file is no scenario, or of a target that is not there.
    CommandError
        Design and model still differ.
    """
    try:
        scenario = Scenario.read(path)
    except OSError as error:
        raise UsageError(f"{str(path)!r}: {error.strerror or error}") from None
    except ScenarioError as error:
        raise UsageError(str(error)) from None
    library = _library(scenario.target, scenario.per_state)
    difference = library.play(scenario)
    if as_json:
        print(json.dumps({"file": str(path), "difference": asdict(difference) if difference else None}, indent=2))
    if difference is None:
        if not as_json:
            print(f"{path}: design and golden model agree in all {scenario.clocks} clocks")
        return
    lines = explain(library, scenario, difference)
    if not as_json:
        console(_WIDTH).print("\n".join(lines), markup=False, soft_wrap=True)
    raise CommandError(f"{scenario.target}: {lines[0]}")


@contextmanager
def _merging(path: Path) -> Iterator[None]:
    try:
        yield
    except MergeError as error:
        raise UsageError(f"--coverage: {error}") from None
    except OSError as error:
        raise CommandError(f"--coverage {str(path)!r}: {error.strerror or error}; name another file") from None


def _library(name: str, per_state: int) -> Library:
    if name not in TARGETS:
        raise UsageError(f"no target is named {name!r}{nearest(name, TARGETS)}; there are {', '.join(TARGETS)}")
    try:
        return load(target(name), per_state)
    except FuzzError as error:
        raise UsageError(str(error)) from None
    except (EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error


def _reproduce(library: Library, campaign: Campaign, folder: Path) -> tuple[tuple[Scenario, Difference], list[Path]]:
    first = campaign.found[0]

    def fails(scenario: Scenario) -> int | None:
        difference = library.play(scenario)
        return None if difference is None else difference.clock

    scenario = shrink(library.scenario(first.seed, campaign.plan.clocks), fails)
    difference = library.play(scenario)
    assert difference is not None
    try:
        files = write_reproducer(library, scenario, difference, folder, f"{library.target.name}-{first.seed}")
    except OSError as error:
        where = failed_at(error) or folder
        raise CommandError(f"{where}: {error.strerror or error}; --output names another folder") from None
    return (scenario, difference), files


def _told(campaign: Campaign) -> dict[str, Any]:
    coverage = campaign.coverage
    return {
        "target": campaign.plan.target,
        "fabric_clocks_a_state": campaign.plan.per_state,
        "first_seed": campaign.plan.seed,
        "scenarios": campaign.scenarios,
        "clocks": campaign.clocks,
        "seconds": round(campaign.seconds, 1),
        "clocks_per_second": round(campaign.clocks / campaign.seconds) if campaign.seconds else 0,
        "differences": [{"seed": found.seed, **asdict(found.difference)} for found in campaign.found],
        "coverage": {
            "reached": coverage.reached,
            "reachable": coverage.reachable,
            "holes": {group.name: list(group.holes) for group in coverage.groups() if group.holes},
            "unreachable": coverage.excluded(),
            "bins": coverage.bins,
        },
    }


def _tables(campaign: Campaign) -> Iterator[Table]:
    rate = campaign.clocks / campaign.seconds / 1e6 if campaign.seconds else 0.0
    table = Table(
        title=f"{campaign.plan.target}: {campaign.clocks:,} clocks compared at every pin in {campaign.seconds:.1f} s"
        f" ({rate:.2f} M clocks/s), {len(campaign.found) or 'no'} difference{'s' * (len(campaign.found) != 1)}",
        title_justify="left",
        box=SIMPLE,
        padding=0,
    )
    table.add_column("coverage")
    table.add_column("reached", justify="right")
    table.add_column("of", justify="right")
    table.add_column("not reached", overflow="fold")
    for group in campaign.coverage.groups():
        shown = "; ".join(group.holes[:4]) + (f"; and {len(group.holes) - 4} more" if len(group.holes) > 4 else "")
        table.add_row(group.name, str(group.reachable - len(group.holes)), str(group.reachable), shown)
    for reason, bins in campaign.coverage.excluded().items():
        table.add_row(f"[dim]{reason}[/dim]", "", f"[dim]-{bins}[/dim]", "[dim]cannot be reached[/dim]")
    yield table


def _print(campaign: Campaign) -> None:
    out = console(_WIDTH)
    for table in _tables(campaign):
        out.print(table)


def _write_html(path: Path, told: dict[str, Any], campaign: Campaign) -> None:
    page = Console(record=True, width=_WIDTH, file=io.StringIO())
    for table in _tables(campaign):
        page.print(table)
    write_atomically(path, page.export_html(clear=False).encode())


def _said(campaign: Campaign) -> str:
    rate = campaign.clocks / campaign.seconds / 1e6 if campaign.seconds else 0.0
    reached, reachable = campaign.coverage.reached, campaign.coverage.reachable
    return f"{campaign.clocks / 1e6:,.0f} M clocks, {rate:.1f} M/s, coverage {reached}/{reachable}"
