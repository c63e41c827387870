"""`isadma prove`: what is proved of the chip and its boards, by induction, and how long each proof takes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.progress import errors
from isadma_cli.report import console
from isadma_tools.processes.workers import Workers
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.formal.boards import BOARD_PROPERTIES
from isadma_verify.formal.properties import PROPERTIES
from isadma_verify.formal.runner import SOLVER, Property, Verdict, prove

__all__ = ["prove_properties"]

#: What can be proved, in the order of the table.
ALL: tuple[Property, ...] = PROPERTIES + BOARD_PROPERTIES

_METHOD = f"k-induction, {SOLVER}"

#: Columns of the table where there is no terminal: room for the sentences.
_WIDTH = 110

#: Told of each verdict as it comes.
_Note = Callable[[Property, Verdict], None]


def prove_properties(names: Sequence[str], *, jobs: int, timeout: int, as_json: bool) -> None:
    """Prove properties and print what came of it.

    Parameters
    ----------
    names
        Names out of `ALL`, whole or cut at a hyphen; none means all of them.
    jobs
        Proofs at a time.
    timeout
        Seconds of wall time for a proof, and as many for its covers.
    as_json
        One JSON object on standard output in place of the table.

    Raises
    ------
    UsageError
        There is no such property, or a number is below 1.
    CommandError
        A property is not proved, a cover is not reached, or a tool is missing.
    """
    for option, number in (("--jobs", jobs), ("--timeout", timeout)):
        if number < 1:
            raise UsageError(f"{option} {number}: at least 1 is needed")
    rules = _chosen(names)
    started = time.monotonic()
    try:
        with _progress(rules) as note:
            verdicts = dict(_prove_all(rules, jobs, timeout, note))
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    seconds = time.monotonic() - started
    ordered = [(rule, verdicts[rule.name]) for rule in rules]
    if as_json:
        properties = [_as_json(rule, verdict) for rule, verdict in ordered]
        print(json.dumps({"properties": properties, "seconds": round(seconds, 1)}, indent=2))
    else:
        console(_WIDTH).print(_table(ordered, seconds))
    failed = [f"{rule.name} ({verdict.detail})" for rule, verdict in ordered if not verdict.holds]
    if failed:
        raise CommandError(f"not proved: {', '.join(failed)}")


def _chosen(names: Sequence[str]) -> list[Property]:
    known = [rule.name for rule in ALL]
    for name in names:
        if not any(_named(rule, name) for rule in ALL):
            raise UsageError(f"no property '{name}'{nearest(name, known)}; there are {', '.join(known)}")
    return [rule for rule in ALL if not names or any(_named(rule, name) for name in names)]


def _named(rule: Property, name: str) -> bool:
    return rule.name == name or rule.name.startswith(f"{name}-")


@contextmanager
def _progress(rules: Sequence[Property]) -> Iterator[_Note]:
    """Say what is done on standard error, where a person sees it."""
    with errors().status(f"proving {len(rules)} properties") as status:
        done = 0

        def note(rule: Property, verdict: Verdict) -> None:
            nonlocal done
            done += 1
            said = "proved" if verdict.holds else "not proved"
            status.update(f"{done} of {len(rules)}: {rule.name} {said}, {verdict.seconds:.0f} s")

        yield note


def _prove_all(rules: Sequence[Property], jobs: int, timeout: int, note: _Note) -> Iterator[tuple[str, Verdict]]:
    with Workers(jobs) as workers:
        running = {workers.submit(prove, rule, timeout=timeout): rule for rule in rules}
        for future in as_completed(running):
            rule, verdict = running[future], future.result()
            note(rule, verdict)
            yield rule.name, verdict


def _table(ordered: Sequence[tuple[Property, Verdict]], seconds: float) -> Table:
    holding = sum(verdict.holds for _, verdict in ordered)
    table = Table(
        title="What is proved of the 8237A and its boards",
        title_justify="left",
        caption=f"{holding} of {len(ordered)} proved, with every cover reached, in {seconds:.0f} s",
        caption_justify="left",
        box=SIMPLE,
        padding=(0, 1, 1, 0),
    )
    table.add_column("property", no_wrap=True)
    table.add_column("sentence")
    table.add_column("method", max_width=len(_METHOD.split()[0]))
    table.add_column("depth", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("proved", no_wrap=True)
    table.add_column("covers", justify="right", no_wrap=True)
    for rule, verdict in ordered:
        said = "yes" if verdict.proved else "no"
        covers = f"{verdict.reached} of {verdict.covers}"
        table.add_row(rule.name, rule.sentence, _METHOD, str(rule.depth), f"{verdict.seconds:.1f} s", said, covers)
    return table


def _as_json(rule: Property, verdict: Verdict) -> dict[str, object]:
    return {
        "property": rule.name,
        "sentence": rule.sentence,
        "method": _METHOD,
        "depth": rule.depth,
        "why": rule.why,
        "seconds": round(verdict.seconds, 1),
        "prove_seconds": round(verdict.prove_seconds, 1),
        "cover_seconds": round(verdict.cover_seconds, 1),
        "proved": verdict.proved,
        "covered": verdict.covered,
        "covers": verdict.covers,
        "reached": verdict.reached,
        "detail": verdict.detail,
    }
