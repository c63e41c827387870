"""`isadma mutate`: a netlist broken in many places, and which of the breaks random programs notice."""

from __future__ import annotations

import json

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.judging import watch, workers_at
from isadma_cli.report import console
from isadma_sim import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.library import FuzzError
from isadma_verify.fuzz.targets import TARGETS
from isadma_verify.mutate.campaign import Plan, Run
from isadma_verify.spread.workers import ClusterError

__all__ = ["mutate"]

_WIDTH = 100


def mutate(
    *, name: str, mutants: int, seed: int, scenarios: int, jobs: int, least: float, as_json: bool, dask: str | None
) -> None:
    """Break a target's netlist and print what was noticed.

    Parameters
    ----------
    name
        The fuzz target.
    mutants
        How many breaks.
    seed
        Of Yosys' choice.
    scenarios
        Random programs that a mutant must survive to count as unnoticed.
    jobs
        Processes; 0 takes one for each processor.
    least
        Per cent of the mutants with an effect that must be noticed.
    as_json
        One JSON object on standard output in place of the table.
    dask
        Address of a Dask scheduler whose workers do it.

    Raises
    ------
    UsageError
        There is no such target, or a number is out of its range.
    CommandError
        Too few were noticed, or nothing could be built here.
    """
    if name not in TARGETS:
        raise UsageError(f"no target is named {name!r}{nearest(name, TARGETS)}; there are {', '.join(TARGETS)}")
    limits = (("--mutants", mutants, 1, 100_000), ("--scenarios", scenarios, 1, 10**9), ("--jobs", jobs, 0, 1024))
    for option, number, low, high in (*limits, ("--seed", seed, 0, 2**31 - 1)):
        if not low <= number <= high:
            raise UsageError(f"{option} {number}: give {low} to {high}")
    if not 0 <= least <= 100:
        raise UsageError(f"--least {least:g}: give per cent, 0 to 100")
    run = Run(Plan(name, mutants, seed, scenarios))
    try:
        with watch(name, mutants) as note:
            run.run(jobs, progress=lambda so_far: note(len(so_far.fates), _said(so_far)), workers=workers_at(dask))
    except (ClusterError, EngineError, FuzzError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(json.dumps(_told(run), indent=2))
    else:
        _print(run)
    if 100 * run.share < least:
        raise CommandError(
            f"{name}: {100 * run.share:.1f} % of the mutants with an effect were noticed, not {least:g} %"
        )


def _said(run: Run) -> str:
    return f"{len(run.killed)} noticed, {len(run.equal)} without effect, {len(run.survivors)} survive"


def _told(run: Run) -> dict[str, object]:
    plan = run.plan
    return {
        "target": plan.target,
        "seed": plan.seed,
        "fabric_clocks_a_state": plan.per_state,
        "scenarios": plan.scenarios,
        "clocks_a_scenario": plan.clocks,
        "mutants": len(run.fates),
        "noticed": len(run.killed),
        "without_effect": [{"number": f.mutation.number, "mutation": f.mutation.command} for f in run.equal],
        "survivors": [
            {
                "number": fate.mutation.number,
                "kind": fate.mutation.kind,
                "where": fate.mutation.where,
                "mutation": fate.mutation.command,
                "not_proved_equal": fate.detail,
            }
            for fate in run.survivors
        ],
        "share": round(run.share, 4),
        "seconds": round(run.seconds, 1),
    }


def _print(run: Run) -> None:
    table = Table(
        title=f"{run.plan.target}: {len(run.fates)} mutants in {run.seconds:.0f} s: {_said(run)};"
        f" {100 * run.share:.1f} % of those with an effect noticed",
        title_justify="left",
        box=SIMPLE,
        padding=0,
    )
    table.add_column("survivor", justify="right")
    table.add_column("kind")
    table.add_column("line of the RTL, and wire", overflow="fold")
    table.add_column("no proof that it has no effect", overflow="fold")
    for fate in run.survivors:
        table.add_row(str(fate.mutation.number), fate.mutation.kind, fate.mutation.where, fate.detail)
    console(_WIDTH).print(table)
