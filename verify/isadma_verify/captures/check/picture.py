"""The clocks around the first difference: as rows of text, and as a timing diagram in the guide's style."""

from __future__ import annotations

import io

from isadma_sim.engines.states import STATE_NAMES
from isadma_sim.waves.diagram import Trace, draw
from isadma_verify.captures.check.run import Difference

__all__ = ["as_svg", "sentence", "traces"]

#: Lines of the capture that are shown beside those that differ, and outputs of the bench.
_CAPTURED = ("s2", "s1", "s0", "ready", "dreq0", "dreq1", "dreq2", "dreq3", "hlda", "iochrdy", "ior_n", "iow_n")
_SHOWN = ("hrq", "hlda", "aen")


def label(line: str) -> str:
    """Return a line's name as it is written on a board: ``DACK0#``."""
    return line.removesuffix("_n").upper() + ("#" if line.endswith("_n") else "")


def sentence(found: Difference) -> str:
    """Say in words what differs first."""
    parts = [
        f"{label(line)} is {mine} in the capture and {ours} in the RTL" for line, (mine, ours) in found.lines.items()
    ]
    state = STATE_NAMES.get(found.shown["state"][found.clock - found.first], "?") if "state" in found.shown else "?"
    return f"clock {found.clock:,} (the 8237 is in {state}): {'; '.join(parts)}"


def traces(found: Difference) -> list[Trace]:
    """Return what there is to see around it."""
    at = frozenset({found.clock - found.first})
    rows = []
    if "state" in found.shown:
        rows.append(Trace("8237", "bus", [STATE_NAMES.get(code, "?") for code in found.shown["state"]]))
    rows += [Trace(label(line), "bit", found.captured[line]) for line in _CAPTURED if line in found.captured]
    rows += [Trace(f"{label(line)} (RTL)", "bit", found.shown[line]) for line in _SHOWN if line in found.shown]
    for line in found.lines:
        rows.append(Trace(f"{label(line)}, captured", "bit", found.captured[line], at))
        rows.append(Trace(f"{label(line)}, RTL", "bit", _bits(found, line), at))
    return rows


def _bits(found: Difference, line: str) -> list[int]:
    if line in found.shown:
        return found.shown[line]
    if line == "eop_n":
        return [1 - level for level in found.shown["tc"]]
    stem = "dack_n" if line.startswith("dack") else line.rstrip("0123456789")
    bit = int("".join(c for c in line if c.isdigit()))
    return [word >> bit & 1 for word in found.shown[stem]]


def as_svg(found: Difference) -> str:
    """Return the diagram as SVG."""
    stream = io.BytesIO()
    draw(traces(found), f"The first clock that differs: {found.clock:,}", stream, first=found.first)
    return stream.getvalue().decode()
