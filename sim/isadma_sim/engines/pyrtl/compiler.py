"""From RTLIL text to a running machine."""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from isadma_sim.engines.pyrtl.emit import Emitter
from isadma_sim.engines.pyrtl.netlist import Netlist
from isadma_sim.engines.pyrtl.rtlil import read_rtlil

#: Walking a netlist nests a few calls per level of logic.
_RECURSION = 20_000


@dataclass
class Compiled:
    """A design as Python, to be started as often as needed.

    Attributes
    ----------
    source : str
        The Python text.
    memories : dict of str to list of int
        Initial words of every memory, by its dotted path.
    """

    source: str
    memories: dict[str, list[int]]
    code: CodeType

    def start(self) -> tuple[Generator[Any, Any, None], dict[str, list[int]]]:
        """Return a machine at power-up (see `Emitter.source` for its protocol) and its memories, by path."""
        names: dict[str, Any] = {}
        exec(self.code, names)
        words = {path: list(initial) for path, initial in self.memories.items()}
        machine = names["machine"](list(words.values()))
        next(machine)
        return machine, words


def compile_rtlil(
    text: str,
    *,
    inputs: dict[str, tuple[int, int] | int],
    input_width: int,
    outputs: list[tuple[str, str | None, int]],
    probes: list[tuple[tuple[str, ...], str]],
) -> Compiled:
    """Compile a design.

    Parameters
    ----------
    text : str
        RTLIL with one clock, rising edges, no asynchronous resets.
    inputs : dict
        Input ports of the top: (lowest bit, width) in the input word, or a constant. Clocks may be left out.
    input_width : int
        Bits of the input word.
    outputs : list of (port, enable or None, width)
        What the output word joins, lowest first: an output port; with an enable port, all ones where that is 0.
    probes : list of (path, wire)
        Wires to be seen on request.

    Raises
    ------
    RtlilError
        Where the design has what this compiler does not know.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        netlist = Netlist(read_rtlil(text), inputs, input_width)
        graph = netlist.graph
        parts = []
        for port, enable, width in outputs:
            node = netlist.signal((), port)
            if enable is not None:
                node = graph.either(node, graph.invert(netlist.signal((), enable)))
            parts.append(graph.extend(node, width))
        word = graph.join(tuple(bit for part in parts for bit in graph.bits(part)))
        seen = [netlist.signal(path, wire) for path, wire in probes]
        source = Emitter(netlist, word, seen).source()
    finally:
        sys.setrecursionlimit(before)
    memories = {".".join(memory.path): memory.words for memory in netlist.memories}
    return Compiled(source, memories, compile(source, "<rtl>", "exec"))
