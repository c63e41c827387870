"""The tour's pictures, drawn by Matplotlib from the figures of the findings alone."""

from __future__ import annotations

import io
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

__all__ = ["as_png", "as_svg", "latency", "needed_clocks", "rates", "shares"]

#: Okabe and Ito's colours, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
    "#BBBBBB",
)
_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.edgecolor": "#444444",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "svg.hashsalt": "isadma",
}
_DPI = 144
#: Colour, marker and line of the ways in `claims/rates.py`, in its order.
_WAYS = ((RED, "o", "-"), (ORANGE, "s", "-"), (BLUE, "^", "-"), (RED, "o", ":"), (BLUE, "^", ":"))
#: What the bus shares are called, and their colours.
_OWNERS = {
    "cpu": ("processor's port cycles", RED),
    "channel 0": ("channel 0", PINK),
    "channel 1": ("channel 1", SKY),
    "channel 2": ("channel 2", GREEN),
    "channel 3": ("channel 3", YELLOW),
    "channel 5": ("channel 5", ORANGE),
    "channel 6": ("channel 6", "#7A5195"),
    "channel 7": ("channel 7", BLUE),
    "refresh": ("refresh", "#8C564B"),
    "handover": ("changing hands", "#777777"),
    "idle": ("free", "#E8E8E8"),
}


def _figure(width: float = 8.2, height: float = 4.6) -> Figure:
    return Figure(figsize=(width, height), layout="constrained")


def _per_cent(value: float, _position: object = None) -> str:
    return f"{100 * value:g} %"


def latency(figures: dict[str, Any]) -> Figure:
    """Draw the modem's share and its losses over the interrupt latency."""
    with rc_context(_STYLE):
        figure = _figure(height=5.4)
        share, lost = figure.subplots(2, 1, sharex=True)
        times = [seconds * 1e3 for seconds in figures["latency_s"]]
        kinds = (("8250: one character", "", RED, "o"), ("16550A: FIFO of 16", "fifo_", BLUE, "s"))
        for label, prefix, colour, marker in kinds:
            share.plot(times, figures[f"{prefix}share"], color=colour, marker=marker, label=label)
            lost.plot(times, figures[f"{prefix}lost_part"], color=colour, marker=marker, label=label)
        share.axhline(0.002 / 100, color="#444444", linestyle="--", linewidth=1)
        share.text(times[0], 0.002 / 100 * 1.25, "the chapter's 0.002 %", color="#444444", va="bottom")
        share.set(yscale="log", ylim=(1e-5, 0.1), ylabel="share of the processor")
        share.yaxis.set_major_formatter(FuncFormatter(_per_cent))
        share.set_title("A 9600 baud modem by interrupts, on an 8 MHz AT")
        share.legend(loc="center left")
        for axes in (share, lost):
            axes.axvline(1e3 * 10 / 9600, color="#444444", linestyle=":", linewidth=1)
        lost.text(1e3 * 10 / 9600 * 0.93, 0.3, "a character lasts 1.04 ms", color="#444444", ha="right")
        lost.set(xscale="log", xlabel="interrupt latency in milliseconds", ylabel="characters lost", ylim=(-0.03, 0.6))
        lost.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        lost.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    return figure


def rates(figures: dict[str, Any]) -> Figure:
    """Draw the processor's share over the data rate, hollow where data were lost."""
    with rc_context(_STYLE):
        figure = _figure(height=5.4)
        axes = figure.subplots()
        for (label, points), (colour, marker, line) in zip(figures["curves"].items(), _WAYS, strict=True):
            share = [point["share"] for point in points]
            axes.plot(figures["rate"], share, color=colour, linestyle=line, linewidth=1.5, zorder=2)
            for kept in (True, False):
                some = [i for i, point in enumerate(points) if bool(point["lost"]) != kept]
                axes.plot(
                    [figures["rate"][i] for i in some],
                    [share[i] for i in some],
                    linestyle="none",
                    marker=marker,
                    markersize=6,
                    markeredgecolor=colour,
                    markerfacecolor=colour if kept else "white",
                    zorder=3,
                )
            axes.plot([], [], color=colour, linestyle=line, marker=marker, label=label)
        axes.plot([], [], linestyle="none", marker="o", color="#444444", markerfacecolor="white", label="data lost")
        axes.set(
            xscale="log",
            yscale="log",
            ylim=(1e-5, 1.6),
            xlabel="data rate in bytes a second",
            ylabel="share of the processor's time",
        )
        axes.yaxis.set_major_formatter(FuncFormatter(_per_cent))
        axes.xaxis.set_major_formatter(FuncFormatter(_rate))
        _mark(axes, 960, "9600 baud")
        _mark(axes, 40e6, "SCSI")
        axes.set_title("What a data rate costs, by interrupts and by DMA")
        axes.legend(loc="lower right", bbox_to_anchor=(0.93, 0.0))
    return figure


