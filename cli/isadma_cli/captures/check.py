"""`isadma check`: a capture held against the RTL; figures by channel and line, and the first clock that differs."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.captures.opening import opened
from isadma_cli.errors import CommandError, UsageError
from isadma_cli.files import check_output, write_atomically
from isadma_cli.progress import errors
from isadma_cli.report import TABLE_WIDTH, console
from isadma_verify.captures.check.machine import ENGINES
from isadma_verify.captures.check.picture import as_svg, label, sentence, traces
from isadma_verify.captures.check.run import LineResult, Result, check
from isadma_verify.captures.pins import BOARDS

__all__ = ["check_capture"]


def check_capture(
    capture: Path,
    *,
    pins: Path | None,
    board: str | None,
    until: int | None,
    engine: str | None,
    refresh: int | None,
    as_json: bool,
    html: Path | None,
) -> None:
    """
    Check a capture and print what came of it.

    Raises
    ------
    UsageError
        An option cannot be, or a file is missing.
    CommandError
        The capture cannot be used, or differs from the RTL.
    """
    for option, value, choices in (("--board", board, BOARDS), ("--engine", engine, ENGINES)):
        if value is not None and value not in choices:
            raise UsageError(f"{option} '{value}': choose one of {', '.join(choices)}")
    if until is not None and until < 1:
        raise UsageError(f"--until {until}: at least one clock is needed")
    if refresh is not None and refresh < 8:
        raise UsageError(f"--refresh {refresh}: at least 8 clocks lie between two requests")
    if html is not None:
        check_output(html, "--html", inputs=tuple(file for file in (capture, pins) if file is not None))
    with opened(capture, pins), errors().status("holding the capture against the RTL"):
        result = check(capture, pins=pins, board=board, until=until, engine=engine, refresh=refresh)
    if html is not None:
        write_atomically(html, _page(result).encode())
    if as_json:
        print(json.dumps(_as_json(result), indent=2))
    else:
        _print(result)
    if result.difference is not None:
        raise CommandError(f"the capture differs from the RTL: {sentence(result.difference)}")


def _facts(result: Result) -> list[str]:
    """Return what there is to say, a line each."""
    services = result.services
    facts = [f"{result.clocks:,} clocks on the bench '{result.bench}', in {result.seconds:.1f} s"]
    if result.unjudged:
        facts.append(f"judged from clock {result.unjudged:,} on: before it something was under way")
    if services.requests:
        facts.append(f"{services.granted:,} of {services.requests:,} requests granted in the captured clock")
    for channel, number in sorted(services.served.items()):
        if number:
            facts.append(f"channel {channel}: {number:,} services, DACK in {services.clocks[channel]:,} clocks")
    if services.terminal_counts:
        facts.append(f"{services.terminal_counts:,} terminal counts")
    if result.ready is not None:
        for kind, runs in result.ready.runs.items():
            if runs:
                lengths = ", ".join(f"{clocks} clocks {number:,} times" for clocks, number in sorted(runs.items()))
                agreed = f"as the RTL has it in {result.ready.agreed[kind]:,} of {sum(runs.values()):,}"
                facts.append(f"READY low beside {kind}: {lengths}; {agreed}")
    if result.waits is not None and result.waits.cycles:
        facts.append(
            f"READY not judged in {result.waits.clocks:,} clocks: {result.waits.cycles:,} cycles to memory on a card "
            "that may wait by itself"
        )
    if result.still:
        facts.append(f"never moves, so perhaps not connected: {', '.join(label(line) for line in result.still)}")
    if result.unused:
        facts.append(f"probes not looked at: {', '.join(result.unused)}")
    return facts


def _said(line: LineResult, result: Result) -> str:
    if not line.wrong:
        return "agrees"
    if line is result.allowed and line.offset is not None:
        late = f"{abs(line.offset)} clock{'s' * (abs(line.offset) > 1)} {'late' if line.offset > 0 else 'early'}"
        return f"agrees, its probe {late} everywhere"
    return f"differs first in clock {line.first:,}"


def _table(result: Result) -> Table:
    table = Table(title=f"{result.path.name} beside the RTL", title_justify="left", box=SIMPLE)
    table.add_column("line")
    table.add_column("probe")
    for column in ("clocks", "equal"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for line in result.lines:
        equal = line.judged if line is result.allowed else line.judged - line.wrong
        cells = (label(line.line), result.probes.get(line.line, ""), f"{line.judged:,}", f"{equal:,}")
        table.add_row(*cells, _said(line, result))
    return table


def _print(result: Result) -> None:
    screen = console(TABLE_WIDTH)
    screen.print(_table(result))
    for fact in _facts(result):
        screen.print(fact, markup=False, highlight=False, soft_wrap=True)
    found = result.difference
    if found is None:
        screen.print("every clock agrees", highlight=False)
        return
    print("around the first difference")
    rows = traces(found)
    clocks = [f"{(found.first + index) % 1000:03d}" for index in range(len(rows[0].values))]
    for head, values in (("clock", clocks), *((row.label, row.values) for row in rows)):
        print(f"{head:<17}" + "".join(f"{value:>4}" for value in values))


def _as_json(result: Result) -> dict[str, object]:
    services, found = result.services, result.difference
    return {
        "capture": str(result.path),
        "board": result.board,
        "bench": result.bench,
        "clocks": result.clocks,
        "seconds": round(result.seconds, 2),
        "judged_from": result.unjudged,
        "requests": services.requests,
        "granted_in_the_captured_clock": services.granted,
        "services": {
            str(channel): {"services": number, "dack_clocks": services.clocks[channel]}
            for channel, number in sorted(services.served.items())
            if number
        },
        "terminal_counts": services.terminal_counts,
        "ready": None
        if result.ready is None
        else {
            kind: {"clocks": {str(n): times for n, times in sorted(runs.items())}, "agree": result.ready.agreed[kind]}
            for kind, runs in result.ready.runs.items()
        },
        "ready_not_judged": None
        if result.waits is None
        else {"cycles": result.waits.cycles, "clocks": result.waits.clocks},
        "lines": {
            line.line: {
                "probe": result.probes.get(line.line),
                "clocks": line.judged,
                "differ": line.wrong,
                "offset": line.offset,
                "first": line.first,
                "allowed": line is result.allowed,
            }
            for line in result.lines
        },
        "never_move": result.still,
        "not_looked_at": result.unused,
        "agrees": result.agrees,
        "first_difference": None
        if found is None
        else {"clock": found.clock, "sentence": sentence(found), "captured_and_rtl": found.lines},
    }


_CSS = (
    "body{font:16px/1.55 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1.25rem;color:#222}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:left}"
    "td.n{text-align:right}svg{max-width:100%;height:auto}.bad{color:#b03000}.good{color:#00704f}"
)


def _page(result: Result) -> str:
    """Return the result as a page that stands alone."""
    rows = "".join(
        f"<tr><td>{escape(label(line.line))}</td><td>{escape(result.probes.get(line.line, ''))}</td>"
        f'<td class="n">{line.judged:,}</td><td class="n">{line.wrong:,}</td>'
        f"<td>{escape(_said(line, result))}</td></tr>"
        for line in result.lines
    )
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in _facts(result))
    if result.difference is None:
        verdict, picture = '<p class="good">Every clock agrees.</p>', ""
    else:
        verdict = f'<p class="bad">{escape(sentence(result.difference))}</p>'
        svg = as_svg(result.difference)
        picture = f"<figure>{svg[svg.index('<svg') :]}</figure>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(result.path.name)}</title>'
        f"<style>{_CSS}</style></head><body><h1>{escape(result.path.name)} beside the RTL</h1>{verdict}{picture}"
        f"<table><tr><th>line</th><th>probe</th><th>clocks</th><th>differ</th><th>verdict</th></tr>{rows}</table>"
        f"<ul>{facts}</ul></body></html>\n"
    )
