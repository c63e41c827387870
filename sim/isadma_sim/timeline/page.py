"""The timeline's page: one file with its data, which needs no network; tables in HTML, lanes drawn by its script."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html import escape

from isadma_sim.lab.page import bundle, files_of
from isadma_sim.timeline.columns import columns_of
from isadma_sim.timeline.events import Timeline
from isadma_sim.timeline.summary import Latency, latencies, shares, transfers_by_channel

__all__ = ["timeline_page"]

#: What the page has of the lab.
_LABS = ("look.css", "sizes.css", "dom.js", "theme.js")
_STYLES = ("look.css", "sizes.css", "timeline.css")
_BINS = 24
_BAR, _HIGH = 7, 36


def timeline_page(line: Timeline, name: str) -> str:
    """Return the page of a timeline; `name` is what it is called there."""
    lab = files_of("isadma_sim.lab")
    files = {**{each: lab[each] for each in _LABS}, **files_of("isadma_sim.timeline")}
    layout, data = columns_of(line)
    packed = base64.b64encode(zlib.compress(data, 6)).decode()
    parts = {
        "/*STYLE*/": "".join(files[style] for style in _STYLES),
        "<!--TITLE-->": escape(name),
        "<!--ABOUT-->": escape(_about(line)),
        "<!--BUS-->": _bus(line),
        "<!--WAITS-->": _waits(line),
        "/*LAYOUT*/": json.dumps(layout, separators=(",", ":")).replace("<", "\\u003c"),
        "/*DATA*/": packed,
        "/*SCRIPT*/": bundle({path: text for path, text in files.items() if path.endswith(".js")}, "app.js"),
    }
    # All at once: what a run is called is nowhere read as a place.
    return re.sub("|".join(map(re.escape, parts)), lambda found: parts[found[0]], files["index.html"])


def _about(line: Timeline) -> str:
    clocks = line.end - line.begin
    return (
        f"PC/{line.board.upper()}, engine {line.engine}: {clocks:,} clocks of {line.clock_hz / 1e6:g} MHz, "
        f"{clocks / line.clock_hz:.6g} s"
    )


def _row(cells: list[str]) -> str:
    return f'<tr><th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:]) + "</tr>"


def _table(caption: str, heads: list[str], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<div class="scrolls"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _bus(line: Timeline) -> str:
    clocks = max(line.end - line.begin, 1)
    rows = [
        _row([f'<i class="key" data-owner="{owner}"></i>{owner}', f"{held:,}", f"{100 * held / clocks:.2f} %"])
        for owner, held in shares(line).items()
    ]
    return _table("Who had the bus", ["owner", "clocks", "share"], rows)


def _waits(line: Timeline) -> str:
    cards = {channel: card for card, channel in line.cards if channel is not None}
    waited = {each.channel: each for each in latencies(line)}
    moved = transfers_by_channel(line)
    rows = []
    for channel in sorted({*waited, *(number for number in moved if number is not None)}):
        moves, size, ends = moved.get(channel, (0, 0, 0))
        each = waited.get(channel)
        figures = ["-"] * 5
        if each is not None:
            clocks = (each.shortest, each.median, each.most, each.longest)
            figures = [*(f"{wait:,}" for wait in clocks), _histogram(each, line.clock_hz)]
        rows.append(
            _row([f"{channel} {escape(cards.get(channel, ''))}", f"{moves:,}", f"{size:,}", f"{ends:,}", *figures])
        )
    heads = ["channel", "transfers", "bytes", "TC", "min", "median", "99 %", "max", "how often, by clocks"]
    caption = "From DREQ to DACK#, in clocks: how long requests waited"
    return _table(caption, heads, rows) if rows else "<p>Nobody asked for DMA in this run.</p>"


def _histogram(waits: Latency, clock_hz: int) -> str:
    bins = waits.histogram(_BINS)
    most = max(count for _, _, count in bins)
    said = (
        f"{len(waits.waits):,} waits of {waits.shortest} to {waits.longest} clocks, "
        f"half of them of {waits.median} at most ({1e6 * waits.median / clock_hz:.3g} µs)"
    )
    bars = []
    for number, (first, behind, count) in enumerate(bins):
        high = 0 if not count else max(round(_HIGH * count / most, 1), 1)
        clocks = f"{first}" if behind == first + 1 else f"{first} to {behind - 1}"
        bars.append(
            f'<rect x="{number * _BAR}" y="{_HIGH - high}" width="{_BAR - 1}" height="{high}">'
            f"<title>{clocks} clocks: {count:,}</title></rect>"
        )
    width = len(bins) * _BAR
    return (
        f'<svg class="bars" role="img" aria-label="{said}" viewBox="0 0 {width} {_HIGH}" width="{width}" '
        f'height="{_HIGH}">{"".join(bars)}</svg>'
    )
