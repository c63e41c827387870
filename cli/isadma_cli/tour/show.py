"""The tour on a terminal: which experiment runs, and a table of what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from isadma_cli.progress import errors
from isadma_cli.report import console
from isadma_cli.tour.claim import Claim, Result

__all__ = ["results_table", "watching"]

#: A table of sentences wants some room; a pipe has no width of its own.
_WIDTH = 120

Run = Callable[[Claim, Callable[[], Result]], Result]


@contextmanager
def watching(total: int) -> Iterator[Run]:
    """Show on standard error which claim is being tried, and how those before it went, where a person sees it."""
    screen = errors()
    if screen.quiet or not screen.is_terminal:
        yield lambda claim, run: run()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=total)

        def watch(claim: Claim, run: Callable[[], Result]) -> Result:
            bar.update(task, description=claim.name)
            result = run()
            mark = "[green]✓[/]" if result.finding.passed else "[red]✗[/]"
            bar.console.print(f"{mark} {claim.name} [dim]{result.seconds:.1f} s[/]", highlight=False)
            bar.advance(task)
            return result

        yield watch


def results_table(results: Sequence[Result], engine: str) -> None:
    """Print every claim with what was measured and what was expected."""
    screen = console(_WIDTH)
    table = Table(
        box=SIMPLE_HEAD, title=f"The chapter on DMA, measured (engine {engine})", title_justify="left", show_lines=True
    )
    table.add_column("")
    table.add_column("claim", ratio=3)
    table.add_column("measured", ratio=5)
    table.add_column("expected", ratio=4)
    for result in results:
        finding = result.finding
        mark = "[green]ok[/]" if finding.passed else "[bold red]FAILED[/]"
        cells = (result.claim.sentence, finding.measured, finding.expected)
        table.add_row(mark, *(cell.replace("[", r"\[") for cell in cells))
    screen.print(table)
    passed = sum(result.finding.passed for result in results)
    seconds = sum(result.seconds for result in results)
    screen.print(f"{passed} of {len(results)} claims hold as measured, {seconds:.0f} s", highlight=False)
