"""Draw the chart of sizes and speeds, commit by commit: `.venv/bin/python docs/make_history.py`.

What it draws is `docs/figures.json`, which `isadma synth --history` appends to.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from isadma_boards.synth.history import Entry, read

DOCS = Path(__file__).parent
FIGURES = DOCS / "figures.json"
PICTURE = DOCS / "guide" / "figures" / "synth-history.svg"
#: Okabe and Ito's colours, which colour-blind readers can tell apart, and a mark for each; no other device is drawn.
_LOOKS = {
    "hx1k": ("#CC79A7", "D"),
    "hx8k": ("#0072B2", "o"),
    "up5k": ("#E69F00", "s"),
    "ecp5-25k": ("#009E73", "^"),
}
_STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "svg.hashsalt": "isadma",
}
_NAMES = {"i8237": "Chip", "at": "AT's subsystem"}
#: Points from the middle of a label to that of the next, at least; a label stands this far from its line's end.
_LINE, _ASIDE = 10, 6


def commits(entries: Sequence[Entry]) -> list[str]:
    """Return the commits of the entries, in the order in which they were measured."""
    return list(dict.fromkeys(entry.commit for entry in entries))


def apart(wanted: Sequence[float], least: float) -> list[float]:
    """Return the heights nearest to those wanted, in the same order, that are `least` from each other."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    heaps: list[list[int]] = []  # neighbours that have to share a place, lowest first
    for index in order:
        heaps.append([index])
        while len(heaps) > 1 and _low(heaps[-1], wanted, least) - _high(heaps[-2], wanted, least) < least:
            heaps[-2:] = [heaps[-2] + heaps[-1]]
    found = list(wanted)
    for heap in heaps:
        for place, index in enumerate(heap):
            found[index] = _low(heap, wanted, least) + place * least
    return found


def _low(heap: Sequence[int], wanted: Sequence[float], least: float) -> float:
    """Return the lowest height of a heap, whose middle is that of what its members want."""
    return sum(wanted[index] for index in heap) / len(heap) - (len(heap) - 1) * least / 2


def _high(heap: Sequence[int], wanted: Sequence[float], least: float) -> float:
    return _low(heap, wanted, least) + (len(heap) - 1) * least


def _plot(axes: Axes, entries: Sequence[Entry], core: str, figure: str, title: str) -> None:
    order = commits(entries)
    top = 0.0
    for device, (colour, mark) in _LOOKS.items():
        mine = [entry for entry in entries if (entry.core, entry.device) == (core, device)]
        if mine:
            at, values = [order.index(entry.commit) for entry in mine], [getattr(entry, figure) for entry in mine]
            axes.plot(at, values, color=colour, marker=mark, markersize=4, label=device)
            top = max(top, *values)
    axes.set_title(f"{_NAMES.get(core, core)}: {title}")
    axes.set_xticks(range(len(order)), order, rotation=30, ha="right")
    axes.set_xlim(-0.3, len(order) - 0.5)
    axes.set_ylim(0, 1.15 * top)


def _label(axes: Axes) -> None:
    """Write each line's last value beside it, in its colour; those of neighbours make room for each other."""
    points = axes.get_figure().dpi / 72  # type: ignore[union-attr]
    ends = [(float(line.get_xdata()[-1]), float(line.get_ydata()[-1])) for line in axes.lines]  # type: ignore[index, arg-type]
    heights = [axes.transData.transform(end)[1] / points for end in ends]
    for line, end, height, free in zip(axes.lines, ends, heights, apart(heights, _LINE), strict=True):
        axes.annotate(
            f"{end[1]:g}", end, (_ASIDE, free - height), textcoords="offset points", va="center", color=line.get_color()
        )


def drawn(entries: Sequence[Entry]) -> Figure:
    """Return a chart of cells and speed of chip and AT over the commits."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(8.6, 6.2), layout="constrained")
        grid = figure.subplots(2, 2)
        for column, core in enumerate(_NAMES):
            _plot(grid[0][column], entries, core, "cells", "logic cells, placed")
            _plot(grid[1][column], entries, core, "fmax_mhz", "MHz, median of the seeds")
            grid[1][column].legend(loc="lower left", ncols=3)
        figure.draw_without_rendering()  # where the axes are is known from here on
        for axes in figure.axes:
            _label(axes)
        return figure


def draw(entries: Sequence[Entry], path: Path) -> None:
    """Draw the chart as SVG."""
    figure = drawn(entries)
    with rc_context(_STYLE):
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    draw(read(FIGURES), PICTURE)
    print(f"wrote {PICTURE}")
