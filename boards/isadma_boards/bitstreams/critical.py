"""The slowest path of a placed design, in words."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["in_words"]


def _place(cell: str) -> str:
    """Return what of our design a cell's name is about: its instances, without what the tools appended."""
    return re.sub(r"(_SB_|_TRELLIS_|_DFF|_LUT|_LC|_RAM|\$|\[).*$", "", cell).removeprefix("pc.").rstrip(".") or cell


def in_words(report: Mapping[str, Any]) -> str:
    """
    Describe the longest path between two flip-flops.

    Parameters
    ----------
    report
        What nextpnr wrote with ``--report``.

    Returns
    -------
    str
        Where it begins and ends, how long it takes, how much of that is wiring; empty if the report has no path.
    """
    inside = [path for path in report.get("critical_paths", []) if "async" not in path["from"] + path["to"]]
    if not inside:
        return ""
    steps = max((path["path"] for path in inside), key=lambda steps: sum(step["delay"] for step in steps))
    total = sum(step["delay"] for step in steps)
    wiring = sum(step["delay"] for step in steps if step["type"] == "routing")
    logic = sum(step["type"] == "logic" for step in steps)
    return (
        f"from {_place(steps[0]['from']['cell'])} to {_place(steps[-1]['to']['cell'])}: {total:.1f} ns through"
        f" {logic} cells, {100 * wiring / total:.0f} % of it wiring"
    )
