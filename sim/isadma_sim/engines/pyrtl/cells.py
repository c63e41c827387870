"""What each RTLIL logic cell computes, as graph nodes."""

# Ref: Yosys manual, "Internal cell library", word-level logic cells.

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.engines.pyrtl.graph import Graph, Node
from isadma_sim.engines.pyrtl.rtlil import Cell, Chunk, RtlilError


class Operands:
    """The operands of a logic cell, extended as it says.

    Parameters
    ----------
    graph : Graph
        Where nodes are made.
    cell : Cell
        The cell.
    value : callable
        Returns the node of a sigspec where the cell is.
    """

    def __init__(self, graph: Graph, cell: Cell, value: Callable[[list[Chunk]], Node]) -> None:
        self._graph, self._cell, self._value = graph, cell, value

    @property
    def width(self) -> int:
        """Bits of the result."""
        return self._cell.number("Y_WIDTH")

    def raw(self, port: str) -> Node:
        """Operand as connected."""
        return self._value(self._cell.ports[port])

    def signed(self, port: str) -> bool:
        """Whether it is a signed operand."""
        return self._cell.parameters.get(f"{port}_SIGNED", "0") == "1"

    def wide(self, port: str) -> Node:
        """Operand as wide as the result."""
        return self._graph.extend(self.raw(port), self.width, self.signed(port))

    def same(self) -> tuple[Node, Node]:
        """Both operands as wide as the wider one."""
        if self.signed("A") or self.signed("B"):
            raise RtlilError(f"signed {self._cell.kind}: only unsigned comparisons are known")
        a, b = self.raw("A"), self.raw("B")
        width = max(self._graph.width(a), self._graph.width(b))
        return self._graph.extend(a, width), self._graph.extend(b, width)


def _unsigned(kind: str) -> Callable[[Graph, Operands], Node]:
    def make(graph: Graph, o: Operands) -> Node:
        if o.signed("A") or o.signed("B"):
            raise RtlilError(f"signed {kind}")
        return graph.arithmetic(kind, o.width, o.raw("A"), o.raw("B"))

    return make


def _product(graph: Graph, o: Operands) -> Node:
    # Amaranth multiplies by constant powers of two only where it scales an index.
    for value, other in (("A", "B"), ("B", "A")):
        constant = graph.value(o.raw(value))
        if constant is not None and constant & (constant - 1) == 0:
            if not constant:
                return graph.const(0, o.width)
            return graph.arithmetic("shl", o.width, o.raw(other), graph.const(constant.bit_length() - 1, 8))
    raise RtlilError("a product of two variables")


LOGIC: dict[str, Callable[[Graph, Operands], Node]] = {
    "$not": lambda g, o: g.invert(o.wide("A")),
    "$and": lambda g, o: g.both(o.wide("A"), o.wide("B")),
    "$or": lambda g, o: g.either(o.wide("A"), o.wide("B")),
    "$xor": lambda g, o: g.differ(o.wide("A"), o.wide("B")),
    "$mux": lambda g, o: g.mux(o.raw("S"), o.raw("B"), o.raw("A")),
    "$eq": lambda g, o: g.equal(*o.same()),
    "$ne": lambda g, o: g.invert(g.equal(*o.same())),
    "$lt": lambda g, o: g.arithmetic("lt", 1, *o.same()),
    "$gt": lambda g, o: g.arithmetic("lt", 1, *reversed(o.same())),
    "$ge": lambda g, o: g.invert(g.arithmetic("lt", 1, *o.same())),
    "$le": lambda g, o: g.invert(g.arithmetic("lt", 1, *reversed(o.same()))),
    "$add": lambda g, o: g.arithmetic("add", o.width, o.wide("A"), o.wide("B")),
    "$sub": lambda g, o: g.arithmetic("sub", o.width, o.wide("A"), o.wide("B")),
    "$mul": _product,
    "$shl": _unsigned("shl"),
    "$shr": _unsigned("shr"),
    "$shift": _unsigned("shr"),  # unsigned amounts only move right
    "$reduce_or": lambda g, o: g.any(o.raw("A")),
    "$reduce_bool": lambda g, o: g.any(o.raw("A")),
    "$reduce_and": lambda g, o: g.all(o.raw("A")),
    "$reduce_xor": lambda g, o: g.parity(o.raw("A")),
    "$logic_not": lambda g, o: g.invert(g.any(o.raw("A"))),
}
