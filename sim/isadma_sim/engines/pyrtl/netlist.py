"""Flattens RTLIL modules into a graph: every register's and memory's next value from inputs and present state."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from isadma_sim.engines.pyrtl.cells import LOGIC, Operands
from isadma_sim.engines.pyrtl.graph import Bit, Bits, Graph, Node
from isadma_sim.engines.pyrtl.rtlil import Assign, Cell, Chunk, Module, RtlilError, Switch
from isadma_sim.engines.pyrtl.state import Memory, Register, Write

#: A wire in the flattened design: path of instance names, wire name.
WireKey = tuple[tuple[str, ...], str]


class Netlist:
    """A flattened design.

    Parameters
    ----------
    modules : dict of str to Module
        What `read_rtlil` returned; one of them is the top.
    inputs : dict of str to (int, int) or int
        For each input port of the top, where it is in the packed input word (lowest bit, width), or the constant it is.
    """

    def __init__(self, modules: dict[str, Module], inputs: dict[str, tuple[int, int] | int], input_width: int) -> None:
        self.graph = Graph()
        self.registers: list[Register] = []
        self.memories: list[Memory] = []
        self._modules = modules
        self._drivers: dict[tuple[WireKey, int], Callable[[], Bit]] = {}
        self._known: dict[tuple[WireKey, int], Bit] = {}
        self._pending: list[Callable[[], None]] = []
        self._memory_numbers: dict[WireKey, int] = {}
        word = self.graph.source("input", input_width)
        top = next((module for module in modules.values() if module.top), None)
        if top is None:
            raise RtlilError("no module has the attribute \\top")
        for port, place in inputs.items():
            key = ((), "\\" + port)
            width = top.wires["\\" + port].width
            if isinstance(place, int):
                bits = self.graph.bits(self.graph.const(place, width))
            else:
                if place[1] != width:
                    raise RtlilError(f"port {port} has {width} bits, not {place[1]}")
                bits = tuple((word, place[0] + n) for n in range(width))
            for n, bit in enumerate(bits):
                self._known[key, n] = bit
        self._instance(top, ())
        while self._pending:
            self._pending.pop()()

    # ---------------------------------------------------------------- looking things up
    def signal(self, path: tuple[str, ...], name: str) -> Node:
        """Node of a wire by its path of instances and its name (all without backslashes)."""
        module = self._module_at(path)
        wire = module.wires.get("\\" + name)
        if wire is None:
            raise RtlilError(f"no wire {'.'.join((*path, name))}")
        return self._value(path, [("\\" + name, 0, wire.width)])

    def _module_at(self, path: tuple[str, ...]) -> Module:
        module = next(module for module in self._modules.values() if module.top)
        for name in path:
            cell = next((cell for cell in module.cells if _instance_name(cell) == name), None)
            if cell is None:
                raise RtlilError(f"no instance {'.'.join(path)}")
            module = self._modules[cell.kind]
        return module

    def _bit(self, key: WireKey, index: int) -> Bit:
        bit = self._known.get((key, index))
        if bit is None:
            driver = self._drivers.get((key, index))
            # What nobody drives reads as 0, like an Amaranth signal without a driver.
            bit = driver() if driver else (self.graph.const(0, 1), 0)
            self._known[key, index] = bit
        return bit

    def _refs(self, path: tuple[str, ...], chunks: list[Chunk]) -> list[tuple[WireKey, int] | int]:
        """Wire bits or constant bits of a sigspec, lowest first."""
        refs: list[tuple[WireKey, int] | int] = []
        for chunk in reversed(chunks):
            if isinstance(chunk, str):
                refs += [int(char == "1") for char in reversed(chunk)]
            else:
                name, low, width = chunk
                refs += [((path, name), low + n) for n in range(width)]
        return refs

    def _bits(self, path: tuple[str, ...], chunks: list[Chunk]) -> Bits:
        return tuple(
            (self.graph.const(ref, 1), 0) if isinstance(ref, int) else self._bit(*ref)
            for ref in self._refs(path, chunks)
        )

    def _value(self, path: tuple[str, ...], chunks: list[Chunk]) -> Node:
        return self.graph.join(self._bits(path, chunks))

    # ---------------------------------------------------------------- structure
    def _connect(self, target: tuple[str, ...], left: list[Chunk], source: tuple[str, ...], right: list[Chunk]) -> None:
        for to, come in zip(self._refs(target, left), self._refs(source, right), strict=True):
            if isinstance(to, int):
                continue
            if isinstance(come, int):
                self._known[to] = (self.graph.const(come, 1), 0)
            else:
                self._drivers[to] = lambda come=come: self._bit(*come)  # type: ignore[misc]

    def _drive(self, path: tuple[str, ...], chunks: list[Chunk], make: Callable[[], Node]) -> None:
        """Drive a whole sigspec with a node that is made when first asked for."""
        refs = self._refs(path, chunks)
        made: list[Bits] = []

        def bit(index: int) -> Bit:
            if not made:
                made.append(self.graph.bits(make()))
            return made[0][index]

        for index, ref in enumerate(refs):
            assert not isinstance(ref, int)
            self._drivers[ref] = lambda index=index: bit(index)  # type: ignore[misc]

    def _instance(self, module: Module, path: tuple[str, ...]) -> None:
        for name, (width, words) in module.memories.items():
            self._memory_numbers[path, name] = len(self.memories)
            self.memories.append(Memory((*path, name[1:]), width, [0] * words))
        for left, right in module.connections:
            self._connect(path, left, path, right)
        for body in module.processes:
            self._process(body, path)
        for cell in module.cells:
            if cell.kind in self._modules:
                inner = self._modules[cell.kind]
                inside = (*path, _instance_name(cell))
                for port, chunks in cell.ports.items():
                    wire = inner.wires["\\" + port]
                    here: list[Chunk] = [("\\" + port, 0, wire.width)]
                    if wire.is_input:
                        self._connect(inside, here, path, chunks)
                    else:
                        self._connect(path, chunks, inside, here)
                self._instance(inner, inside)
            else:
                self._primitive(cell, path, module)

    # ---------------------------------------------------------------- processes
    def _process(self, body: list[Assign | Switch], path: tuple[str, ...]) -> None:
        targets = sorted(set(self._targets(body, path)))
        made: dict[tuple[WireKey, int], Bit] = {}

        def bit(ref: tuple[WireKey, int]) -> Bit:
            if not made:
                made.update(self._run(body, path, {target: (self.graph.const(0, 1), 0) for target in targets}))
            return made[ref]

        for target in targets:
            self._drivers[target] = lambda target=target: bit(target)  # type: ignore[misc]

    def _targets(self, body: list[Assign | Switch], path: tuple[str, ...]) -> list[tuple[WireKey, int]]:
        found: list[tuple[WireKey, int]] = []
        for statement in body:
            if isinstance(statement, Assign):
                found += [ref for ref in self._refs(path, statement.target) if not isinstance(ref, int)]
            else:
                for _, inner in statement.cases:
                    found += self._targets(inner, path)
        return found

    def _run(
        self, body: list[Assign | Switch], path: tuple[str, ...], state: dict[tuple[WireKey, int], Bit]
    ) -> dict[tuple[WireKey, int], Bit]:
        """Values of all targets after these statements."""
        state = dict(state)
        for statement in body:
            if isinstance(statement, Assign):
                bits = self._bits(path, statement.value)
                for ref, bit in zip(self._refs(path, statement.target), bits, strict=True):
                    assert not isinstance(ref, int)
                    state[ref] = bit
                continue
            test = self._value(path, statement.test)
            result = state
            # The first case that matches wins, so they are laid over one another from the last.
            for patterns, inner in reversed(statement.cases):
                inside = self._run(inner, path, state)
                result = self._merge(self._matches(test, patterns), inside, result) if patterns else inside
            state = result
        return state

    def _matches(self, test: Node, patterns: list[str]) -> Node:
        graph = self.graph
        bits = graph.bits(test)
        hit = graph.const(0, 1)
        for pattern in patterns:
            cared = [n for n in range(len(pattern)) if pattern[-1 - n] != "-"]
            picked = graph.join(tuple(bits[n] for n in cared))
            wanted = sum(int(pattern[-1 - n]) << place for place, n in enumerate(cared))
            hit = graph.either(hit, graph.equal(picked, graph.const(wanted, len(cared))))
        return hit

    def _merge(
        self, hit: Node, on: dict[tuple[WireKey, int], Bit], off: dict[tuple[WireKey, int], Bit]
    ) -> dict[tuple[WireKey, int], Bit]:
        changed = [ref for ref in off if on[ref] != off[ref]]
        if not changed:
            return off
        graph = self.graph
        merged = graph.mux(
            hit, graph.join(tuple(on[ref] for ref in changed)), graph.join(tuple(off[ref] for ref in changed))
        )
        return {**off, **dict(zip(changed, graph.bits(merged), strict=True))}

    # ---------------------------------------------------------------- cells
    def _primitive(self, cell: Cell, path: tuple[str, ...], module: Module) -> None:
        if cell.kind == "$dff":
            self._flip_flop(cell, path, module)
        elif cell.kind == "$meminit_v2":
            memory = self.memories[self._memory_numbers[path, cell.parameters["MEMID"]]]
            data = self.graph.value(self._value(path, cell.ports["DATA"])) or 0
            mask = (1 << memory.width) - 1
            memory.words[:] = [data >> n * memory.width & mask for n in range(len(memory.words))]
        elif cell.kind == "$memrd_v2":
            self._memory_read(cell, path)
        elif cell.kind == "$memwr_v2":
            memory = self.memories[self._memory_numbers[path, cell.parameters["MEMID"]]]
            self._pending.append(
                lambda: memory.writes.append(
                    Write(*(self._value(path, cell.ports[port]) for port in ("ADDR", "DATA", "EN")))
                )
            )
        else:
            make = LOGIC.get(cell.kind)
            if make is None:
                raise RtlilError(f"no way to compute cell {cell.kind} in {'.'.join(path) or 'the top'}")
            self._drive(
                path, cell.ports["Y"], lambda: make(self.graph, Operands(self.graph, cell, partial(self._value, path)))
            )

    def _state(self, init: int, width: int) -> tuple[Register, Node]:
        register = Register(init, width)
        self.registers.append(register)
        return register, self.graph.source("reg", width, len(self.registers) - 1)

    def _flip_flop(self, cell: Cell, path: tuple[str, ...], module: Module) -> None:
        name, low, width = next(chunk for chunk in cell.ports["Q"] if not isinstance(chunk, str))
        if cell.number("CLK_POLARITY") != 1 or len(cell.ports["Q"]) != 1:
            raise RtlilError(f"flip-flop {name} in {'.'.join(path)} is not a plain rising-edge one")
        register, node = self._state(module.wires[name].init >> low & ((1 << width) - 1), width)
        self._drive(path, cell.ports["Q"], lambda: node)

        def settle() -> None:
            register.next = self._value(path, cell.ports["D"])

        self._pending.append(settle)

    def _memory_read(self, cell: Cell, path: tuple[str, ...]) -> None:
        number = self._memory_numbers[path, cell.parameters["MEMID"]]
        width = cell.number("WIDTH")
        if not cell.number("CLK_ENABLE"):
            self._drive(
                path,
                cell.ports["DATA"],
                lambda: self.graph.source("memory", width, number, self._value(path, cell.ports["ADDR"])),
            )
            return
        if cell.number("TRANSPARENCY_MASK"):
            raise RtlilError(f"memory {'.'.join(path)} has a transparent read port")
        register, node = self._state(0, width)
        self._drive(path, cell.ports["DATA"], lambda: node)

        def settle() -> None:
            word = self.graph.source("memory", width, number, self._value(path, cell.ports["ADDR"]))
            register.next = self.graph.mux(self._value(path, cell.ports["EN"]), word, node)

        self._pending.append(settle)


def _instance_name(cell: Cell) -> str:
    # Amaranth numbers an instance that is called like a signal beside it: "requests$179".
    return cell.name[1:].partition("$")[0]
