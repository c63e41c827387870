"""A core's ports, as its sources declare them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isadma_verify.conform.errors import ConformError

_VERILOG = {".v", ".sv", ".vh", ".svh", ".verilog"}
_VHDL = {".vhd", ".vhdl"}


@dataclass(frozen=True)
class Group:
    """
    A port that is several: an interface, a packed structure or a record.

    Parameters
    ----------
    name
        As the source spells it.
    kind
        ``"interface"``, ``"struct"`` or ``"record"``.
    type
        Its type's name.
    joined
        Members that an instance of an interface has as ports of its own.
    """

    name: str
    kind: str
    type: str = ""
    joined: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Port:
    """
    One port, or one member of a port that is several.

    Parameters
    ----------
    name
        As the source spells it; a member is ``port.member``.
    direction
        ``"in"``, ``"out"`` or ``"inout"``; ``""`` for a member of an interface without a modport, which may be any.
    left, right
        Its range as declared; None for a port of one bit without a range.
    type
        VHDL: the type's name in lower case.
    group
        The port that it is a member of, or None.
    unpacked
        Verilog: whether its bits are elements of an unpacked array.
    """

    name: str
    direction: str
    left: int | None = None
    right: int | None = None
    type: str = ""
    group: Group | None = None
    unpacked: bool = False

    @property
    def member(self) -> str:
        """Its name within its group, or its whole name."""
        return self.name if self.group is None else self.name.partition(".")[2]

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
    beyond
        Outputs that no map can say, with the reason: they stay open.
    standard
        The Verilog that its files are written in; empty for the newest.
    """

    files: tuple[Path, ...]
    top: str
    language: str
    ports: Mapping[str, Port]
    includes: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    beyond: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""


@dataclass(frozen=True)
class Read:
    """What a language's reader found: the core's name, its ports, and outputs that no map can say."""

    top: str
    ports: dict[str, Port]
    beyond: dict[str, str] = field(default_factory=dict)
    standard: str = ""


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
