"""A core's ports, as its sources declare them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isadma_verify.conform.errors import ConformError

_VERILOG = {".v", ".sv", ".vh", ".svh", ".verilog"}
_VHDL = {".vhd", ".vhdl"}


@dataclass(frozen=True)
class Port:
    """
    One port.

    Parameters
    ----------
    name
        As the source spells it.
    direction
        ``"in"``, ``"out"`` or ``"inout"``.
    left, right
        Its range as declared; None for a port of one bit without a range.
    type
        VHDL: the type's name in lower case.
    """

    name: str
    direction: str
    left: int | None = None
    right: int | None = None
    type: str = ""

    @property
    def width(self) -> int:
        """Bits."""
        return 1 if self.left is None or self.right is None else abs(self.left - self.right) + 1

    @property
    def indices(self) -> list[int]:
        """The numbers of its bits, the highest place first."""
        if self.left is None or self.right is None:
            return [0]
        step = -1 if self.left >= self.right else 1
        return list(range(self.left, self.right + step, step))


@dataclass(frozen=True)
class Core:
    """
    A core's sources.

    Parameters
    ----------
    files
        In the order given.
    top
        Its name.
    language
        ``"verilog"`` or ``"vhdl"``.
    ports
        By name.
    includes, defines, parameters
        As given on the command line and in the map.
    """

    files: tuple[Path, ...]
    top: str
    language: str
    ports: Mapping[str, Port]
    includes: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


def language_of(files: Sequence[Path]) -> str:
    """
    Return the language of source files.

    Raises
    ------
    ConformError
        A file is missing or of neither language, or they are of both.
    """
    found = set()
    for file in files:
        if not file.is_file():
            raise ConformError(f"{file} is no file")
        suffix = file.suffix.lower()
        if suffix not in _VERILOG | _VHDL:
            raise ConformError(f"{file}: its name says neither Verilog (.v, .sv) nor VHDL (.vhd, .vhdl)")
        found.add("verilog" if suffix in _VERILOG else "vhdl")
    if len(found) != 1:
        raise ConformError("Verilog and VHDL in one core: no open simulator runs both; give files of one language")
    return found.pop()
