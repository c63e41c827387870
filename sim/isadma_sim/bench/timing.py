"""Times one engine in a process of its own, and prints JSON: ``python -m isadma_sim.bench.timing ENGINE``."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from isadma_sim.bench.load import CHANNEL, start
from isadma_sim.bench.parts import microseconds, recorded, refreshing, watched
from isadma_sim.pc import PC

#: CPU seconds that a figure is measured over, at least.
_SECONDS = 0.5
#: How often each is measured; the best counts, as other load only ever slows.
_TIMES = 8
#: Bytes moved, and how long one of them may take before it is left out.
_SIZES = (1 << 10, 1 << 16, 1 << 20, 1 << 24)
_PATIENCE = 120.0
#: In so many turns the largest size is moved, with the smaller ones between them, so that all meet the same other load;
#: but each smaller one for so many seconds in all.
_TURNS = 16
_ENOUGH = 20.0


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident_mib() -> float:
    """Memory held now; where the system does not say it, the most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return _peak_mib()
    return pages * resource.getpagesize() / 2**20


def _best(work: Callable[[], float], times: int = _TIMES) -> float:
    return max(work() for _ in range(times))


def _clocks_per_second(pc: PC) -> tuple[float, int]:
    """Return clocks a second under load, and how many clocks that took to find out."""
    clocks = 500
    while True:
        begun = time.process_time()
        pc.run(clocks=clocks)
        took = time.process_time() - begun
        if took >= _SECONDS:
            return clocks / took, clocks
        clocks = int(clocks * max(2.0, min(_SECONDS * 1.2 / max(took, 1e-3), 50)))


def _accesses_per_second(pc: PC) -> float:
    count = 50
    while True:
        begun = time.process_time()
        for _ in range(count):
            pc.outb(0x80, 0x55)
            pc.inb(0x08)
        took = time.process_time() - begun
        if took >= _SECONDS:
            return 2 * count / took
        count *= 4


def _seconds(pc: PC, size: int) -> float:
    """CPU seconds to move so many bytes, or a few more."""
    end = pc.stats.bytes[CHANNEL] + size
    begun = time.process_time()
    while (left := end - pc.stats.bytes[CHANNEL]) > 0:
        pc.run(clocks=4 * left)
    return time.process_time() - begun


def _growth(engine: str, bytes_per_second: float) -> dict[str, float]:
    """CPU seconds for each byte, by bytes moved since a machine was switched on."""
    sizes = [size for size in _SIZES if size <= _PATIENCE * bytes_per_second]
    took, moved = dict.fromkeys(sizes, 0.0), dict.fromkeys(sizes, 0)
    with PC(engine=engine) as longest:
        start(longest)
        for _ in range(_TURNS):
            for size in sizes[:-1]:
                if took[size] >= _ENOUGH:
                    continue
                with PC(engine=engine) as fresh:
                    start(fresh)
                    took[size] += _seconds(fresh, size)
                    moved[size] += fresh.stats.bytes[CHANNEL]
                gc.collect()  # a machine's memory goes when the collector comes, and here are many machines
            took[sizes[-1]] += _seconds(longest, sizes[-1] // _TURNS)
        moved[sizes[-1]] = longest.stats.bytes[CHANNEL]
    return {str(size): took[size] / moved[size] for size in sizes}


def main(engine: str) -> None:
    """Measure an engine and print one JSON object."""
    begun = time.perf_counter()
    pc = PC(engine=engine)
    build = time.perf_counter() - begun
    accesses = _best(lambda: _accesses_per_second(pc))
    start(pc)
    rates = [_clocks_per_second(pc)]
    held = _resident_mib()
    rates += [_clocks_per_second(pc) for _ in range(_TIMES - 1)]
    grown = _resident_mib() - held
    rate, _ = max(rates)
    before = pc.stats
    moved, clocks = before.bytes[CHANNEL], before.clocks
    pc.run(clocks=int(rate / 10) + 1000)
    after = pc.stats
    per_clock = (after.bytes[CHANNEL] - moved) / (after.clocks - clocks)
    waves = watched(pc, lambda pc: max(_clocks_per_second(pc)[0] for _ in range(2)))
    trace = recorded(pc, lambda pc: max(_clocks_per_second(pc)[0] for _ in range(2)))
    pc.close()
    ports = microseconds(engine)
    refresh = refreshing(engine, lambda pc: max(_clocks_per_second(pc)[0] for _ in range(4)))
    growth = _growth(engine, per_clock * rate)
    figures = {
        "clocks_per_s": rate,
        "transfers_per_s": rate * per_clock,
        "bytes_per_s": rate * per_clock,
        "port_accesses_per_s": accesses,
        "port_us": ports,
        "refresh_clocks_per_s": refresh,
        "waves_clocks_per_s": waves,
        "trace_clocks_per_s": trace,
        "peak_rss_mib": _peak_mib(),
        "rss_growth_mib": grown,
        "build_s": build,
    }
    print(json.dumps({"figures": figures, "growth": growth}))


if __name__ == "__main__":
    main(sys.argv[1])
