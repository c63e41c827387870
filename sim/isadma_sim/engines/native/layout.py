"""Writes `layout.h`: the packed pins and the CPU cycle of `engines/`, as C++ constants."""

from __future__ import annotations

from isadma_sim.engines import clocks
from isadma_sim.engines.pins import In, Out

__all__ = ["layout_header"]


def layout_header() -> str:
    """Return the text of ``layout.h``: masks and lowest bits of every pin, and the clocks of a CPU cycle."""
    lines = [
        "// Packed pins and CPU cycle, from engines/pins.py and engines/clocks.py.",
        "#pragma once",
        "#include <cstdint>",
    ]
    for word in (In, Out):
        prefix = word.__name__.upper()
        for field in word.FIELDS:
            name = f"{prefix}_{field.name.upper()}"
            lines.append(f"constexpr uint64_t {name} = {field.mask:#x};")
            lines.append(f"constexpr int {name}_LOW = {field.low};")
        lines.append(f"constexpr uint64_t {prefix}_IDLE = {word.IDLE:#x};")
    for name in ("SETUP_CLOCKS", "STROBE_CLOCKS", "HOLD_CLOCKS", "RECOVERY_CLOCKS", "SETTLE_CLOCKS"):
        lines.append(f"constexpr int {name} = {getattr(clocks, name)};")
    return "\n".join(lines) + "\n"
