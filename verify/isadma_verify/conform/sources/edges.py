"""Which edges of a clock a core's sources use."""

import re
from collections.abc import Sequence
from pathlib import Path

__all__ = ["rising_only"]

_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/|--[^\n]*", re.DOTALL)

#: A rising edge, and what a core has that does something at the falling one or by the level.
_RISES = re.compile(r"\bposedge\b|\brising_edge\b|'\s*event\s+and\s+\w+\s*=\s*'1'", re.IGNORECASE)
_FALLS = re.compile(r"\bnegedge\s+(\w+)|\bfalling_edge\b|'\s*event\s+and\s+\w+\s*=\s*'0'", re.IGNORECASE)
_EVENT = re.compile(r"\b\w+\s*'\s*event\s+and\s+\w+\s*=\s*'[01]'", re.IGNORECASE)
_RESET = re.compile(r"re?se?t|clr|clear|por", re.IGNORECASE)


def rising_only(files: Sequence[Path], clock: str) -> bool:
    """
    Tell whether a core moves with the rising edge of its clock alone.

    Parameters
    ----------
    files
        All its sources.
    clock
        The name of the clock's port.

    Returns
    -------
    bool
        False where a source cannot be read, or leaves it open.
    """
    try:
        text = "\n".join(_COMMENTS.sub("", file.read_text("latin-1")) for file in files)
    except OSError:
        return False
    if any(found[1] is None or not _RESET.search(found[1]) for found in _FALLS.finditer(text)):
        return False
    # A clock whose level is looked at makes latches, or is both edges' own: @(clk, reset), if (clk), clk = 1.
    name, rest = re.escape(clock), _EVENT.sub("", text)
    level = re.search(rf"@\s*\(\s*{name}\b|[(,&|~!]\s*{name}\s*(?:==|&|\|)|\bif\s*\(\s*{name}\b", rest, re.IGNORECASE)
    inverted = re.search(rf"(?:~|!|\bnot)\s*{name}\b", rest, re.IGNORECASE)
    return _RISES.search(text) is not None and level is None and inverted is None
