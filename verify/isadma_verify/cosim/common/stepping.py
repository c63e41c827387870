"""The loop under every bench: fabric clocks, and agents that respond to a core's outputs and watch its pins."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cocotb
from cocotb.task import current_task
from cocotb.triggers import Event, Timer

from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.journal import Journal
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.pins import CorePins
from isadma_verify.cosim.common.wires import Wires

#: States in which no pin of a core moves, after which a bench waits no longer.
STILL = 400

#: What moves beside the core's own pins while something goes on. READY is left out: random wait states go on for ever.
_INPUTS = ("hlda", "dreq", "reset", "ior_n", "iow_n")


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in time a fabric clock lies: its number, its state, its half, and the enables that end it."""

    count: int
    state: int
    high: bool
    falls: bool
    rises: bool

    @property
    def where(self) -> str:
        """The place in time, for messages."""
        return f"state {self.state} {'high' if self.high else 'low'} half (fabric clock {self.count})"


class Agent:
    """Something at the pins: a driver, a monitor or a checker."""

    def respond(self, bench: Any, chip: Any) -> None:
        """React, within the same fabric clock, to what the core's outputs show."""

    def watch(self, sample: Any) -> None:
        """Look at the finished fabric clock; a checker reports what is wrong."""


class Stepper:
    """
    A core under fabric clocks.

    In each fabric clock: the edge, then the test's own coroutines set what they drive, then the agents respond to the
    core's outputs, then everything is sampled. All inputs change right after the edge and are steady before the next.
    What the inputs and outputs are is for `Bench` and its like to say.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    options
        How it is clocked, and its pins.
    pins, wires
        The core's pins, and all that is between them and the world.
    """

    #: The last finished fabric clock, or None.
    last: Any

    def __init__(self, dut: Any, options: BenchOptions, pins: CorePins, wires: Wires) -> None:
        self.options = options
        self._dut = dut
        self._map = options.pin_map()
        self.clocking = Clocking(options.per_state)
        if self._map.clk is not None and self.clocking.per_state < 2:
            raise ValueError("a core with a CLK pin needs at least 2 fabric clocks per state")
        self._pins, self._wires = pins, wires
        self.agents: list[Agent] = []
        #: Called when the bench's test is over.
        self.ended: list[Callable[[], None]] = []
        self.last = None
        self._phase = options.phase_ns
        self.journal = Journal(Path(options.journal)) if options.journal else None
        self._unknown: list[tuple[str, str]] = []
        #: Pins that have shown neither 0 nor 1, with the last such level.
        self.levels: dict[str, str] = {}
        self._known = self.journal is None
        #: Whether a table goes on with HLDA as no CPU would: what the core does then breaks no rule.
        self.astray = False
        if self.journal is not None:
            pins.unknown = lambda pin, level: self._unknown.append((pin, level))
        self.reset = 0
        self.ready = 1
        self.hlda = 0
        self.dreq = 0
        #: Fabric clocks in which nothing has moved at the core's pins.
        self._still = 0
        self._edge = Event()
        self._running: Any = None

    def add(self, *agents: Agent) -> None:
        """Put agents on the bench; they respond and watch in this order."""
        self.agents.extend(agents)

    async def start(self) -> None:
        """Start the clock and reset the chip: RESET for two states, then two states of rest (data sheet page 14)."""
        if self.journal is not None:
            self.journal.begin(current_task().get_name().removeprefix("Test "))
        self._apply()
        self._running = cocotb.start_soon(self._run())
        self.reset = 1
        await self.states(2)
        self.reset = 0
        self._known = True
        await self.states(2)

    async def tick(self, clocks: int = 1) -> None:
        """Wait for a number of fabric clock edges; what is driven next belongs to the clock just begun."""
        for _ in range(clocks):
            await self._edge.wait()

    async def states(self, states: int = 1) -> None:
        """Wait until a number of states have begun: the first fabric clock of the last of them."""
        for _ in range(states):
            await self.tick()
            while self.clocking.position:
                await self.tick()

    async def until(self, condition: Callable[[], bool], *, states: int, what: str) -> None:
        """
        Wait until a condition holds at the start of a fabric clock.

        Raises
        ------
        AssertionError
            It did not within that many states, or nothing moves any more; the message says what was waited for.
        """
        for _ in range(states * self.clocking.per_state):
            if condition():
                return
            await self.tick()
            self.see_whether_it_moves(what)
        raise AssertionError(f"{what}: not within {states} states")

    def see_whether_it_moves(self, what: str) -> None:
        """
        Give up a wait on a core at whose pins nothing has moved for long: it will not answer later either.

        Raises
        ------
        AssertionError
            No pin has moved for `STILL` states, and a journal is written: other benches are waiting for their turn.
        """
        if self.journal is not None and self._still > STILL * self.clocking.per_state:
            raise AssertionError(f"{what}: no pin has moved for {STILL} states")

    def _apply(self) -> None:
        """Drive all inputs of the core."""
        raise NotImplementedError

    def _finish(self, chip: Any, fights: list[str]) -> None:
        """Sample the fabric clock that ends, and have the agents watch; `fights` are the wires'."""
        raise NotImplementedError

    def _watch(self, sample: Any) -> None:
        """Keep a sample, and show it to every agent."""
        before, self.last = self.last, sample
        moved = (
            before is None
            or before.chip != sample.chip
            or any(getattr(before, name) != getattr(sample, name) for name in _INPUTS)
        )
        self._still = 0 if moved else self._still + 1
        if self.journal is not None:
            self.journal.saw(sample)
            self._unknown[:] = [one for one in self._unknown if self._matters(before, sample, one[0])]
            if self._known and self._unknown:
                for pin, level in dict.fromkeys(self._unknown):
                    self.journal.broken("known-levels", sample, f"{pin} shows {level}", expected="0 or 1", got=level)
            elif self._known:
                self.journal.met("known-levels")
            self.levels.update(self._unknown)
            self._unknown.clear()
        for agent in self.agents:
            agent.watch(sample)

    def _matters(self, before: Any, sample: Any, pin: str) -> bool:
        """Return whether a pin has to show a level in this fabric clock, or right after the one before."""
        return True

    def report(self, rule: str, sample: Any, said: str) -> None:
        """
        Hear of a broken rule.

        Raises
        ------
        AssertionError
            There is no journal to write it to.
        """
        if self.journal is None:
            raise AssertionError(f"{sample.where}: {said}")
        if not self.astray:
            self.journal.broken(rule, sample, said)

    def _drive_clock(self) -> None:
        """Set the enables, or the CLK pin, of the fabric clock that begins."""
        if self._map.clk_fall is not None:
            self._dut[self._map.clk_fall].value = int(self.clocking.falls)
        if self._map.clk_rise is not None:
            self._dut[self._map.clk_rise].value = int(self.clocking.rises)

    async def _run(self) -> None:
        """Step fabric clocks until the test ends."""
        try:
            await self._step()
        finally:
            if self.journal is not None:
                self.journal.end()
            for end in self.ended:
                end()

    async def _step(self) -> None:
        """Step fabric clocks for ever."""
        clock = None if self._map.clock is None else self._dut[self._map.clock]
        clk = None if self._map.clk is None else self._dut[self._map.clk]
        self._drive_clock()
        if clock is not None:
            # Every input has a level before the first edge: a simulator with four states would clock in an X.
            clock.value = 0
            await Timer(self._phase, "ns")
        first = True
        while True:
            if not first:
                self.clocking.count += 1
            first = False
            if clock is not None:
                clock.value = 1
            if clk is not None and clock is None:
                clk.value = int(self.clocking.high)
            await Timer(self._phase, "ns")
            if clk is not None and clock is not None:
                clk.value = int(self.clocking.high_after(self.options.late))
            self._drive_clock()
            self._wires.new_clock()
            self._edge.set()
            self._edge.clear()
            await Timer(self._phase, "ns")
            self._wires.resolve(self._pins.drives())
            self._apply()
            if clock is not None:
                clock.value = 0
            await Timer(self._phase, "ns")
            chip = self._pins.drives()
            for agent in self.agents:
                agent.respond(self, chip)
            self._wires.resolve(chip)
            self._apply()
            await Timer(self._phase, "ns")
            chip = self._pins.drives()
            self._finish(chip, self._wires.resolve(chip))
            await Timer(self._phase, "ns")

    def _moment(self) -> dict[str, Any]:
        """Return the fields of `Moment` for the fabric clock that ends."""
        clocking = self.clocking
        return {
            "count": clocking.count,
            "state": clocking.state,
            "high": clocking.high,
            "falls": clocking.falls,
            "rises": clocking.rises,
        }
