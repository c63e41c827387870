"""Readers of captures: sigrok sessions, value change dumps, and tables."""

from __future__ import annotations

from pathlib import Path

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.readers.block import Block, Reader
from isadma_verify.captures.readers.sigrok import SigrokFile
from isadma_verify.captures.readers.table import Table
from isadma_verify.captures.readers.vcd import VcdDump

__all__ = ["ENDINGS", "Block", "Reader", "open_capture"]

_KINDS: dict[str, type[SigrokFile] | type[VcdDump] | type[Table]] = {
    ".sr": SigrokFile,
    ".vcd": VcdDump,
    ".csv": Table,
    ".csv.gz": Table,
}
#: Endings of the files that can be read.
ENDINGS = tuple(_KINDS)


def open_capture(path: Path) -> Reader:
    """
    Open a capture; the format goes by the file's ending.

    Raises
    ------
    CaptureError
        No such format, or the file is not what its ending says, is cut off or empty.
    OSError
        It cannot be opened.
    """
    for ending, kind in _KINDS.items():
        if path.name.lower().endswith(ending):
            if path.stat().st_size == 0:
                raise CaptureError(f"'{path}' is empty: the capture has length zero")
            return kind(path)
    raise CaptureError(f"'{path}' is no capture known here: its name must end in {', '.join(ENDINGS)}")
