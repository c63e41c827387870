"""What C++ is given of a dump that it is to write: the fields of the native engine's ``isadma_dump``, by name."""

from __future__ import annotations

from typing import Any

from isadma_sim.machine.schedule import NEVER
from isadma_sim.waves.files import FstFile
from isadma_sim.waves.window import line_of

__all__ = ["MARGIN", "PIC_SIGNALS", "given_to"]

#: Signals of the interrupt controllers, and their widths.
PIC_SIGNALS = (("irq", 16), ("int", 1), ("in_service", 16), ("mask", 16))
#: What the clocks between two looks at the size, and the end of a file, may take, in bytes.
MARGIN = 32 << 10


def given_to(waves: Any) -> dict[str, Any]:
    """Return what to give; `waves` is a `isadma_sim.waves.dump.Waves` with an FST."""
    assert isinstance(waves._file, FstFile)
    window = waves._window
    begins, ends = (None if name is None else line_of(name) for name in window.events)
    return {
        "plain": {
            **waves._file.calls(),
            **{"clk": waves._clk, "asleep": waves._asleep, "unit": waves._unit, "hz": waves._hz},
            **{"limit": max(waves._limit - MARGIN, 0), "first": waves._first, "clock": waves._clock},
            "last": window.last if isinstance(window.last, int) else NEVER,
            "wakes": window.first if isinstance(window.first, int) else 0,
            **{"begun": -1, "ended": -1, "was": True, "seen_in": waves._seen[0], "seen_out": waves._seen[1]},
        },
        "signals": [(s.name, h, s.width) for s, (h, _) in zip(waves._bus_signals, waves._bus, strict=True)],
        "probes": [(h, s.width, codes) for s, (h, codes) in zip(waves._inner_signals, waves._probes, strict=True)],
        "pics": waves._pic,
        "came_to": waves._file.came_to,
        "begins": begins,
        "ends": ends,
    }
