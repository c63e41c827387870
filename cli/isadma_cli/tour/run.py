"""`isadma tour`: try every claim, show what was measured, and write the page."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import check_output, write_atomically
from isadma_cli.machine import check_engine
from isadma_cli.tour.claim import Claim, Finding, Result
from isadma_cli.tour.show import results_table, watching
from isadma_cli.trace import make_folder, traced
from isadma_driver.errors import DmaError
from isadma_sim import EngineError

__all__ = ["run_tour", "try_claim"]


def try_claim(claim: Claim, engine: str) -> Result:
    """Run one experiment; one that breaks down has failed, and says how."""
    started = time.monotonic()
    try:
        finding = claim.measure(engine)
    except (DmaError, EngineError, TimeoutError, ValueError) as error:
        finding = Finding(f"the experiment broke down: {error}", "an experiment that comes to its end", passed=False)
    return Result(claim, finding, time.monotonic() - started)


def _try_traced(claim: Claim, engine: str, folder: Path | None) -> Result:
    numbers = count(1)
    with traced(None if folder is None else lambda: folder / f"{claim.name}-{next(numbers)}.trace"):
        return try_claim(claim, engine)


def run_tour(
    names: Sequence[str],
    *,
    engine: str | None,
    html: Path | None,
    figures: Path | None,
    trace: Path | None,
    as_json: bool,
) -> None:
    """Carry out ``isadma tour``; see its help.

    Raises
    ------
    UsageError
        No such engine, no such claim, or a folder that is none.
    CommandError
        A claim failed, or a file could not be written.
    """
    engine = check_engine(engine)
    claims = _chosen(names)
    if html is not None:
        check_output(html, "--html")
    if figures is not None and figures.exists() and not figures.is_dir():
        raise UsageError(f"--figures '{figures}' is a file: name a folder")
    if trace is not None:
        make_folder(trace, "--trace")
    with watching(len(claims)) as watch:
        results = [watch(claim, partial(_try_traced, claim, engine, trace)) for claim in claims]
    if as_json:
        print(json.dumps({"engine": engine, "claims": [result.as_json() for result in results]}, indent=2))
    else:
        results_table(results, engine)
    if figures is not None:
        from isadma_cli.tour.page import write_figures

        write_figures(results, figures)
    if html is not None:
        from isadma_cli.tour.page import page

        write_atomically(html, page(results, engine).encode())
        if not as_json:
            print(f"page: {html}")
    failed = [result.claim.name for result in results if not result.finding.passed]
    if failed:
        raise CommandError(f"{len(failed)} of {len(results)} claims failed: {', '.join(failed)}")


def _chosen(names: Sequence[str]) -> list[Claim]:
    from isadma_cli.tour.claims import CLAIMS

    known = {claim.name: claim for claim in CLAIMS}
    for name in names:
        if name not in known:
            raise UsageError(f"no claim '{name}'{nearest(name, known)}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(CLAIMS)
