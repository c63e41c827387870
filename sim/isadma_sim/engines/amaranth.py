"""Engine "amaranth": the RTL in Amaranth's own simulator, one state per clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from amaranth.sim import Simulator

from isadma_sim.engines.board import Probe
from isadma_sim.engines.busloop import BusLoop
from isadma_sim.engines.packed import Packed, check_packed, packed_board, probe_values, probes_of
from isadma_sim.engines.pins import In
from isadma_sim.machine.engine import World

_T = TypeVar("_T")


class AmaranthBoard:
    """The packed board in a simulator (`isadma_sim.engines.board.Board`).

    Everything runs inside one testbench: `inside(job)` hands it a synchronous job, and `Simulator.advance` runs it to
    its end. Time in the simulator stands still meanwhile; the clock is a signal like any other, and idle clocks cost
    nothing because nobody toggles it.
    """

    def __init__(self, packed: Packed, probes: Sequence[Probe]) -> None:
        self.probes = probes
        self._simulator = Simulator(packed)
        self._job: Callable[[], None] | None = None
        self._inputs, self._outputs, self._clk = packed.inputs, packed.outputs, packed.clk
        self._probes = packed.probes
        self._files = [chip.registers.words for chip in packed.chips]
        self._shown = In.IDLE
        self._context: Any = None
        self._simulator.add_testbench(self._testbench)

    async def _testbench(self, ctx: Any) -> None:
        self._context = ctx
        while True:
            if self._job is not None:
                self._job()
            await ctx.delay(0)

    def reset(self) -> None:
        """Be as a new board is."""
        self._simulator.reset()
        self._shown = In.IDLE

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

    def save(self) -> Any:
        """Return all that the board remembers: every signal of the simulator, and every memory."""
        return {"kind": "amaranth", "slots": [[name, value] for name, value in self._slots()]}

    def _slots(self) -> Iterator[tuple[str, Any]]:
        for slot in self._in_order():
            if hasattr(slot, "signal"):
                yield slot.signal.name, slot.curr
            else:
                yield slot.memory.name if hasattr(slot.memory, "name") else "memory", slot.data

    def _in_order(self) -> list[Any]:
        # The simulator meets its signals in an order that hangs on the process; they were made in the design's own.
        signals = [slot for slot in self._state.slots if hasattr(slot, "signal")]
        memories = [slot for slot in self._state.slots if not hasattr(slot, "signal")]
        return [*sorted(signals, key=lambda slot: slot.signal.duid), *memories]

    def load(self, state: Any) -> None:
        """Remember that instead."""
        if state["kind"] != "amaranth":
            raise ValueError(f"this board was saved by engine {state['kind']!r}, not 'amaranth'")
        if [name for name, _ in self._slots()] != [name for name, _ in state["slots"]]:
            raise ValueError("this board was saved by another version: its signals are not these")
        for slot, (_, value) in zip(self._in_order(), state["slots"], strict=True):
            if hasattr(slot, "signal"):
                slot.curr = slot.next = value
            else:
                slot.data[:] = value
        self._shown = self._context.get(self._inputs)

    @property
    def _state(self) -> Any:
        # Amaranth has no call for this: signals that are driven by combinational logic cannot be set by its own.
        return self._simulator._engine._state

    def peek(self) -> Sequence[int]:
        """Values of the probes."""
        get = self._context.get
        return probe_values(len(self._files), get(self._probes), lambda chip, word: get(self._files[chip][word]))


#: Boards of engines that were closed, by their parameters, one of each: a new one takes as long as some hundred clocks.
_FREE: dict[tuple[str, int, bool], AmaranthBoard] = {}


class AmaranthEngine(BusLoop):
    """The bus loop, its calls carried into the simulator's testbench."""

    board: AmaranthBoard
    kind: tuple[str, int, bool] | None = None

    def close(self) -> None:
        """Let go of the world, and leave the board to the next of its kind."""
        super().close()
        if self.kind is not None:
            _FREE[self.kind] = self.board
            self.kind = None

    def _run(self, clocks: int) -> int:
        run = super()._run
        return self.board.inside(lambda: run(clocks))

    def _read(self, port: int, began: int) -> int | None:
        read = super()._read
        return self.board.inside(lambda: read(port, began))

    def _write(self, port: int, value: int, began: int) -> bool:
        write = super()._write
        return self.board.inside(lambda: write(port, value, began))


def open_engine(
    world: World, *, board: str = "at", wait_states: int = 1, refresh: bool = False, **options: Any
) -> AmaranthEngine:
    """Start the Amaranth engine.

    Parameters
    ----------
    world : World
        What surrounds the board.
    board : str
        ``"at"`` or ``"xt"``.
    wait_states : int
        Wait states of every DMA transfer, 0..7; a PC/XT's refresh has none.
    refresh : bool
        Build the AT with its refresh.
    **options
        Passed on to `BusLoop`.
    """
    check_packed(board, wait_states)
    kind = (board, wait_states, bool(refresh))
    if (free := _FREE.pop(kind, None)) is not None:
        free.reset()
    else:
        free = AmaranthBoard(packed_board(*kind), probes_of(board))
    engine = AmaranthEngine(free, world, **options)
    engine.kind = kind
    return engine
