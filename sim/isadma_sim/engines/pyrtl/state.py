"""What lives from clock to clock in a design: registers and memories."""

from __future__ import annotations

from dataclasses import dataclass, field

from isadma_sim.engines.pyrtl.graph import Node


@dataclass
class Register:
    """A flip-flop bank or a memory's output register."""

    init: int
    width: int
    next: Node = -1


@dataclass
class Write:
    """A memory's write port: address, data and enable mask, taken at the clock edge."""

    address: Node
    data: Node
    enable: Node


@dataclass
class Memory:
    """A memory with its write ports."""

    path: tuple[str, ...]
    width: int
    words: list[int]
    writes: list[Write] = field(default_factory=list)
