"""Where the processor's time goes: interrupts taken late, what their handlers cost, and the bus cycles DMA takes."""

# Ref: Intel 80286 Programmer's Reference Manual (210498), instruction clocks: external interrupt 23, PUSHA 17,
#      POPA 19, IRET 17; Intel 8237A: CLK is half the processor's clock on an AT, so two of those are one clock here.

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar

#: Clocks of one piece of work that DMA may stretch, before it is given up: the longest block is well below.
_LIMIT = 2_000_000

T = TypeVar("T")


class BusClocks(Protocol):
    """What is read of an engine."""

    @property
    def clocks(self) -> int:
        """8237 clocks gone by."""
        ...

    @property
    def dma_clocks(self) -> int:
        """Of these, clocks in which HLDA was high."""
        ...


@dataclass(frozen=True)
class Costs:
    """What the processor's part of input and output costs, in clocks of the 8237 unless it says otherwise.

    The defaults are those of an 80286 at twice that clock. The bus cycles of port accesses are not among them: these
    are run, and counted.

    Attributes
    ----------
    entry : int
        From the acknowledge to the handler's first instruction: external interrupt and PUSHA, 40 processor clocks.
    access : int
        Instructions around one port access, such as a test, a store and a jump: 16 processor clocks.
    exit : int
        POPA and IRET: 36 processor clocks.
    latency : float
        Seconds from INT's rise to the acknowledge: how long a program keeps interrupts off. A request that waits when
        a handler ends is taken at once.
    """

    entry: int = 20
    access: int = 8
    exit: int = 18
    latency: float = 0.0

    def __post_init__(self) -> None:
        for name in ("entry", "access", "exit"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"{name} {value!r}: give a number of clocks, 0 or more")
        if not 0 <= self.latency < math.inf:
            raise ValueError(f"latency {self.latency!r}: give seconds, 0 or more")


@dataclass(frozen=True)
class Usage:
    """Clocks by what became of them; each clock is counted once.

    Attributes
    ----------
    clocks : int
        All of them.
    stolen : int
        The bus was the DMA's: clocks the processor lost to it. A processor with a cache would lose fewer.
    entry, bus, instructions, exit : int
        Interrupt entry, the bus cycles of port accesses, the instructions around them, interrupt exit.
    interrupts : int
        Interrupts taken (not clocks).
    """

    clocks: int = 0
    stolen: int = 0
    entry: int = 0
    bus: int = 0
    instructions: int = 0
    exit: int = 0
    interrupts: int = 0

    @property
    def busy(self) -> int:
        """Clocks spent on input and output by the processor itself."""
        return self.entry + self.bus + self.instructions + self.exit

    @property
    def free(self) -> int:
        """Clocks left for programs."""
        return self.clocks - self.stolen - self.busy

    @property
    def share(self) -> float:
        """Part of the time that programs do not get, 0..1: busy or stolen."""
        return (self.busy + self.stolen) / self.clocks if self.clocks else 0.0

    def __sub__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, part.name) - getattr(other, part.name) for part in fields(self)))


class CpuTime:
    """Charges a processor's time to a machine's clock, and keeps the account.

    Work stands still while DMA has the bus: an entry of 20 clocks takes 25 when 5 of them are stolen.

    Parameters
    ----------
    engine : BusClocks
        Whose clocks.
    run : callable
        Lets a number of clocks go by.
    costs : Costs
        What things cost.
    clock_hz : int
        Frequency of the clock.
    """

    def __init__(self, engine: BusClocks, run: Callable[[int], object], costs: Costs, clock_hz: int) -> None:
        self.costs = costs
        self._engine = engine
        self._run = run
        self._latency = math.ceil(costs.latency * clock_hz)
        self._start = (engine.clocks, engine.dma_clocks)
        self._spent = {"entry": 0, "bus": 0, "instructions": 0, "exit": 0}
        self._interrupts = 0
        self._left = -1  # clock at which the last handler was done

    @property
    def usage(self) -> Usage:
        """The account since the beginning; subtract two of them for the time between."""
        clocks, held = self._start
        return Usage(
            clocks=self._engine.clocks - clocks,
            stolen=self._engine.dma_clocks - held,
            interrupts=self._interrupts,
            **self._spent,
        )

    def requested(self, since: int) -> None:
        """Let the rest of the latency go by: INT has been high from clock `since` on."""
        if since <= self._left:
            return
        left = since + self._latency - self._engine.clocks
        if left > 0:
            self._run(left)

    def entered(self) -> None:
        """Charge the entry: an interrupt was acknowledged."""
        self._interrupts += 1
        self._work("entry", self.costs.entry)

    def left(self) -> None:
        """Charge the exit: its handler is done."""
        self._work("exit", self.costs.exit)
        self._left = self._engine.clocks

    def access(self, cycle: Callable[[], T]) -> T:
        """Make a port access and charge it; returns what it returns."""
        clocks, held = self._engine.clocks, self._engine.dma_clocks
        try:
            return cycle()
        finally:
            self._spent["bus"] += self._engine.clocks - clocks - (self._engine.dma_clocks - held)
            self._work("instructions", self.costs.access)

    def _work(self, what: str, clocks: int) -> None:
        self._spent[what] += clocks
        began, left = self._engine.clocks, clocks
        while left > 0:
            held = self._engine.dma_clocks
            self._run(left)
            left = self._engine.dma_clocks - held
            if self._engine.clocks - began > _LIMIT:
                raise TimeoutError(f"{clocks} clocks of work not done in {_LIMIT}: DMA never lets go of the bus")
