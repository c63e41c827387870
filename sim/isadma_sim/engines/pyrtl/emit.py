"""Writes a netlist's graph as Python: a generator that lives through the clocks with all state in local variables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from isadma_sim.engines.pyrtl.graph import Node
from isadma_sim.engines.pyrtl.netlist import Netlist

#: An expression used once is written where it is used, up to this many characters.
INLINE_LIMIT = 600
#: ... and up to this depth of parentheses: Python's parser ends at 200.
INLINE_DEPTH = 60


class Emitter:
    """Source text for one netlist.

    Parameters
    ----------
    netlist : Netlist
        The design.
    outputs : Node
        Everything the machine shows, joined in one word.
    probes : list of Node
        What it shows on request.
    """

    def __init__(self, netlist: Netlist, outputs: Node, probes: list[Node]) -> None:
        self._netlist, self._graph = netlist, netlist.graph
        self._outputs, self._probes = outputs, probes
        writes = [node for memory in netlist.memories for w in memory.writes for node in (w.address, w.data, w.enable)]
        self._edge = [register.next for register in netlist.registers] + writes
        self._uses: Counter[Node] = Counter()
        seen: set[Node] = set()
        for root in (outputs, *self._edge):
            self._uses[root] += 1
            self._count(root, seen)
        self._text: dict[Node, tuple[str, int]] = {}  # how to name it in an expression, and its depth
        self._named: list[Node] = []
        self._late: set[Node] = set()  # nodes that hang on the input word

    def _count(self, root: Node, seen: set[Node]) -> None:
        stack = [root]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            for operand in self._graph.operands(node):
                self._uses[operand] += 1
                stack.append(operand)

    # ---------------------------------------------------------------- expressions
    def _order(self, roots: Iterable[Node]) -> list[Node]:
        """Every node under the roots that has no text yet, operands first."""
        order: list[Node] = []
        state: dict[Node, int] = {}
        for root in roots:
            stack = [root]
            while stack:
                node = stack[-1]
                if node in self._text or state.get(node) == 2:
                    stack.pop()
                elif state.get(node) == 1:
                    state[node] = 2
                    order.append(node)
                    stack.pop()
                else:
                    state[node] = 1
                    for operand in self._graph.operands(node):
                        if state.get(operand) == 1:
                            raise ValueError(f"a combinational loop through {self._graph.nodes[operand]}")
                        stack.append(operand)
        return order

    def _write(self, roots: Iterable[Node], lines: list[str], indent: str) -> None:
        """Give every node under the roots a text; shared and long ones become variables."""
        for node in self._order(roots):
            expr = self._graph.nodes[node]
            operands = self._graph.operands(node)
            if any(operand in self._late for operand in operands) or expr.op == "input":
                self._late.add(node)
            text, depth = self._expression(node)
            simple = expr.op in ("const", "input", "reg")
            if simple or (self._uses[node] <= 1 and len(text) < INLINE_LIMIT and depth < INLINE_DEPTH):
                self._text[node] = text, depth
            else:
                lines.append(f"{indent}v{node} = {text}")
                self._named.append(node)
                self._text[node] = f"v{node}", 0

    def _expression(self, node: Node) -> tuple[str, int]:
        graph, expr = self._graph, self._graph.nodes[node]
        args = [self._text[operand] for operand in graph.operands(node)]
        a, b, c = ([text for text, _ in args[:3]] + ["", "", ""])[:3]
        depth = 1 + max((inner for _, inner in args), default=0)
        mask = (1 << expr.width) - 1
        one = expr.width == 1
        match expr.op:
            case "const":
                text = str(expr.args[0])
            case "input":
                text = "word"
            case "reg":
                text = f"r{expr.args[0]}"
            case "memory":
                text = f"m{expr.args[0]}[{a}]"
            case "slice":
                low, top = expr.args[1], expr.args[1] + expr.width == graph.width(expr.args[0])
                text = f"({a} >> {low})" if low and top else f"({a} >> {low} & {mask})" if low else f"({a} & {mask})"
            case "cat":
                text, shift = "", 0
                for part, (inner, _) in zip(expr.args, args, strict=True):
                    if graph.value(part) != 0:
                        text += (" | " if text else "(") + (f"{inner} << {shift}" if shift else inner)
                    shift += graph.width(part)
                text = text + ")" if text else "0"
            case "not":
                text = f"({a} ^ {mask})"
            case "and":
                text = f"({a} and {b})" if one else f"({a} & {b})"
            case "or":
                text = f"({a} or {b})" if one else f"({a} | {b})"
            case "xor":
                text = f"({a} ^ {b})"
            case "mux":
                text = f"({b} if {a} else {c})"
            case "eq":
                text = f"({a} == {b})"
            case "parity":
                text = f"({a}.bit_count() & 1)"
            case "lt":
                text = f"({a} < {b})"
            case "add" | "sub" | "shl":
                sign = {"add": "+", "sub": "-", "shl": "<<"}[expr.op]
                text = f"(({a} {sign} {b}) & {mask})"
            case "shr":
                text = f"({a} >> {b} & {mask})" if graph.width(expr.args[0]) > expr.width else f"({a} >> {b})"
            case _:
                raise ValueError(f"no Python for {expr.op}")
        return text, depth

    # ---------------------------------------------------------------- the machine
    def source(self) -> str:
        """Python source of ``machine(m)``, a generator function; `m` is a list of the memories' words.

        Each clock takes two sends: the input word, which yields the output word; then the input word once more, as
        it was at the end of the clock, which ends the clock and yields None. Instead of the latter, None may be sent
        any number of times: it yields the probes.
        """
        netlist = self._netlist
        lines = ["def machine(m):"]
        lines += [f"    m{n} = m[{n}]" for n in range(len(netlist.memories))]
        lines += [f"    r{n} = {register.init}" for n, register in enumerate(netlist.registers)]
        lines += ["    word = yield", "    while True:"]
        body = " " * 8
        self._write([self._outputs], lines, body)
        early, texts = list(self._named), dict(self._text)
        lines.append(f"{body}out = {self._text[self._outputs][0]}")
        lines.append(f"{body}late = yield out")
        probe_at = len(lines)
        again_at = probe_at
        edge: list[str] = []
        self._write(self._edge, edge, body)
        self._edge_lines(edge, body)
        # What was computed for the outputs from inputs that have changed since is computed again.
        again = [node for node in early if node in self._late]
        lines[again_at:again_at] = [f"{body}if late != word:", f"{body}    word = late"]
        lines += [f"{body}    v{node} = {self._again(node)}" for node in again]
        lines[probe_at:probe_at] = self._probe_lines(body, texts)
        lines += edge
        lines.append(f"{body}word = yield")
        return "\n".join(lines) + "\n"

    def _again(self, node: Node) -> str:
        return self._expression(node)[0]

    def _probe_lines(self, body: str, texts: dict[Node, tuple[str, int]]) -> list[str]:
        """Return the loop that shows the probes, from what is known once the outputs are."""
        after, self._text = self._text, dict(texts)
        for node in self._order(self._probes):
            self._text[node] = self._expression(node)
        values = "".join(f"{self._text[probe][0]}, " for probe in self._probes)
        self._text = after
        return [f"{body}while late is None:", f"{body}    late = yield ({values})"]

    def _edge_lines(self, lines: list[str], body: str) -> None:
        netlist = self._netlist
        stores: list[str] = []
        for number, memory in enumerate(netlist.memories):
            for port, write in enumerate(memory.writes):
                texts = [self._text[node][0] for node in (write.address, write.data, write.enable)]
                full = (1 << memory.width) - 1
                name = f"w{number}_{port}"
                lines.append(f"{body}{name} = {texts[2]}")
                lines.append(f"{body}if {name}:")
                lines.append(f"{body}    a{name}, d{name} = {texts[0]}, {texts[1]}")
                stores.append(f"{body}if {name}:")
                stores.append(
                    f"{body}    m{number}[a{name}] = d{name} if {name} == {full}"
                    f" else m{number}[a{name}] & ~{name} | d{name} & {name}"
                )
        moved = [
            (f"r{n}", self._text[register.next][0])
            for n, register in enumerate(netlist.registers)
            if self._text[register.next][0] != f"r{n}"
        ]
        lines.append(f"{body}{', '.join(name for name, _ in moved)}, = {', '.join(text for _, text in moved)},")
        lines += stores
