"""Expressions of a netlist as a graph: equal ones are one node, and what is constant is folded away."""

from __future__ import annotations

from dataclasses import dataclass

#: A node is an index in `Graph.nodes`; a bit is a node and a bit number; signals are tuples of bits, lowest first.
Node = int
Bit = tuple[int, int]
Bits = tuple[Bit, ...]


@dataclass(frozen=True)
class Expr:
    """One node.

    Attributes
    ----------
    op : str
        ``const input reg memory slice cat not and or xor mux eq lt add sub shl shr parity``.
    width : int
        Bits of its value, which is never negative.
    args : tuple
        Nodes, but for: const (value), input (), reg (number), memory (number, address), slice (node, lowest bit).
    """

    op: str
    width: int
    args: tuple[int, ...]


#: Ops whose arguments are not all nodes: how many of the first or last are.
_OPERANDS = {
    "const": slice(0, 0),
    "input": slice(0, 0),
    "reg": slice(0, 0),
    "memory": slice(1, 2),
    "slice": slice(0, 1),
}


class Graph:
    """All nodes of a design; the builders below return nodes and fold what they can."""

    def __init__(self) -> None:
        self.nodes: list[Expr] = []
        self._index: dict[Expr, Node] = {}

    def _add(self, op: str, width: int, *args: int) -> Node:
        expr = Expr(op, width, args)
        node = self._index.get(expr)
        if node is None:
            node = self._index[expr] = len(self.nodes)
            self.nodes.append(expr)
        return node

    def operands(self, node: Node) -> tuple[Node, ...]:
        """Nodes this one is computed from."""
        expr = self.nodes[node]
        return expr.args[_OPERANDS[expr.op]] if expr.op in _OPERANDS else expr.args

    def width(self, node: Node) -> int:
        """Bits of a node."""
        return self.nodes[node].width

    def value(self, node: Node) -> int | None:
        """Value of a constant, None for anything else."""
        expr = self.nodes[node]
        return expr.args[0] if expr.op == "const" else None

    # ---------------------------------------------------------------- leaves
    def const(self, value: int, width: int) -> Node:
        """Build a constant."""
        return self._add("const", width, value & ((1 << width) - 1))

    def source(self, op: str, width: int, *args: int) -> Node:
        """Build an ``input``, a ``reg`` or a ``memory`` read."""
        return self._add(op, width, *args)

    # ---------------------------------------------------------------- bits
    def bits(self, node: Node) -> Bits:
        """Take a node apart; bits of constants and of joined values are those of their sources."""
        expr = self.nodes[node]
        if expr.op == "const":
            return tuple((self.const(expr.args[0] >> n & 1, 1), 0) for n in range(expr.width))
        if expr.op == "cat":
            return tuple(bit for part in expr.args for bit in self.bits(part))
        if expr.op == "slice":
            return tuple((expr.args[0], expr.args[1] + n) for n in range(expr.width))
        return tuple((node, n) for n in range(expr.width))

    def join(self, bits: Bits) -> Node:
        """Put bits together, runs of one source in one piece."""
        parts: list[Node] = []
        at = 0
        while at < len(bits):
            node, low = bits[at]
            end = at + 1
            if self.nodes[node].op == "const":
                value = self.nodes[node].args[0] >> low & 1
                while end < len(bits) and self.nodes[bits[end][0]].op == "const":
                    value |= (self.nodes[bits[end][0]].args[0] >> bits[end][1] & 1) << end - at
                    end += 1
                parts.append(self.const(value, end - at))
            else:
                while end < len(bits) and bits[end] == (node, low + end - at):
                    end += 1
                whole = low == 0 and end - at == self.width(node)
                parts.append(node if whole else self._add("slice", end - at, node, low))
            at = end
        if len(parts) == 1:
            return parts[0]
        return self._add("cat", len(bits), *parts) if parts else self.const(0, 0)

    def extend(self, node: Node, width: int, signed: bool = False) -> Node:
        """Widen or narrow."""
        bits = self.bits(node)
        filler = bits[-1] if signed and bits else (self.const(0, 1), 0)
        return self.join((*bits[:width], *(filler,) * (width - len(bits))))

    # ---------------------------------------------------------------- logic
    def invert(self, a: Node) -> Node:
        """Build NOT."""
        expr, width = self.nodes[a], self.width(a)
        if expr.op == "const":
            return self.const(~expr.args[0], width)
        return expr.args[0] if expr.op == "not" else self._add("not", width, a)

    def both(self, a: Node, b: Node) -> Node:
        """Build AND of equal widths."""
        width = self.width(a)
        for one, other in ((a, b), (b, a)):
            value = self.value(one)
            if value == 0:
                return one
            if value == (1 << width) - 1:
                return other
        return a if a == b else self._add("and", width, a, b)

    def either(self, a: Node, b: Node) -> Node:
        """Build OR of equal widths."""
        width = self.width(a)
        for one, other in ((a, b), (b, a)):
            value = self.value(one)
            if value == 0:
                return other
            if value == (1 << width) - 1:
                return one
        return a if a == b else self._add("or", width, a, b)

    def differ(self, a: Node, b: Node) -> Node:
        """Build XOR of equal widths."""
        width = self.width(a)
        for one, other in ((a, b), (b, a)):
            value = self.value(one)
            if value == 0:
                return other
            if value == (1 << width) - 1:
                return self.invert(other)
        return self.const(0, width) if a == b else self._add("xor", width, a, b)

    def mux(self, select: Node, on: Node, off: Node) -> Node:
        """Build ``on if select else off``; `select` is one bit."""
        chosen = self.value(select)
        if on == off or chosen is not None:
            return on if chosen or on == off else off
        if self.width(on) == 1:
            if self.value(on) == 1:
                return self.either(select, off)
            if self.value(off) == 0:
                return self.both(select, on)
            if self.value(on) == 0:
                return self.both(self.invert(select), off)
            if self.value(off) == 1:
                return self.either(self.invert(select), on)
        if self.nodes[select].op == "not":
            return self.mux(self.nodes[select].args[0], off, on)
        return self._add("mux", self.width(on), select, on, off)

    def equal(self, a: Node, b: Node) -> Node:
        """Build a comparison of equal widths."""
        if a == b:
            return self.const(1, 1)
        one, other = self.value(a), self.value(b)
        if one is not None and other is not None:
            return self.const(one == other, 1)
        if one is not None:
            a, b, other = b, a, one
        if self.width(a) == 1 and other is not None:
            return a if other else self.invert(a)
        return self._add("eq", 1, a, b)

    def any(self, a: Node) -> Node:
        """Build an OR of all bits."""
        return a if self.width(a) == 1 else self.invert(self.equal(a, self.const(0, self.width(a))))

    def all(self, a: Node) -> Node:
        """Build an AND of all bits."""
        return self.equal(a, self.const(-1, self.width(a)))

    def parity(self, a: Node) -> Node:
        """Build an XOR of all bits."""
        return a if self.width(a) == 1 else self._add("parity", 1, a)

    def arithmetic(self, op: str, width: int, a: Node, b: Node) -> Node:
        """Build ``add``, ``sub``, ``lt``, ``shl``, ``shr``; operands keep their own widths."""
        amount = self.value(b)
        if op in ("shl", "shr") and amount is not None:
            bits = self.bits(self.extend(a, max(width, self.width(a))))
            zero = (self.const(0, 1), 0)
            moved = (zero,) * amount + bits if op == "shl" else bits[amount:]
            return self.join((*moved, *(zero,) * width)[:width])
        if op == "add" and amount == 0:
            return self.extend(a, width)
        return self._add(op, width, a, b)
