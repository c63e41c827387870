"""Loads a bitstream into an attached board."""

from pathlib import Path

from isadma_boards.tops import BOARDS
from isadma_tools import toolchain

__all__ = ["program"]


def program(board: str, bitstream: Path) -> str:
    """
    Load a bitstream through openFPGALoader.

    Parameters
    ----------
    board
        A key of `BOARDS`.
    bitstream
        What `isadma_boards.bitstreams.build` made for it.

    Returns
    -------
    str
        What the programmer printed.

    Raises
    ------
    ValueError
        An unknown board.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        There is no programmer, or it found no board.
    """
    if board not in BOARDS:
        raise ValueError(f"no board is named {board!r}; there are {', '.join(BOARDS)}")
    arguments = ["--board", BOARDS[board].loader, bitstream.name]
    return toolchain.run("openFPGALoader", arguments, cwd=bitstream.parent, timeout=120)
