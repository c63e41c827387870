"""Times engines side by side, each in a process of its own, so that memory is counted for one at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from isadma_sim.engines.base import ENGINES
from isadma_tools.processes.workers import run_child

__all__ = ["PC_CLOCK_HZ", "BenchError", "Figures", "Report", "measure"]

#: The clock of the original PC's 8237A.
PC_CLOCK_HZ = 4_772_727
#: Seconds of wall time that one engine may take.
_TIMEOUT = 900


class BenchError(RuntimeError):
    """An engine could not be measured; one line says why."""


@dataclass(frozen=True)
class Figures:
    """One engine under load: CPU seconds of one core, the best of eight times.

    ``transfers_per_s`` and ``bytes_per_s`` are those of an 8-bit channel of DMA 1 in demand mode, with the AT's wait
    state. ``peak_rss_mib`` is the most memory the whole measurement took, ``rss_growth_mib`` what one machine took more
    while it moved bytes for some seconds. ``port_us`` are CPU microseconds of an access, by who answers;
    ``refresh_clocks_per_s`` is a PC/XT's that only refreshes, ``waves_clocks_per_s`` the busy AT's with an
    FST, ``trace_clocks_per_s`` the same recorded for a timeline. ``build_s`` is the wall time from nothing to a PC
    that runs.
    """

    clocks_per_s: float
    transfers_per_s: float
    bytes_per_s: float
    port_accesses_per_s: float
    port_us: Mapping[str, float]
    refresh_clocks_per_s: float
    waves_clocks_per_s: float
    trace_clocks_per_s: float
    peak_rss_mib: float
    rss_growth_mib: float
    build_s: float


@dataclass(frozen=True)
class Report:
    """All engines of one run; ``growth`` has CPU seconds for each byte, by engine and by bytes moved."""

    engines: Mapping[str, Figures]
    growth: Mapping[str, Mapping[str, float]]

    def json(self) -> str:
        """Return the report as one line of JSON."""
        return json.dumps({"engines": {k: asdict(v) for k, v in self.engines.items()}, "growth": self.growth})


def measure(engines: Sequence[str], *, progress: Callable[[str], None] = lambda step: None) -> Report:
    """
    Time engines one after the other.

    Parameters
    ----------
    engines
        Names out of `isadma_sim.ENGINES`.
    progress
        Called with a short sentence before each.

    Raises
    ------
    BenchError
        An engine could not be had, or did not end in time.
    """
    figures, growth = {}, {}
    for name in engines:
        if name not in ENGINES:
            raise BenchError(f"no engine named {name!r}: use {', '.join(sorted(ENGINES))}")
        progress(f"timing {name}")
        told = _told_by(name)
        figures[name] = Figures(**told["figures"])
        growth[name] = told["growth"]
    return Report(figures, growth)


def _told_by(name: str) -> dict[str, dict[str, Any]]:
    # An empty cache, so that the build is timed too.
    with tempfile.TemporaryDirectory(prefix="isadma-bench-") as cache:
        try:
            done = run_child(
                [sys.executable, "-m", "isadma_sim.bench.timing", name],
                env={**os.environ, "ISADMA_CACHE": cache},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=_TIMEOUT,
            )
        except subprocess.TimeoutExpired as error:
            raise BenchError(f"engine {name} was not through after {_TIMEOUT} s") from error
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise BenchError(f"engine {name} could not be timed: {said[-1]}")
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told
