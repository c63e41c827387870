"""A dump of one's own as a scene: its signals read back, and the clocks around an event cut out for a picture."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from vcd.reader import TokenKind, VCDParseError, tokenize

from isadma_cli.scenes.played import Played
from isadma_cli.scenes.scene import Scene
from isadma_sim.waves.samples import Sample, every_clock, samples
from isadma_sim.waves.signals import Signal
from isadma_sim.waves.window import as_mark

__all__ = ["dumped"]

_CHANNELS = (0, 1, 2, 3, 5, 6, 7)
_BEFORE = 8
"""Clocks of the picture before its event."""
_NEEDED = ("clk", "cpu.hlda", "cpu.access", "isa.a", "isa.aen", "isa.master", "dma.dack3_n")


def dumped(vcd: Path, at: str | None, clocks: int) -> Played:
    """Read a dump, and cut out the clocks around an event.

    Parameters
    ----------
    vcd : Path
        What `PC.waves` or ``--waves`` has written, as ``.vcd``.
    at : str, optional
        ``dreqN``, ``dackN``, ``tc``, ``hrq``: the first clock in which it is active. Else the first with a DACK#.
    clocks : int
        Clocks of the picture.

    Raises
    ------
    ValueError
        It is no such dump, or the event is not in it; one line with the way out.
    """
    if vcd.suffix.lower() != ".vcd":
        raise ValueError(f"'{vcd}' cannot be read back: let the dump be a .vcd")
    try:
        signals = _signals(vcd)
    except (VCDParseError, ValueError, IndexError) as error:
        raise ValueError(f"'{vcd}' is no VCD: {error}") from None
    lacking = next((name for name in _NEEDED if name not in signals), None)
    if lacking is not None:
        raise ValueError(f"'{vcd}' is no dump of this machine (pc.waves, --waves): it has no {lacking}")
    event = _event(at) if at is not None else None
    try:
        found, number = _around(every_clock(samples(vcd)), event, clocks)
    except (VCDParseError, KeyError, IndexError) as error:
        raise ValueError(f"'{vcd}' is damaged: {error}") from None
    if number is None:
        raise ValueError(f"'{vcd}' never has {at or 'a DACK#'}: --at names another event, or the dump ends too early")
    scene = Scene(vcd.stem, vcd.stem, lambda stage: None, _lines(signals, found), event or ("", 0), clocks=clocks)
    period = found[1]["time"] - found[0]["time"]
    return Played(scene, vcd, signals, found, number, found[-1]["time"] + period)


def _signals(vcd: Path) -> dict[str, Signal]:
    """Return the dump's signals by their names, without the top scope."""
    scopes: list[str] = []
    found: dict[str, Signal] = {}
    with vcd.open("rb") as stream:
        for token in tokenize(stream):
            if token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes.pop()
            elif token.kind is TokenKind.VAR:
                width = 0 if token.var.type_.value == "string" else token.var.size
                signal = Signal(scopes[-1], ".".join(scopes), token.var.reference, width)
                found[".".join([*scopes[1:], token.var.reference])] = signal
            elif token.kind is TokenKind.ENDDEFINITIONS:
                return found
    return found


def _event(at: str) -> tuple[str, int]:
    mark = as_mark(at)
    line = re.fullmatch(r"(dreq|dack)(\d)", str(mark))
    if line is not None:
        return (f"dma.drq{line[2]}", 1) if line[1] == "dreq" else (f"dma.dack{line[2]}_n", 0)
    if mark not in ("tc", "hrq"):
        raise ValueError(f"--at {at!r}: a picture is drawn around dreqN, dackN (N 0-3 or 5-7), tc or hrq")
    return ("isa.tc", 1) if mark == "tc" else ("cpu.hrq", 1)


def _around(clocks: Iterator[Sample], event: tuple[str, int] | None, most: int) -> tuple[list[Sample], int | None]:
    """Return the picture's clocks and the event's index in them; the dump is read no further than that."""
    before: deque[Sample] = deque(maxlen=_BEFORE)
    for now in clocks:
        if now.get(event[0]) == event[1] if event else any(now[f"dma.dack{n}_n"] == 0 for n in _CHANNELS):
            found = [*before, now]
            number = len(before)
            found += [later for later, _ in zip(clocks, range(most - len(found)), strict=False)]
            return (found, number) if len(found) > 1 else (found, None)
        before.append(now)
    return [], None


def _lines(signals: dict[str, Signal], clocks: list[Sample]) -> tuple[str, ...]:
    """Choose what moves: channels that ask or are served, strobes that go low; and what is in every picture."""
    states = {"DMA": "dma.state", "DMA 1": "dma1.state", "DMA 2": "dma2.state"}
    busy = [n for n in _CHANNELS if any(now[f"dma.drq{n}"] or now[f"dma.dack{n}_n"] == 0 for now in clocks)]
    strobes = {"IOR#": "isa.ior_n", "IOW#": "isa.iow_n", "MEMR#": "isa.memr_n", "MEMW#": "isa.memw_n"}
    moving = [label for label, name in strobes.items() if any(now[name] == 0 for now in clocks)]
    return (
        "CLK",
        *(label for label, name in states.items() if name in signals),
        *(f"DRQ{n}" for n in busy),
        *("HRQ", "HLDA", "AEN"),
        *(f"DACK{n}#" for n in busy),
        *("A23-A0", *moving, "D15-D0", "TC"),
    )
