"""`isadma embed`: a board as a C library, for emulators that are not in Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import reason, temporary_folder
from isadma_cli.progress import say

__all__ = ["embed_board"]

_BOARDS = ("at", "xt")


def embed_board(folder: Path, *, board: str, refresh: bool, wait_states: int | None) -> None:
    """Write the library, and say what to do with it.

    Parameters
    ----------
    folder
        Where it goes: a new folder, an empty one, or one with such a library, which is replaced.
    board
        ``"at"`` or ``"xt"``.
    refresh
        Build the AT with its refresh.
    wait_states
        Of every DMA transfer; None: 1.

    Raises
    ------
    UsageError
        There is no such board, or the folder has something else in it.
    CommandError
        Yosys is missing or failed, or a file cannot be written.
    """
    from isadma_sim.embed.folder import check_library, write_library
    from isadma_sim.engines.base import EngineError
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    if board not in _BOARDS:
        raise UsageError(f"no board is named '{board}'{nearest(board, _BOARDS)}; there are {', '.join(_BOARDS)}")
    waits = 1 if wait_states is None else wait_states
    try:
        check_library(board, refresh, waits)
    except ValueError as error:
        raise UsageError(str(error)) from error
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"-o {folder} is a file: give a folder")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "isadma.h").is_file():
            raise UsageError(f"-o {folder} has something else in it: give a new folder, or an empty one")
        with temporary_folder() as made:
            files = write_library(made, board=board, refresh=refresh, wait_states=waits)
            shutil.copytree(made, folder, dirs_exist_ok=True)
            names = [file.relative_to(made) for file in files]
    except (EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"cannot write the library to {folder}: {reason(error)}") from error
    lines = sum(len((folder / name).read_text().splitlines()) for name in names)
    say(f"{folder}: {len(names)} files, {lines} lines; begin with isadma.h and README.md")
    say(f"cmake -S {folder} -B {folder}/build && cmake --build {folder}/build && {folder}/build/sector")
