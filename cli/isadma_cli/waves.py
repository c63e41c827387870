"""`isadma waves`: scenes played, with waveforms, save files and pictures; and dumps of one's own drawn."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, failed_at, nearest
from isadma_cli.files import temporary_folder
from isadma_cli.progress import say
from isadma_cli.report import console
from isadma_cli.scenes.dumped import dumped
from isadma_cli.scenes.files import write_all, write_pictures
from isadma_cli.scenes.library import SCENES
from isadma_cli.scenes.played import play
from isadma_sim import ENGINES, EngineError
from isadma_sim.timeline.recorded import recording

__all__ = ["FORMATS", "draw_dump", "list_scenes", "waves"]

FORMATS = ("fst", "vcd")
_MOST_CLOCKS = 200


def list_scenes(as_json: bool) -> None:
    """Print every scene's name and what it shows."""
    if as_json:
        print(json.dumps({name: scene.about for name, scene in SCENES.items()}, indent=2))
        return
    table = Table(box=SIMPLE, padding=0, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, scene in SCENES.items():
        table.add_row(name, scene.about)
    console().print(table)


def waves(names: list[str], *, folder: Path, form: str, engine: str | None, trace: bool = False, as_json: bool) -> None:
    """Play scenes and write their files.

    Parameters
    ----------
    names
        The scenes; none: all.
    folder
        Where the files go; made if it is not there.
    form
        Of the waveforms, one of `FORMATS`.
    engine
        What runs the machine.
    trace
        Record the scenes for `isadma timeline` too.
    as_json
        Print the files as JSON.

    Raises
    ------
    UsageError
        There is no such scene, format or engine.
    CommandError
        A file cannot be written, or the engine not be had.
    """
    for name in names:
        if name not in SCENES:
            raise UsageError(f"no scene is named {name!r}{nearest(name, SCENES)}; --list has all")
    if form not in FORMATS:
        raise UsageError(f"--format {form!r}: there are {' and '.join(FORMATS)}")
    if engine is not None and engine not in ENGINES:
        raise UsageError(f"no engine {engine!r}{nearest(engine, ENGINES)}; there are {', '.join(sorted(ENGINES))}")
    told: dict[str, Any] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names or list(SCENES):
            line = folder / f"{name}.trace" if trace else None
            with temporary_folder() as scratch, recording(partial(_same, line)):
                played = play(SCENES[name], folder / f"{name}.{form}", scratch, engine)
            files = [*write_all(played), *([line] if line else [])]
            told[name] = {
                "event": played.marked,
                "begin": played.begin,
                "end": played.end,
                "files": list(map(str, files)),
            }
            if not as_json:
                say(f"{name}: {SCENES[name].about} ({', '.join(file.name for file in files)})")
    except EngineError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        where = failed_at(error) or folder
        raise CommandError(f"{where}: {error.strerror or error}; -o names another folder") from error
    if as_json:
        print(json.dumps(told, indent=2))


def draw_dump(vcd: Path, *, at: str | None, clocks: int, as_json: bool) -> None:
    """Draw the clocks of a dump around an event, beside it.

    Parameters
    ----------
    vcd
        The dump.
    at
        The event; None: the first DACK#.
    clocks
        Clocks of the picture.
    as_json
        Print the files as JSON.

    Raises
    ------
    UsageError
        So many clocks are no picture.
    CommandError
        It is no dump of this machine, the event is not in it, or a file cannot be written.
    """
    if not 2 <= clocks <= _MOST_CLOCKS:
        raise UsageError(f"--clocks {clocks}: a picture has 2 to {_MOST_CLOCKS}")
    try:
        played = dumped(vcd, at, clocks)
        files = write_pictures(played)
    except ValueError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"'{error.filename or vcd}': {error.strerror or error}; check the name") from error
    if as_json:
        told = {"event": played.marked, "begin": played.begin, "end": played.end, "files": list(map(str, files))}
        print(json.dumps(told, indent=2))
    else:
        say(f"{len(played.clocks)} clocks of '{vcd}': {', '.join(file.name for file in files)}")


def _same(line: Path | None) -> Path | None:
    """Name the file of every machine of a scene, which plays twice where a readable dump is wanted too."""
    return line
