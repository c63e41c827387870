"""Engine "amaranth": the RTL itself in Amaranth's simulator, one state per clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from amaranth.hdl import Cat, ClockDomain, Module, Signal
from amaranth.lib.wiring import Elaboratable
from amaranth.sim import Simulator

from isadma.pc import PcAt
from isadma_sim.engines.base import World
from isadma_sim.engines.busloop import BusLoop, Probe
from isadma_sim.engines.options import check_board
from isadma_sim.engines.pins import In, Out

_T = TypeVar("_T")


class Packed(Elaboratable):
    """The board with its pins packed in two signals, so that a clock costs one `get` and seldom a `set`."""

    def __init__(self, board: Any) -> None:
        self.board = board
        self.inputs = Signal(In.WIDTH, init=In.IDLE)
        self.outputs = Signal(Out.WIDTH)
        self.clk = Signal()

    def elaborate(self, platform: object) -> Module:
        """Wire the pins to their places; both enables at 1 make it one state per clock."""
        m = Module()
        # No reset line: power-up is the signals' initial values, and RESET is a pin of the board.
        m.domains.sync = domain = ClockDomain(reset_less=True)
        self.clk = domain.clk
        m.submodules.board = board = self.board
        isa = board.isa
        sinks = {
            In.IOR_N: isa.ior_n.i,
            In.IOW_N: isa.iow_n.i,
            In.MEMR_N: isa.memr_n.i,
            In.MEMW_N: isa.memw_n.i,
            In.HLDA: board.hlda,
            In.RESET: board.reset,
            In.IOCHRDY: isa.iochrdy,
            In.MASTER_N: isa.master_n,
            In.DRQ: isa.drq,
            In.A: isa.a.i,
            In.D: isa.d.i,
        }
        m.d.comb += [sink.eq(self.inputs[pin.low : pin.low + pin.width]) for pin, sink in sinks.items()]
        m.d.comb += [board.clk_fall.eq(1), board.clk_rise.eq(1)]
        sources = {
            Out.MEMR_N: isa.memr_n.o | ~isa.memr_n.oe,
            Out.MEMW_N: isa.memw_n.o | ~isa.memw_n.oe,
            Out.IOR_N: isa.ior_n.o | ~isa.ior_n.oe,
            Out.IOW_N: isa.iow_n.o | ~isa.iow_n.oe,
            Out.TC: isa.tc,
            Out.AEN: isa.aen,
            Out.HRQ: board.hrq,
            Out.SBHE_N: isa.sbhe_n.o | ~isa.sbhe_n.oe,
            Out.DACK_N: isa.dack_n,
            Out.A: isa.a.o,
            Out.D: isa.d.o,
            Out.D_OE: isa.d.oe,
            Out.A_OE: isa.a.oe,
            Out.STROBES_OE: isa.memr_n.oe,
            Out.REFRESH_N: isa.refresh_n,
        }
        m.d.comb += self.outputs.eq(Cat(sources[pin][: pin.width] for pin in Out.FIELDS))
        return m


class AmaranthBoard:
    """The packed board in a simulator (`isadma_sim.engines.busloop.Board`).

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
        """End this clock: a rising edge, with the falling one for free."""
        if inputs != self._shown:
            self._shown = inputs
            self._context.set(self._inputs, inputs)
        self._context.set(self._clk, 1)
        self._context.set(self._clk, 0)

    def peek(self) -> Sequence[int]:
        """Values of the probes."""
        return ()


class AmaranthEngine(BusLoop):
    """The bus loop, its calls carried into the simulator's testbench."""

    board: AmaranthBoard

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


def open_engine(world: World, *, board: str = "at", wait_states: int = 1, **options: Any) -> AmaranthEngine:
    """Start the Amaranth engine.

    Parameters
    ----------
    world : World
        What surrounds the board.
    board : str
        ``"at"``.
    wait_states : int
        Wait states of every DMA transfer.
    **options
        Passed on to `BusLoop`.
    """
    check_board(board)
    return AmaranthEngine(AmaranthBoard(PcAt(wait_states=wait_states)), world, **options)
