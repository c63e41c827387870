"""A scene played: the machine run, its dump read back, and the clocks of the picture cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_cli.scenes.scene import LINES, Line, Scene
from isadma_sim import PC
from isadma_sim.waves.diagram import Trace
from isadma_sim.waves.samples import Sample, every_clock, samples
from isadma_sim.waves.signals import Signal

__all__ = ["Played", "play"]


@dataclass(frozen=True)
class Played:
    """What a scene has shown.

    Attributes
    ----------
    scene : Scene
        The scene.
    dump : Path
        Its waveforms.
    signals : dict
        The dump's signals by their names, without the top scope.
    clocks : list
        The samples of the picture's clocks.
    event : int
        Index of the event's clock in `clocks`.
    end : int
        Where the picture ends, in the dump's units.
    """

    scene: Scene
    dump: Path
    signals: dict[str, Signal]
    clocks: Sequence[Sample]
    event: int
    end: int

    @property
    def begin(self) -> int:
        """Where the picture begins, in the dump's units."""
        return int(self.clocks[0]["time"])

    @property
    def marked(self) -> int:
        """Where the event's clock begins, in the dump's units."""
        return int(self.clocks[self.event]["time"])

    @property
    def lines(self) -> list[Line]:
        """The picture's lines."""
        return [LINES[label] for label in self.scene.lines]

    def shown(self, line: Line) -> list[Any]:
        """Return what a line shows in each clock: levels, or words with "" where it floats."""
        if line.kind == "clock":
            return [0] * len(self.clocks)
        if line.kind == "bit":
            return [int(now[line.signal] or 0) for now in self.clocks]
        return [_word(line, now) for now in self.clocks]

    def traces(self) -> list[Trace]:
        """Return the lines for a drawing."""
        kinds = {"clock": "clock", "bit": "bit"}
        return [Trace(line.label, kinds.get(line.kind, "bus"), self.shown(line)) for line in self.lines]


class _Stage:
    def __init__(self, pc: PC, dump: Path) -> None:
        self.pc = pc
        self._dump = dump
        self.signals: list[Signal] = []

    def begin(self) -> None:
        waves = self.pc.waves(self._dump)
        assert waves is not None
        self.signals = waves.signals


def play(scene: Scene, dump: Path, folder: Path, engine: str | None = None) -> Played:
    """Play a scene.

    Parameters
    ----------
    scene : Scene
        The scene.
    dump : Path
        The waveforms: ``.vcd`` or ``.fst``.
    folder : Path
        For what is read back, and for what the scene's devices need.
    engine : str, optional
        What runs the machine.

    Raises
    ------
    ValueError
        The scene's event did not come.
    """
    readable = dump if dump.suffix == ".vcd" else folder / f"{scene.name}.vcd"
    for path in {dump, readable}:
        signals = _run(scene, path, folder, engine)
    found = list(every_clock(samples(readable)))
    signal, level = scene.event
    event = next((number for number, now in enumerate(found) if now.get(signal) == level), None)
    if event is None:
        raise ValueError(f"the scene {scene.name!r} never had {signal} at {level}")
    first = max(0, event - scene.before)
    clocks = found[first : first + scene.clocks]
    period = clocks[1]["time"] - clocks[0]["time"]
    by_name = {s.path.partition(".")[2].partition("[")[0]: s for s in signals}
    return Played(scene, dump, by_name, clocks, event - first, clocks[-1]["time"] + period)


def _run(scene: Scene, dump: Path, folder: Path, engine: str | None) -> list[Signal]:
    options = {name: value(folder) if callable(value) else value for name, value in scene.options.items()}
    with PC(engine=engine, **options) as pc:
        stage = _Stage(pc, dump)
        scene.play(stage)
        pc.waves(None)
    return stage.signals


def _word(line: Line, now: Sample) -> str:
    value = now[line.signal]
    if value is None or value == "-":
        return ""
    if line.kind == "address":
        return f"{value:06X}h" if _addressed(now) else ""
    if line.kind == "data":
        word = not now["isa.sbhe_n"] and not (now["isa.a"] or 0) & 1
        return f"{value:04X}h" if word else f"{value & 0xFF:02X}h"
    return str(value)


def _addressed(now: Sample) -> bool:
    # What a processor that looks for nothing leaves on the address lines is nobody's.
    return bool(now["isa.aen"]) or now["cpu.access"] != "-" or now["isa.master"] in ("card", "refresh")
