"""Functional coverage in the benches: the bins of `isadma fuzz`, counted along the pins that a bench has driven."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cocotb_coverage.coverage import CoverPoint, coverage_db

from isadma_verify.cosim.common.stepping import Agent
from isadma_verify.fuzz.coverage import unreachable
from isadma_verify.fuzz.library import load
from isadma_verify.fuzz.merged import add
from isadma_verify.fuzz.targets import target

__all__ = ["Collector"]

TARGETS = {"nmos": "i8237", "cmos": "82c37"}
"""The fuzz target whose bins a variant's are."""
#: What cocotb-coverage writes into the folder that the benches run in.
XML = "coverage.xml"
_ROOT = "isadma"


class Collector(Agent):
    """Keeps what each fabric clock of a bench showed the chip, and counts its bins when the bench ends.

    The golden model in C++ follows those pins from the bench's own RESET on, and the bins are counted from its states,
    by the very code that counts them in `isadma fuzz`. They go to cocotb-coverage's database, one cover point for each
    group, and to the file.

    Parameters
    ----------
    path : Path
        File as of `isadma fuzz --coverage`; the bins count there as ``benches``.
    variant : str
        ``"nmos"`` or ``"cmos"``.
    """

    def __init__(self, path: Path, variant: str) -> None:
        self._path, self._target = path, TARGETS[variant]
        self._library = load(target(self._target))
        self._points = _points(self._target, self._library.bins)
        self._inputs: list[tuple[int, ...]] = []
        self._edges: list[tuple[bool, bool]] = []

    def watch(self, sample: Any) -> None:
        """Keep a fabric clock."""
        s = sample
        lines = (s.reset, s.cs_n, s.ready, s.hlda, s.dreq, s.ior_n, s.iow_n, s.eop_n, s.db, s.a & 0xF)
        self._inputs.append(lines)
        self._edges.append((s.rises, s.falls))

    def end(self) -> None:
        """Count what the bench has met."""
        counters = self._library.counters()
        self._library.follow(self._inputs, self._edges, counters)
        bins = dict(zip(self._library.bins, counters, strict=True))
        add(self._path, self._target, "benches", len(self._edges), bins)
        for name, count in bins.items():
            if count and name in self._points:
                self._points[name](name)
        coverage_db.export_to_xml(XML)


def _points(name: str, bins: list[str]) -> Mapping[str, Callable[[str], Any]]:
    """Declare cocotb-coverage's points, once a process; return what samples each bin that can be reached."""
    groups: dict[str, list[str]] = {}
    for each in bins:
        if unreachable(name, each) is None:
            groups.setdefault(each.partition(" | ")[0], []).append(each)
    sampled: dict[str, Callable[[str], Any]] = {}
    for group, names in groups.items():
        # The database makes the parts of a point's name elements of its XML.
        point = f"{_ROOT}.chip_{name}.{re.sub(r'[^A-Za-z0-9]+', '_', group.partition(' (')[0]).strip('_')}"

        @CoverPoint(point, xf=lambda met: met, bins=names)
        def sample(met: str) -> None:
            """Count a bin."""

        sampled |= dict.fromkeys(names, sample)
    return sampled
