"""What a scene leaves: save files for GTKWave and Surfer, a WaveDrom text, and the picture."""

# Ref: WaveDrom's WaveJSON: a character a clock, "." goes on, "=" with the next word of `data`, "z" floats.
#      Surfer's command files: one command a line, run by `surfer --command-file`. State files (.surf.ron) hold the
#      program's own types and change with its version: none is written.

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from vcd.gtkw import GTKWSave

from isadma_cli.scenes.played import Played
from isadma_cli.scenes.scene import Line
from isadma_sim.waves.diagram import draw
from isadma_tools.files.whole import write_whole

__all__ = ["write_all", "write_pictures"]

_WIDTH = 4
"""Frames of 200 pixels that a window of usual width shows; GTKWave's zoom is how long such a frame is."""


def write_all(played: Played) -> list[Path]:
    """Write all files beside the dump; return their paths."""
    save = played.dump.with_suffix(".gtkw")
    write_whole(save, gtkwave(played).encode())
    return [played.dump, save, *write_pictures(played)]


def write_pictures(played: Played) -> list[Path]:
    """Write what shows the picture's clocks alone: Surfer's commands, WaveDrom's text, SVG and PNG."""
    written = [played.dump.with_suffix(ending) for ending in (".sucl", ".json", ".svg", ".png")]
    write_whole(written[0], surfer(played).encode())
    write_whole(written[1], (json.dumps(wavedrom(played), indent=1, ensure_ascii=False) + "\n").encode())
    held = [number for number, now in enumerate(played.clocks) if now["cpu.hlda"]]
    shaded = (held[0], held[-1]) if held and held[-1] - held[0] + 1 == len(held) else None
    note = "the CPU has let go of the bus" if shaded else ""
    for path in written[2:]:
        draw(played.traces(), played.scene.about, path, shaded=shaded, note=note)
    return written


def gtkwave(played: Played) -> str:
    """Return a GTKWave save file: the picture's lines, then all others by group; zoomed, the event marked."""
    stream = io.StringIO(newline="\n")
    save = GTKWSave(stream)
    save.comment(f"{played.scene.name}: {played.scene.about}")
    # With the save file's own name GTKWave looks for the dump beside it; without, in the working folder.
    save.dumpfile(played.dump.name, abspath=False)
    save.savefile(played.dump.with_suffix(".gtkw").name, abspath=False)
    span = played.end - played.begin
    save.timestart(played.begin)
    save.zoom_markers(-math.log2(span / _WIDTH), played.marked, a=played.marked)
    save.treeopen("pc")
    shown = {line.signal: line for line in played.lines}
    for line in played.lines:
        save.trace(played.signals[line.signal].path, alias=line.label, datafmt=_format(played, line.signal))
    groups: dict[str, list[str]] = {}
    for name, signal in played.signals.items():
        if name not in shown:
            groups.setdefault(signal.group, []).append(name)
    for group, names in groups.items():
        with save.group(group, closed=True):
            for name in names:
                save.trace(played.signals[name].path, datafmt=_format(played, name))
    return stream.getvalue()


def _format(played: Played, name: str) -> str:
    return "hex" if played.signals[name].width else "ascii"


def surfer(played: Played) -> str:
    """Return a command file for Surfer: the picture's lines, and the cursor on the event."""
    shown = [played.signals[line.signal] for line in played.lines]
    lines = [f"load_file {played.dump.name}", *(f"variable_add {signal.scope}.{signal.name}" for signal in shown)]
    return "\n".join([*lines, "zoom_fit", f"cursor_set {played.marked}", "goto_cursor", ""])


def wavedrom(played: Played) -> dict[str, Any]:
    """Return the picture as WaveJSON."""
    return {
        "signal": [_wave(line, played.shown(line)) for line in played.lines],
        "head": {"text": played.scene.about, "tick": 0},
        "config": {"hscale": 1},
    }


def _wave(line: Line, values: list[Any]) -> dict[str, Any]:
    if line.kind == "clock":
        return {"name": line.label, "wave": "n" + "." * (len(values) - 1)}
    changes = list(zip(values, _changes(values), strict=True))
    data = [str(value) for value, changed in changes if changed and value != ""]
    codes = "".join(_code(line, value) if changed else "." for value, changed in changes)
    return {"name": line.label, "wave": codes, **({"data": data} if data and line.kind != "bit" else {})}


def _code(line: Line, value: Any) -> str:
    if line.kind == "bit":
        return str(value)
    return "=" if value != "" else "z"


def _changes(values: list[Any]) -> Iterator[bool]:
    yield True
    yield from (now != before for before, now in pairwise(values))
