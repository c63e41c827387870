"""The lines that a capture may have, and how people write their names."""

from __future__ import annotations

import re

__all__ = ["LINES", "line_of"]

_BUSES = {"a": 24, "d": 16, "ad": 8}
_SINGLE = (
    *("clk", "reset", "s0", "s1", "s2", "lock_n", "ready", "hrq", "hlda", "aen", "adstb", "dma_wait", "cs_n"),
    *("ior_n", "iow_n", "memr_n", "memw_n", "iochrdy", "tc", "eop_n", "refresh_n", "master_n", "sbhe_n", "out1"),
    *(f"dreq{n}" for n in range(8)),
    *(f"dack{n}_n" for n in range(8)),
)
#: Every line by its name here. Levels are those of the pin; a name that ends in ``_n`` is of a line that is active low.
LINES: tuple[str, ...] = (*_SINGLE, *(f"{bus}{bit}" for bus, width in _BUSES.items() for bit in range(width)))

#: Other words for a line, without signs of polarity.
_ALSO = {
    "clock": "clk",
    "clk88": "clk",
    "rdy": "ready",
    "holda": "hlda",
    "t/c": "tc",
    "iochrdy": "iochrdy",
    "i/ochrdy": "iochrdy",
    "chrdy": "iochrdy",
    "iordy": "iochrdy",
    "iord": "ior_n",
    "iowr": "iow_n",
    "memrd": "memr_n",
    "memwr": "memw_n",
    "smemr": "memr_n",
    "smemw": "memw_n",
    "resetdrv": "reset",
    "rst": "reset",
    **{f"{word}{n}": f"dreq{n}" for n in range(8) for word in ("dr", "drq", "dreq")},
    **{f"{word}{n}": f"dack{n}_n" for n in range(8) for word in ("dack", "da", "dk")},
    **{f"sa{n}": f"a{n}" for n in range(20)},
    **{f"sd{n}": f"d{n}" for n in range(16)},
}
_BY_WORD = {**{line.removesuffix("_n"): line for line in LINES}, **_ALSO}


def line_of(probe: str) -> str | None:
    """Return the line that a probe's name most likely means; None when it means none of `LINES`."""
    word = probe.strip().lower().rpartition(".")[2]
    word = re.sub(r"[#*~\[\]() ]|^[-/]", "", word)
    if word in _BY_WORD:
        return _BY_WORD[word]
    word = re.sub(r"_n$|_b$|_|^n(?=[a-z]{2})", "", word)
    return _BY_WORD.get(word)
