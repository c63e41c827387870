"""What is asked of a liberty file: the area of its smallest two-input NAND, and which cells are flip-flops."""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Library", "LibraryError", "read_library"]

_CELL = re.compile(r"\bcell\s*\(\s*\"?(\w+)\"?\s*\)\s*\{")
_AREA = re.compile(r"\barea\s*:\s*\"?([0-9.eE+-]+)")
_FLIP_FLOP = re.compile(r"\bff\s*\(")
#: A library names it so: NAND2, NAND2X1, nand2_1, NAND2_X1, sky130_fd_sc_hd__nand2_1; nand2b has an inverter in it.
_NAND2 = re.compile(r"nand2(?:_?x?\d+)?$", re.IGNORECASE)


class LibraryError(ValueError):
    """A file that is no liberty file, or one that gate equivalents cannot be counted with."""


@dataclass(frozen=True)
class Library:
    """
    A library of standard cells.

    Attributes
    ----------
    nand2
        Area of the smallest two-input NAND, in the library's own unit.
    flip_flops
        The names of the flip-flops.
    """

    nand2: float
    flip_flops: frozenset[str]


def read_library(path: Path) -> Library:
    """
    Read a liberty file.

    Raises
    ------
    LibraryError
        It has no cells, or no two-input NAND with an area.
    OSError
        It cannot be read.
    """
    text = path.read_text(errors="replace")
    found = list(_CELL.finditer(text))
    if not found:
        raise LibraryError(f"'{path}' is no liberty file: it has no cells")
    ends = [match.start() for match in found[1:]] + [len(text)]
    cells = {match[1]: text[match.end() : end] for match, end in zip(found, ends, strict=True)}
    areas = [float(area[1]) for name, cell in cells.items() if _NAND2.search(name) and (area := _AREA.search(cell))]
    if not any(area > 0 for area in areas):
        raise LibraryError(f"'{path}' has no two-input NAND with an area, which gate equivalents are counted in")
    return Library(
        nand2=min(area for area in areas if area > 0),
        flip_flops=frozenset(name for name, cell in cells.items() if _FLIP_FLOP.search(cell)),
    )
