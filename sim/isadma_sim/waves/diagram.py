"""Timing diagrams: the guide's figures, and the clocks around a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["Trace", "draw"]

_INK, _BUS, _DMA, _GRID, _WRONG = "#1f2933", "#dbe7f3", "#fdf1d8", "#d5dbe1", "#f6c9bf"
_HIGH, _PITCH = 0.62, 1.0
#: Width of a clock in points, as far as text that has to fit is concerned.
_CLOCK = 34


@dataclass(frozen=True)
class Trace:
    """
    One line of a diagram.

    Attributes
    ----------
    label : str
        What stands before it.
    kind : {"clock", "bit", "bus"}
        CLK, which falls where a state begins and rises in its middle; a level; or words.
    values : sequence
        One for each clock: 0 or 1, or what the bus carries, "" where it floats.
    wrong : set of int
        Clocks to mark.
    """

    label: str
    kind: str
    values: Sequence[Any]
    wrong: frozenset[int] = frozenset()


def draw(
    traces: Sequence[Trace],
    title: str,
    path: Path | BinaryIO,
    *,
    shaded: tuple[int, int] | None = None,
    note: str = "",
    first: int = 0,
) -> None:
    """
    Draw clocks as a timing diagram.

    Parameters
    ----------
    traces
        The lines, from the top, all of one length.
    title
        Headline.
    path
        SVG or PNG by the ending; a stream gets SVG.
    shaded
        First and last clock of a time to shade.
    note
        What stands above that time.
    first
        Number of the first clock.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"svg.hashsalt": "isadma", "svg.fonttype": "none", "font.family": "DejaVu Sans"})
    from matplotlib import pyplot as plt

    count = len(traces[0].values)
    figure, axes = plt.subplots(figsize=(1.5 + 0.62 * count, 0.8 + 0.36 * len(traces)))
    if shaded is not None:
        begin, end = shaded
        axes.axvspan(begin, end + 1, color=_DMA, zorder=0, lw=0)
        axes.text((begin + end + 1) / 2, 0.95, note, ha="center", va="bottom", fontsize=8, color="#8a6d1f")
    for edge in range(count + 1):
        axes.axvline(edge, color=_GRID, lw=0.6, zorder=1)
    for row, trace in enumerate(traces):
        base = -row * _PITCH
        axes.text(-0.2, base + _HIGH / 2, trace.label, ha="right", va="center", fontsize=9, color=_INK)
        for clock in trace.wrong:
            corner = (clock, base - 0.12)
            axes.add_patch(mpl.patches.Rectangle(corner, 1, _HIGH + 0.24, fc=_WRONG, ec="none", zorder=2))
        if trace.kind == "bus":
            _draw_bus(axes, trace.values, base)
        else:
            _draw_line(axes, trace.values, base, clock=trace.kind == "clock")
    for index in range(count):
        axes.text(
            index + 0.5, -len(traces) * _PITCH + 0.45, str(first + index), ha="center", fontsize=8, color="#7b8794"
        )
    axes.set_xlim(-1.9, count + 0.1)
    axes.set_ylim(-len(traces) * _PITCH + 0.2, 1.4)
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=10, color=_INK)
    svg = not isinstance(path, Path) or path.suffix == ".svg"
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    # Without a date, a run that changes nothing changes no file.
    metadata = {"Date": None} if svg else None
    figure.savefig(path, bbox_inches="tight", dpi=110, format="svg" if svg else None, metadata=metadata)
    plt.close(figure)


def _draw_line(axes: Any, levels: Sequence[int], base: float, *, clock: bool) -> None:
    if clock:  # falls where a state begins, rises in its middle
        xs = [x for index in range(len(levels)) for x in (index, index, index + 0.5, index + 0.5)] + [len(levels)]
        ys = [y for _ in levels for y in (1, 0, 0, 1)] + [1]
    else:
        xs = [x for index in range(len(levels)) for x in (index, index + 1)]
        ys = [y for level in levels for y in (level, level)]
    axes.plot(xs, [base + y * _HIGH for y in ys], color=_INK, lw=1.3, solid_joinstyle="miter", zorder=3)


def _draw_bus(axes: Any, words: Sequence[str], base: float) -> None:
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and words[end] == words[start]:
            end += 1
        if words[start]:
            slope, top, middle = 0.1, base + _HIGH, base + _HIGH / 2
            xs = [start, start + slope, end - slope, end, end - slope, start + slope, start]
            axes.fill(xs, [middle, top, top, middle, base, base, middle], fc=_BUS, ec=_INK, lw=1, zorder=3)
            size = min(8.0, ((end - start) * _CLOCK - 8) / (0.6 * len(words[start])))
            axes.text((start + end) / 2, middle, words[start], ha="center", va="center", fontsize=size, zorder=4)
        else:
            axes.plot([start, end], [base + _HIGH / 2] * 2, color="#9aa5b1", lw=1, ls=(0, (2, 2)), zorder=3)
        start = end
