"""Loads a bitstream into an attached board."""

import re
from pathlib import Path

from isadma_boards.tops import BOARDS, SOCKETS
from isadma_tools import toolchain

__all__ = ["program"]

#: What the system's loader says of a library that PyPI's program expects to find: its name without ``.so``.
_NO_LIBRARY = re.compile(r"loading shared libraries: (\S+?)\.so")


def program(board: str, bitstream: Path) -> str:
    """
    Load a bitstream through openFPGALoader.

    Parameters
    ----------
    board
        A key of `BOARDS` or `SOCKETS`.
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
    isadma_tools.toolchain.ToolMissingError
        There is no programmer.
    isadma_tools.toolchain.ToolFailedError
        It found no board, or misses a library of the system.
    """
    if board not in BOARDS and board not in SOCKETS:
        raise ValueError(f"no board is named {board!r}; there are {', '.join([*BOARDS, *SOCKETS])}")
    spec = BOARDS[SOCKETS[board].board if board in SOCKETS else board]
    arguments = ["--board", spec.loader, bitstream.name]
    try:
        return toolchain.run("openFPGALoader", arguments, cwd=bitstream.parent, timeout=120)
    except toolchain.ToolFailedError as error:
        if library := _NO_LIBRARY.search(str(error)):
            raise toolchain.ToolFailedError(
                f"openFPGALoader needs {library[1]}, which this system does not have: install it (Debian: apt install"
                " libusb-1.0-0)"
            ) from error
        raise toolchain.ToolFailedError(f"{error}; is the board plugged in, and may you use it?") from error
