"""A bench with all around the chip that a test usually wants: CPU, memory, every checker."""

from collections.abc import Callable
from typing import Any

from .bench import Agent, Bench
from .checkers import add_all
from .cpu import Cpu
from .figure import Figure
from .memory import Memory
from .monitors import EdgeLog
from .options import BenchOptions

#: Mode bits 5-2 and 7-6, to be ORed; data sheet figure 231466-6.
VERIFY, WRITE, READ, ILLEGAL = 0x00, 0x04, 0x08, 0x0C
AUTOINITIALIZE, DECREMENT = 0x10, 0x20
DEMAND, SINGLE, BLOCK, CASCADE = 0x00, 0x40, 0x80, 0xC0

#: Command register bits; data sheet figure 231466-5.
MEMORY_TO_MEMORY, ADDRESS_HOLD, DISABLE, COMPRESSED = 0x01, 0x02, 0x04, 0x08
ROTATING, EXTENDED_WRITE, DREQ_ACTIVE_LOW, DACK_ACTIVE_HIGH = 0x10, 0x20, 0x40, 0x80


class Stand:
    """
    A started bench.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    grant, release
        Half clocks from HRQ to HLDA, see `Cpu`.
    options
        As for `Bench`.
    """

    def __init__(
        self,
        dut: Any,
        *,
        grant: int | Callable[[], int] = 0,
        release: int | Callable[[], int] = 0,
        options: BenchOptions | None = None,
    ) -> None:
        self.bench = Bench(dut, options)
        self.cpu = Cpu(self.bench, grant=grant, release=release)
        self.memory = Memory(self.bench)
        self.log = EdgeLog(self.bench)
        self.checkers: list[Agent] = []

    async def start(self) -> "Stand":
        """Reset the chip and put the checkers on, last of all agents."""
        self.checkers = add_all(self.bench)
        await self.bench.start()
        return self

    async def quiet(self, *, states: int = 2000, still: int = 12) -> None:
        """
        Wait until the chip has asked for nothing for a number of states.

        Raises
        ------
        AssertionError
            It asked again and again for longer than that many states.
        """
        bench, quiet = self.bench, 0
        for _ in range(states):
            await bench.states(1)
            idle = self.cpu.owns_bus() and bench.last is not None and not bench.last.chip.hrq
            quiet = quiet + 1 if idle else 0
            if quiet == still:
                return
        raise AssertionError(f"the chip was not quiet for {still} states within {states}")

    async def active(self, *, states: int = 40) -> None:
        """Wait until a service has begun: AEN is high."""
        bench = self.bench
        await bench.until(lambda: bench.last is not None and bool(bench.last.chip.aen), states=states, what="AEN")

    def shows(self, pin: str) -> int:
        """Return what an output (a field of `Drives`) showed in the last fabric clock; a floating one reads 1."""
        assert self.bench.last is not None
        level = getattr(self.bench.last.chip, pin)
        return 1 if level is None else int(level)

    def add(self, agent: Agent) -> None:
        """Move an agent (which put itself last) in front of the checkers."""
        self.bench.agents.remove(agent)
        self.bench.agents.insert(0, agent)

    async def figure(self, table: str) -> None:
        """Play a table with HLDA, DREQ, READY and the data from its columns, then let the CPU answer again."""
        self.cpu.manual = True
        self.bench.agents.remove(self.memory)
        self.bench.wires.db.drive("memory", None)
        await Figure(self.bench, table).play()
        self.bench.agents.insert(1, self.memory)
        self.cpu.manual = False

    async def figure_of_program_side(self, table: str) -> None:
        """Play a table, one row a fabric clock, that drives CS#, IOR#, IOW#, A0-A3 and DB itself."""
        self.cpu.silent = True
        await Figure(self.bench, table, per_clock=True).play()
        self.cpu.silent = False
