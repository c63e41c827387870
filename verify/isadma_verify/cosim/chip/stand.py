"""A bench with all around the chip that a test usually wants: CPU, memory, every checker."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from isadma_verify.cosim.chip.bench import Agent, Bench
from isadma_verify.cosim.chip.cpu import Cpu
from isadma_verify.cosim.chip.memory import Memory
from isadma_verify.cosim.chip.monitors import EdgeLog
from isadma_verify.cosim.chip.rules import add_all
from isadma_verify.cosim.common.figure import Columns, Figure
from isadma_verify.cosim.common.options import BenchOptions

#: Mode bits 5-2 and 7-6, to be ORed; data sheet figure 231466-6.
VERIFY, WRITE, READ, ILLEGAL = 0x00, 0x04, 0x08, 0x0C
AUTOINITIALIZE, DECREMENT = 0x10, 0x20
DEMAND, SINGLE, BLOCK, CASCADE = 0x00, 0x40, 0x80, 0xC0

#: Command register bits; data sheet figure 231466-5.
MEMORY_TO_MEMORY, ADDRESS_HOLD, DISABLE, COMPRESSED = 0x01, 0x02, 0x04, 0x08
ROTATING, EXTENDED_WRITE, DREQ_ACTIVE_LOW, DACK_ACTIVE_HIGH = 0x10, 0x20, 0x40, 0x80


#: Columns of a chip's figures.
CHIP = Columns(
    levels={"dreq": "dreq", "hlda": "hlda", "ready": "ready", "cs": "cs_n", "reset": "reset"},
    wires={"eop": "eop_n", "dbin": "db", "ior": "ior_n", "iow": "iow_n", "ain": "a"},
    outputs={
        **{name: name for name in ("hrq", "dack", "aen", "adstb")},
        **{"IOR": "ior_n", "IOW": "iow_n", "MEMR": "memr_n", "MEMW": "memw_n"},
        **{"EOP": "eop_n", "A": "a", "DB": "db"},
    },
    binary={"dreq": 4, "dack": 4},
    hexadecimal={"dbin": 2, "ain": 1, "A": 2, "DB": 2},
)


class AnyStand:
    """
    A bench with a processor, memory and a log of edges on it, whatever the core.

    Parameters
    ----------
    bench, cpu, memory, log
        The parts; each has put itself on the bench.
    """

    #: What the columns of its figures stand for.
    COLUMNS: ClassVar[Columns]

    bench: Any
    cpu: Any
    memory: Any
    log: Any

    def __init__(self, bench: Any, cpu: Any, memory: Any, log: Any) -> None:
        self.bench, self.cpu, self.memory, self.log = bench, cpu, memory, log
        self.checkers: list[Agent] = []

    async def start(self) -> Self:
        """Reset the core and put the checkers on, last of all agents."""
        self.checkers = self._rules()
        await self.bench.start()
        # What the core went on with from the bench before, until RESET ended it, is none of this one's.
        self.log.clear()
        self.memory.reads.clear()
        self.memory.writes.clear()
        return self

    def _rules(self) -> list[Agent]:
        """Put every checker on the bench."""
        raise NotImplementedError

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
            bench.see_whether_it_moves("the end of a service: HRQ and HLDA low")
        raise AssertionError(f"the end of a service: HRQ and HLDA low for {still} states: not within {states} states")

    async def active(self, *, states: int = 40, what: str = "AEN") -> None:
        """Wait until a service has begun: AEN is high."""
        bench = self.bench
        await bench.until(lambda: bench.last is not None and bool(bench.last.chip.aen), states=states, what=what)

    def aside(self, rule: str, what: str, got: object, expected: object) -> None:
        """
        Judge, by the way, what is another rule's matter.

        With a journal the bench goes on: where that rule is broken by a bench of its own, this is no news of this
        one's, and where it is not, this bench breaks with it.

        Raises
        ------
        AssertionError
            There is no journal, and the values differ.
        """
        if got == expected:
            return
        bench = self.bench
        if bench.journal is None:
            raise AssertionError(f"{what}\nassert {got!r} == {expected!r}")
        bench.journal.aside(rule, bench.last, what, expected=expected, got=got)

    def needs(self, rule: str, what: str, condition: bool) -> None:
        """
        End a bench that cannot come to its own where another rule is broken.

        Raises
        ------
        AssertionError
            The condition does not hold; where the other rule is broken, nothing is said of this bench's.
        """
        if condition:
            return
        if self.bench.journal is not None:
            self.bench.journal.aside(rule, self.bench.last, what, ends=True)
        raise AssertionError(what)

    def shows(self, pin: str) -> int:
        """Return what an output, by its field's name, showed in the last fabric clock; a floating one reads 1."""
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
        self.bench.wires.data.drive("memory", None)
        await Figure(self.bench, table, columns=self.COLUMNS).play()
        self.bench.agents.insert(1, self.memory)
        self.cpu.manual = False


class Stand(AnyStand):
    """
    A started bench.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    grant, release
        Half clocks from HRQ to HLDA, see `Processor`.
    options
        As for `Bench`.
    """

    COLUMNS = CHIP

    bench: Bench
    cpu: Cpu
    memory: Memory
    log: EdgeLog

    def __init__(
        self,
        dut: Any,
        *,
        grant: int | Callable[[], int] = 0,
        release: int | Callable[[], int] = 0,
        options: BenchOptions | None = None,
    ) -> None:
        bench = Bench(dut, options)
        super().__init__(bench, Cpu(bench, grant=grant, release=release), Memory(bench), EdgeLog(bench))

    def _rules(self) -> list[Agent]:
        return add_all(self.bench)

    async def reached(self, *channels: int, after: str = "") -> None:
        """Read the status register: the TC bits of these channels alone, and no request, whatever the bench is for."""
        status = await self.cpu.status()
        what = f"status register after TC of channel{'s' * (len(channels) != 1)} {', '.join(map(str, channels))}"
        what = f"{what if channels else 'status register without a TC'}{after}"
        self.aside("status-tc", f"{what}, bits 3 to 0", status & 0x0F, sum(1 << channel for channel in channels))
        self.aside("status-requests", f"{what}, bits 7 to 4", status >> 4, 0)

    async def figure_of_program_side(self, table: str) -> None:
        """Play a table, one row a fabric clock, that drives CS#, IOR#, IOW#, A0-A3 and DB itself."""
        self.cpu.silent = True
        await Figure(self.bench, table, per_clock=True, columns=self.COLUMNS).play()
        self.cpu.silent = False
