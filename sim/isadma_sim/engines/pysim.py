"""The RTL in Amaranth's own simulator, one state per clock: slow, and what the fast way is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from amaranth.hdl import Cat, ClockDomain, Module, Signal
from amaranth.lib.wiring import Elaboratable
from amaranth.sim import Simulator

from isadma_sim.engines.board import Probe
from isadma_sim.engines.busloop import BusLoop
from isadma_sim.engines.pins import In, Out
from isadma_sim.engines.ports import ENABLES, INPUT_PORTS, OUTPUT_PORTS, TIED

_T = TypeVar("_T")


def _member(board: Any, port: str) -> Any:
    """Signal of a port by its Verilog name (``isa__a__i``)."""
    found = board
    for name in port.split("__"):
        found = getattr(found, name)
    return found


class Packed(Elaboratable):
    """The board with its pins packed in two signals, so that a clock costs one `get` and seldom a `set`."""

    def __init__(self, board: Any) -> None:
        self.board = board
        self.inputs = Signal(In.WIDTH, init=In.IDLE)
        self.outputs = Signal(Out.WIDTH)
        self.clk = Signal()

    def elaborate(self, platform: object) -> Module:
        """Wire the pins to their places."""
        m = Module()
        # No reset line: power-up is the signals' initial values, and RESET is a pin of the board.
        m.domains.sync = domain = ClockDomain(reset_less=True)
        self.clk = domain.clk
        m.submodules.board = board = self.board
        for pin, port in INPUT_PORTS.items():
            m.d.comb += _member(board, port).eq(self.inputs[pin.low : pin.low + pin.width])
        for port, value in TIED.items():
            m.d.comb += _member(board, port).eq(value)
        shown = []
        for pin, port in OUTPUT_PORTS.items():
            value = _member(board, port)
            if pin in ENABLES:
                value = value | ~_member(board, ENABLES[pin])
            shown.append(value[: pin.width])
        m.d.comb += self.outputs.eq(Cat(shown))
        return m


class PysimBoard:
    """The packed board in a simulator (`isadma_sim.engines.board.Board`).

    Everything runs inside one testbench: `inside(job)` hands it a synchronous job, and `Simulator.advance` runs it to
    its end. Time in the simulator stands still meanwhile; the clock is a signal like any other, and idle clocks cost
    nothing because nobody toggles it.
    """

    probes: Sequence[Probe] = ()

    def __init__(self, board: Any) -> None:
        packed = Packed(board)
        self._simulator = Simulator(packed)
        self._job: Callable[[], None] | None = None
        self._inputs, self._outputs, self._clk = packed.inputs, packed.outputs, packed.clk
        self._shown = In.IDLE
        self._context: Any = None
        self._simulator.add_testbench(self._testbench)

    async def _testbench(self, ctx: Any) -> None:
        self._context = ctx
        while True:
            if self._job is not None:
                self._job()
            await ctx.delay(0)

    def inside(self, job: Callable[[], _T]) -> _T:
        """Run `job` in the testbench, and return or raise what it does."""
        result: list[_T] = []
        failure: list[BaseException] = []

        def run() -> None:
            self._job = None
            try:
                result.append(job())
            except BaseException as error:  # it must not end the testbench
                failure.append(error)

        self._job = run
        while self._job is not None:
            self._simulator.advance()
        if failure:
            raise failure[0]
        return result[0]

    def drive(self, inputs: int) -> int:
        """Set this clock's inputs and return the outputs."""
        if inputs != self._shown:
            self._shown = inputs
            self._context.set(self._inputs, inputs)
        value: int = self._context.get(self._outputs)
        return value

    def clock(self, inputs: int) -> None:
        """End this clock: a rising edge, and the falling one for the next."""
        if inputs != self._shown:
            self._shown = inputs
            self._context.set(self._inputs, inputs)
        self._context.set(self._clk, 1)
        self._context.set(self._clk, 0)

    def peek(self) -> Sequence[int]:
        """Values of the probes: none, the pins are what this engine is for."""
        return ()


class PysimEngine(BusLoop):
    """The bus loop, its calls carried into the simulator's testbench."""

    board: PysimBoard

    def run(self, clocks: int) -> int:
        """Run that many clocks, fewer when the world's `stop` was set."""
        run = super().run
        return self.board.inside(lambda: run(clocks))

    def io_read(self, port: int) -> int:
        """One CPU read cycle of a byte."""
        read = super().io_read
        return self.board.inside(lambda: read(port))

    def io_write(self, port: int, value: int) -> None:
        """One CPU write cycle of a byte."""
        write = super().io_write
        self.board.inside(lambda: write(port, value))