def _mark(axes: Axes, rate: float, text: str) -> None:
    axes.axvline(rate, color="#AAAAAA", linewidth=1, linestyle="--", zorder=1)
    axes.text(rate * 0.93, 1.3e-5, text, rotation=90, ha="right", va="bottom", color="#666666")


def _rate(value: float, _position: object = None) -> str:
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def needed_clocks(figures: dict[str, Any]) -> Figure:
    """Draw the clock that each channel type and timing needs for 40 Mbyte/s."""
    with rc_context(_STYLE):
        figure = _figure(height=5.0)
        axes = figure.subplots()
        rows = figures["rows"]
        places = [len(rows) - index + (0.6 if row["bits"] == 8 else 0) for index, row in enumerate(rows)]
        needed = [row["mhz_for_40_mbyte"] for row in rows]
        axes.barh(places, needed, height=0.72, color=[ORANGE if row["bits"] == 8 else BLUE for row in rows])
        for place, row, value in zip(places, rows, needed, strict=True):
            axes.text(value + 5, place, f"{value:.1f} MHz, {row['clocks']:.4g} clocks", va="center")
        axes.axvline(4, color=RED, linewidth=1.5)
        axes.text(9, max(places) + 0.75, "an AT's 4 MHz", color=RED, va="bottom", ha="left")
        axes.set_yticks(places, [row["label"] for row in rows])
        axes.set(xlabel="8237A clock in MHz that moves 40 Mbyte/s", xlim=(0, max(needed) * 1.3))
        axes.set_ylim(0.3, max(places) + 1.3)
        axes.grid(axis="y", visible=False)
        axes.set_title("How fast the controller must be clocked for 40 Mbyte/s")
    return figure


def shares(figures: dict[str, Any]) -> Figure:
    """Draw who had the bus while all devices ran at once, whole and enlarged without the free part."""
    with rc_context(_STYLE):
        figure = _figure(height=3.6)
        axes = figure.subplots(2, 1)
        parts = {name: part for name, part in figures["shares"].items() if part}
        busy = {name: part for name, part in parts.items() if name != "idle"}
        owners = {f"channel {channel}": m["name"] for m in figures["members"] for channel in m["channels"]}
        for row, shown in zip(axes, (parts, busy), strict=True):
            left = 0.0
            for name, part in shown.items():
                text, colour = _OWNERS[name]
                label = f"{text}: {owners[name]}" if name in owners else text
                row.barh([0], [part], left=left, color=colour, label=f"{label}, {100 * part:.3g} %", height=0.8)
                left += part
            row.set(yticks=[], xlim=(0, left))
            row.xaxis.set_major_formatter(FuncFormatter(_per_cent))
            row.grid(visible=False)
            row.spines["left"].set_visible(False)
        axes[0].set_title(f"Who had the bus in {figures['clocks']:,} clocks")
        axes[1].set_xlabel("part of all clocks; below without the free ones")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9)
    return figure


def as_svg(figure: Figure) -> str:
    """Return a picture as an ``<svg>`` element."""
    text = io.StringIO()
    with rc_context(_STYLE):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def as_png(figure: Figure) -> bytes:
    """Return a picture as a PNG file."""
    data = io.BytesIO()
    with rc_context(_STYLE):
        figure.savefig(data, format="png", dpi=_DPI)
    return data.getvalue()
