"""Which register of one netlist is which of another: found by the logic around them, and by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

#: Rounds of refinement: each looks one register further back.
_ROUNDS = 12

#: A net of Yosys's JSON: its number, or a constant.
_Bit = int | str


@dataclass(frozen=True)
class _Register:
    """A flip-flop cell: the names of exactly what it drives, that net, and what it takes in, port by port."""

    names: tuple[str, ...]
    q: tuple[_Bit, ...]
    inputs: tuple[tuple[str, tuple[_Bit, ...]], ...]


class _Netlist:
    """One flat module of Yosys's JSON."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        named: dict[tuple[_Bit, ...], list[str]] = defaultdict(list)
        for name, net in module["netnames"].items():
            if not net["hide_name"]:
                named[tuple(net["bits"])].append(name)
        self.registers: list[_Register] = []
        self.ports = {
            bit: ("port", name, index)
            for name, port in module["ports"].items()
            if port["direction"] == "input"
            for index, bit in enumerate(port["bits"])
        }
        self._cells = []
        for cell in module["cells"].values():
            inputs: list[tuple[str, tuple[_Bit, ...]]] = []
            outputs: list[tuple[str, tuple[_Bit, ...]]] = []
            for port, bits in sorted(cell["connections"].items()):
                side = outputs if cell["port_directions"].get(port) == "output" else inputs
                side.append((port, tuple(bits)))
            kind = (cell["type"], tuple(sorted(cell["parameters"].items())))
            if "dff" in cell["type"]:
                q = dict(outputs)["Q"]
                self.registers.append(_Register(tuple(named[q]), q, tuple(inputs)))
            else:
                self._cells.append((kind, tuple(inputs), outputs))
        self._order = list(self._sorted())

    def _sorted(self) -> Iterable[int]:
        driver = {bit: n for n, (_, _, outputs) in enumerate(self._cells) for _, bits in outputs for bit in bits}
        needs = {
            n: {driver[bit] for _, bits in inputs for bit in bits if bit in driver}
            for n, (_, inputs, _) in enumerate(self._cells)
        }
        return TopologicalSorter(needs).static_order()

    def labels(self, known: Mapping[_Bit, object]) -> dict[_Bit, object]:
        """Label every net by the logic that drives it, from registers' labels on."""
        labels: dict[_Bit, object] = {**self.ports, **known}
        for n in self._order:
            kind, inputs, outputs = self._cells[n]
            seen = hash((kind, tuple((port, tuple(labels.get(bit, bit) for bit in bits)) for port, bits in inputs)))
            for port, bits in outputs:
                for index, bit in enumerate(bits):
                    labels[bit] = (seen, port, index)
        return labels

    def classes(self, known: Mapping[_Register, str]) -> dict[object, list[_Register]]:
        """Sort the registers that are not known by what they do."""
        kept = {bit: (label, index) for register, label in known.items() for index, bit in enumerate(register.q)}
        others = [register for register in self.registers if register not in known]
        found: list[object] = [len(register.q) for register in others]
        for _ in range(_ROUNDS):
            guessed = {
                bit: (label, index)
                for register, label in zip(others, found, strict=True)
                for index, bit in enumerate(register.q)
            }
            labels = self.labels({**kept, **guessed})
            found = [
                hash(tuple((port, tuple(labels.get(bit, bit) for bit in bits)) for port, bits in register.inputs))
                for register in others
            ]
        sorted_by: dict[object, list[_Register]] = defaultdict(list)
        for register, label in zip(others, found, strict=True):
            sorted_by[label].append(register)
        return sorted_by


class _Pairing:
    """Pairs found so far, and the label that each side's register of a pair has."""

    def __init__(self, gold: _Netlist, gate: _Netlist) -> None:
        self.netlists = gold, gate
        self.known: tuple[dict[_Register, str], dict[_Register, str]] = {}, {}
        self.pairs: list[tuple[_Register, _Register]] = []

    def _pair(self, one: _Register, other: _Register) -> None:
        for known, register in zip(self.known, (one, other), strict=True):
            known[register] = f"pair {len(self.pairs)}"
        self.pairs.append((one, other))

    def by_logic(self) -> None:
        """Pair those of the same logic; where several are alike, those that share a name go first."""
        before, after = (side.classes(known) for side, known in zip(self.netlists, self.known, strict=True))
        for label, registers in before.items():
            left = list(after.get(label, []))
            if len(left) != len(registers):
                continue
            for one in registers:
                other = max(left, key=lambda candidate: len(set(one.names) & set(candidate.names)))
                left.remove(other)
                self._pair(one, other)

    def by_name(self) -> None:
        """Pair those that share the most names. A wire's name is often its neighbour's in the other netlist."""
        before, after = (
            [register for register in side.registers if register not in known]
            for side, known in zip(self.netlists, self.known, strict=True)
        )
        shared = [
            (len(set(one.names) & set(other.names)), one, other)
            for one in before
            for other in after
            if len(one.q) == len(other.q)
        ]
        for count, one, other in sorted(shared, key=lambda row: -row[0]):
            if count and one not in self.known[0] and other not in self.known[1]:
                self._pair(one, other)


def paired(gold: Mapping[str, Any], gate: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """
    Pair the registers of two netlists.

    A pair is a guess: whoever uses it has to prove it. Two registers are paired when the same logic of the same
    registers feeds them, as it is after a renaming, or a move from one module to another; else by name.

    Parameters
    ----------
    gold, gate
        A flat module of Yosys's JSON.

    Returns
    -------
    list of tuple of str
        A name of each register in either netlist.
    """
    try:
        pairing = _Pairing(_Netlist(gold), _Netlist(gate))
    except CycleError:  # word by word there is a loop: no order to go by
        return []
    pairing.by_logic()
    pairing.by_name()
    pairing.by_logic()
    return [(one.names[0], other.names[0]) for one, other in pairing.pairs if one.names and other.names]
