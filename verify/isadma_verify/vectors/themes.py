"""The themes of the vectors: each draws stages that go through one part of the chip, its combinations in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from isadma_verify.vectors.programs import between, clear, mixed, program, software
from isadma_verify.vectors.registers import registers
from isadma_verify.vectors.scene import Stage
from isadma_verify.vectors.services import cascade, compete, copy, end, refresh, transfer

__all__ = ["REGISTERS", "SHARES", "THEMES", "draw"]

REGISTERS = "registers"
"""The theme in which each vector is about one rule."""


def draw(theme: str, number: int, rng: Random) -> Stage:
    """Draw a theme's stage of a number; numbers that follow one another go through its combinations."""
    stage = THEMES[theme](number, rng)
    stage.grant, stage.release = stage.grant or rng.choice((0, 0, 1, 3)), stage.release or rng.choice((0, 0, 1, 2))
    stage.noise = stage.noise or (rng.randrange(1, 1 << 32) if rng.randrange(4) == 0 else 0)
    return stage


THEMES: Mapping[str, Callable[[int, Random], Stage]] = {
    "transfer": transfer,
    "copy": copy,
    "cascade": cascade,
    "compete": compete,
    "program": program,
    REGISTERS: registers,
    "between": between,
    "end": end,
    "software": software,
    "clear": clear,
    "refresh": refresh,
    "mixed": mixed,
}
"""By name."""

SHARES = {
    "transfer": 28,
    "copy": 14,
    "cascade": 5,
    "compete": 10,
    "program": 9,
    REGISTERS: 4,
    "between": 9,
    "end": 9,
    "software": 5,
    "refresh": 1,
    "mixed": 4,
    "clear": 2,
}
"""Per cent of a pack."""
