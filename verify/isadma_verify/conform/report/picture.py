"""The pins around a break, as a timing diagram in the guide's style."""

import io
from collections.abc import Mapping
from typing import Any

from isadma_sim.waves.diagram import Trace, draw
from isadma_verify.conform.run.verdicts import Break

#: Levels and words, in the order of a data sheet's figure: label and the key of what is shown.
_LEVELS = (
    ("RESET", "reset"),
    ("CS#", "cs_n"),
    ("HRQ", "hrq"),
    ("HLDA", "hlda"),
    ("AEN", "aen"),
    ("ADSTB", "adstb"),
    ("READY", "ready"),
    ("IOR#", "ior_n"),
    ("IOW#", "iow_n"),
    ("MEMR#", "memr_n"),
    ("MEMW#", "memw_n"),
    ("EOP#", "eop_n"),
    ("TC", "tc"),
)
_WORDS = (("DREQ", "dreq"), ("DACK", "dack"), ("A", "a"), ("DB", "db"), ("D", "d"))


def _level(sample: Mapping[str, Any], key: str) -> Any:
    """Return what a wire showed: the core's level where only the core has it."""
    return sample[key] if key in sample else sample["drives"].get(key)


def _word(sample: Mapping[str, Any], key: str) -> str:
    drives = sample["drives"]
    if key in ("a", "db", "d"):
        level = drives.get(key)
        reads = not sample["ior_n"] or not sample["iow_n"] or not sample["memr_n"] or not sample["memw_n"]
        if level is None and reads:
            level = sample[key]
        return "" if level is None else f"{level:02X}"
    level = sample.get(key, drives.get(key))
    return "" if level is None else f"{level:X}"


def traces(found: Break) -> list[Trace]:
    """Return the lines of a diagram; those that never move are left out, but for HRQ and HLDA."""
    window = found.window
    at = frozenset(index for index, sample in enumerate(window) if sample["count"] == found.clock)
    rows = [Trace("CLK", "bit", [int(sample["high"]) for sample in window], at)]
    for label, key in _LEVELS:
        levels = [_level(sample, key) for sample in window]
        if key not in window[0] and key not in window[0]["drives"]:
            continue
        shown = [1 if level is None else int(level) for level in levels]
        if len(set(shown)) > 1 or key in ("hrq", "hlda"):
            rows.append(Trace(label, "bit", shown, at))
    for label, key in _WORDS:
        if key in window[0] or key in window[0]["drives"]:
            words = [_word(sample, key) for sample in window]
            if any(words):
                rows.append(Trace(label, "bus", words, at))
    return rows


def as_svg(found: Break, title: str) -> str:
    """Return the diagram around a break as SVG; empty where no clock was kept."""
    if not found.window:
        return ""
    stream = io.BytesIO()
    draw(traces(found), title, stream, first=found.window[0]["count"])
    return stream.getvalue().decode()
