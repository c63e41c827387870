"""Reads the RTLIL that Amaranth writes: modules, wires, cells, processes, memories."""

# Ref: Yosys manual, appendix "RTLIL text representation".

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: One piece of a sigspec, lowest bits last as RTLIL writes it: constant bits (MSB first), or (wire, lowest bit, width).
Chunk = str | tuple[str, int, int]


class RtlilError(ValueError):
    """The text is not the RTLIL this reader knows; the message has the line."""


@dataclass
class Wire:
    """A wire: its width in bits, for a register its initial value, and whether it is an input port."""

    width: int
    init: int = 0
    is_input: bool = False


@dataclass
class Cell:
    """A cell or an instance: type, parameters as written, connections by port."""

    kind: str
    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    ports: dict[str, list[Chunk]] = field(default_factory=dict)

    def number(self, parameter: str) -> int:
        """Parameter as an int."""
        text = self.parameters[parameter]
        return int(text.partition("'")[2], 2) if "'" in text else int(text)


@dataclass
class Assign:
    """One assignment of a process."""

    target: list[Chunk]
    value: list[Chunk]


@dataclass
class Switch:
    """A switch of a process; a case without patterns is the default."""

    test: list[Chunk]
    cases: list[tuple[list[str], list[Assign | Switch]]] = field(default_factory=list)


@dataclass
class Module:
    """One module as written."""

    name: str
    wires: dict[str, Wire] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    processes: list[list[Assign | Switch]] = field(default_factory=list)
    connections: list[tuple[list[Chunk], list[Chunk]]] = field(default_factory=list)
    memories: dict[str, tuple[int, int]] = field(default_factory=dict)  # width, words
    top: bool = False


_TOKEN = re.compile(r"\{|\}|\[[0-9:]+\]|\d+'[01xz-]*|[\\$][^\s]+|\S+")


def _sigspec(tokens: list[str], wires: dict[str, Wire]) -> tuple[list[Chunk], list[str]]:
    """Take one sigspec off the front of the tokens."""
    head, rest = tokens[0], tokens[1:]
    if head == "{":
        chunks: list[Chunk] = []
        while rest[0] != "}":
            inner, rest = _sigspec(rest, wires)
            chunks += inner
        return chunks, rest[1:]
    if head[0].isdigit():
        return [head.partition("'")[2]], rest
    wire = wires.get(head)
    if wire is None:
        raise RtlilError(f"no wire {head}")
    low, width = 0, wire.width
    if rest and rest[0].startswith("["):
        high_text, _, low_text = rest[0][1:-1].partition(":")
        low = int(low_text or high_text)
        width = int(high_text) - low + 1
        rest = rest[1:]
    return [(head, low, width)], rest


class _Reader:
    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines())
        self._rows = [_TOKEN.findall(line) for line in lines if line and not line.startswith("#")]
        self._at = 0

    def _next(self) -> list[str]:
        row = self._rows[self._at]
        self._at += 1
        return row

    def _word(self) -> str:
        return self._rows[self._at][0]

    def modules(self) -> dict[str, Module]:
        found: dict[str, Module] = {}
        top = False
        while self._at < len(self._rows):
            row = self._next()
            if row[0] == "attribute":
                top = top or row[1] == "\\top"
            elif row[0] == "module":
                module = found[row[1]] = self._module(row[1])
                module.top, top = top, False
            elif row[0] != "autoidx":
                raise RtlilError(f"{' '.join(row)!r} outside of a module")
        return found

    def _module(self, name: str) -> Module:
        module = Module(name)
        init = "0"
        while (row := self._next())[0] != "end":
            word = row[0]
            if word == "attribute":
                if row[1] == "\\init":
                    init = row[2].partition("'")[2].replace("x", "0")
            elif word == "wire":
                module.wires[row[-1]] = Wire(_option(row, "width", 1), int(init, 2), "input" in row)
                init = "0"
            elif word == "memory":
                module.memories[row[-1]] = _option(row, "width", 1), _option(row, "size", 0)
            elif word == "cell":
                module.cells.append(self._cell(Cell(row[1], row[2]), module))
            elif word == "process":
                module.processes.append(self._body(module))
                self._next()
            elif word == "connect":
                target, rest = _sigspec(row[1:], module.wires)
                module.connections.append((target, _sigspec(rest, module.wires)[0]))
            elif word != "parameter":
                raise RtlilError(f"{' '.join(row)!r} in module {name}")
        return module

    def _cell(self, cell: Cell, module: Module) -> Cell:
        while (row := self._next())[0] != "end":
            if row[0] == "parameter":
                cell.parameters[row[1][1:]] = row[-1].strip('"').replace("\\\\", "\\")
            elif row[0] == "connect":
                cell.ports[row[1][1:]] = _sigspec(row[2:], module.wires)[0]
        return cell

    def _body(self, module: Module) -> list[Assign | Switch]:
        """Read statements up to the next ``case`` or ``end``."""
        body: list[Assign | Switch] = []
        while self._word() not in ("case", "end"):
            row = self._next()
            if row[0] == "assign":
                target, rest = _sigspec(row[1:], module.wires)
                body.append(Assign(target, _sigspec(rest, module.wires)[0]))
            elif row[0] == "switch":
                switch = Switch(_sigspec(row[1:], module.wires)[0])
                while self._word() != "end":
                    patterns = [token.partition("'")[2] for token in self._next()[1:] if token != ","]
                    switch.cases.append((patterns, self._body(module)))
                self._next()
                body.append(switch)
            elif row[0] != "attribute":
                raise RtlilError(f"{' '.join(row)!r} in a process: only combinational ones are known")
        return body


def _option(row: list[str], name: str, default: int) -> int:
    return int(row[row.index(name) + 1]) if name in row else default


def read_rtlil(text: str) -> dict[str, Module]:
    """Parse RTLIL text.

    Parameters
    ----------
    text : str
        What `amaranth.back.rtlil.convert` returned.

    Returns
    -------
    dict of str to Module
        By name, with the backslash.

    Raises
    ------
    RtlilError
        Where the text uses what this reader does not know.
    """
    return _Reader(text).modules()
