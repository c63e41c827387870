"""Times the parts of a machine that software feels: its ports one by one, refresh, and waveforms."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from isadma_sim.machine.device import Device
from isadma_sim.pc import PC

__all__ = ["PORTS", "microseconds", "recorded", "refreshing", "watched"]

#: A port that nobody else has, answered by a device in Python.
_OWN = 0x300
#: Batches of accesses that a median is taken of, and CPU seconds of one of them.
_BATCHES, _SECONDS = 15, 0.01


class _Answers(Device):
    name = "bench port"
    ports = (_OWN,)

    def io_read(self, port: int) -> int:
        return 0x5A


def _latched(pc: PC) -> None:
    pc.outb(0x43, 0x00)
    pc.inb(0x40)
    pc.inb(0x40)


#: What is done, and how many accesses that is.
PORTS: dict[str, tuple[Callable[[PC], object], int]] = {
    "8237A": (lambda pc: pc.inb(0x08), 1),
    "8259A mask": (lambda pc: pc.outb(0x21, 0xFB), 1),
    "8254 latch and read": (_latched, 3),
    "port 61h": (lambda pc: pc.inb(0x61), 1),
    "device in Python": (lambda pc: pc.inb(_OWN), 1),
}


def microseconds(engine: str) -> dict[str, float]:
    """Return CPU microseconds of an access, by who answers it: medians, taken in turns."""
    with PC(engine=engine) as pc:
        pc.attach(_Answers())
        took: dict[str, list[float]] = {name: [] for name in PORTS}
        counts = {name: _count(pc, act) for name, (act, _) in PORTS.items()}
        for _ in range(_BATCHES):
            for name, (act, accesses) in PORTS.items():
                took[name].append(_seconds(pc, act, counts[name]) / counts[name] / accesses * 1e6)
        return {name: statistics.median(each) for name, each in took.items()}


def _count(pc: PC, act: Callable[[PC], object]) -> int:
    count = 1
    while _seconds(pc, act, count) < _SECONDS:
        count *= 2
    return count


def _seconds(pc: PC, act: Callable[[PC], object], count: int) -> float:
    begun = time.process_time()
    for _ in range(count):
        act(pc)
    return time.process_time() - begun


def refreshing(engine: str, rate: Callable[[PC], float]) -> float:
    """Return clocks a second of a PC/XT that does nothing but refresh its memory."""
    with PC(engine=engine, board="xt", refresh=True) as pc:
        return rate(pc)


def watched(pc: PC, rate: Callable[[PC], float]) -> float:
    """Return clocks a second of a PC while all its signals go to an FST."""
    with tempfile.TemporaryDirectory(prefix="isadma-bench-") as folder:
        pc.waves(Path(folder) / "bench.fst", limit=1 << 40)
        try:
            return rate(pc)
        finally:
            pc.waves(None)


def recorded(pc: PC, rate: Callable[[PC], float]) -> float:
    """Return clocks a second of a PC while it is recorded for a timeline."""
    with tempfile.TemporaryDirectory(prefix="isadma-bench-") as folder:
        pc.timeline(Path(folder) / "bench.trace")
        try:
            return rate(pc)
        finally:
            pc.timeline(None)
