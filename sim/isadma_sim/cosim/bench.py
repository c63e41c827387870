"""The bench: one chip, its wires, and the agents around it, stepped one fabric clock at a time."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cocotb
from cocotb.triggers import Event, Timer

from isadma.i8237.regs import CHANNELS, WritePort

from .clocking import Clocking
from .options import BenchOptions
from .pins import Drives, Pins
from .wires import BusHolder

#: Simulated nanoseconds between the phases of one fabric clock.
_PHASE_NS = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """All that a fabric clock showed just before its end; ``ior_n`` and so on are the wires, `chip` what it drives."""

    count: int
    state: int
    high: bool
    falls: bool
    rises: bool
    chip: Drives
    ior_n: int
    iow_n: int
    memr_n: int
    memw_n: int
    eop_n: int
    db: int
    a: int
    reset: int
    cs_n: int
    ready: int
    hlda: int
    dreq: int
    fights: tuple[str, ...]

    @property
    def where(self) -> str:
        """The place in time, for messages."""
        return f"state {self.state} {'high' if self.high else 'low'} half (fabric clock {self.count})"


class Sense:
    """Reads the DREQ and DACK polarities off the bus, where the program writes them."""

    def __init__(self) -> None:
        self.dreq_active_low = False
        self.dack_active_high = False
        self._writing: Sample | None = None

    def watch(self, sample: Sample) -> None:
        """Follow command writes, Master Clear and RESET; a write counts at its trailing edge."""
        before, self._writing = self._writing, None
        if sample.reset:
            self._set(0)
        elif not sample.iow_n and not sample.cs_n and not sample.hlda:
            self._writing = sample
        elif before is not None and before.a & 0xF == WritePort.COMMAND:
            self._set(before.db)
        elif before is not None and before.a & 0xF == WritePort.MASTER_CLEAR:
            self._set(0)

    def _set(self, command: int) -> None:
        # Ref: data sheet figure 231466-5: command bits 6 and 7.
        self.dreq_active_low = bool(command & 0x40)
        self.dack_active_high = bool(command & 0x80)

    def active_dacks(self, dack: int) -> list[int]:
        """Return the channels whose DACK pin is active."""
        on = dack if self.dack_active_high else ~dack
        return [channel for channel in range(CHANNELS) if on >> channel & 1]


class Agent:
    """Something at the pins: a driver, a monitor or a checker."""

    def respond(self, bench: "Bench", chip: Drives) -> None:
        """React, within the same fabric clock, to what the chip's outputs show."""

    def watch(self, sample: Sample) -> None:
        """Look at the finished fabric clock; a checker raises AssertionError."""


class Bench:
    """
    A chip on the bench.

    In each fabric clock: the edge, then the test's own coroutines set what they drive, then the agents respond to the
    chip's outputs, then everything is sampled. All inputs change right after the edge and are steady before the next.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    options
        How it is clocked, and its pins; from the environment that the runner set unless told.
    """

    def __init__(self, dut: Any, options: BenchOptions | None = None) -> None:
        self.options = options or BenchOptions.from_environment(os.environ)
        self._dut = dut
        self._map = self.options.pin_map()
        self.clocking = Clocking(self.options.per_state)
        if self._map.clk is not None and self.clocking.per_state < 2:
            raise ValueError("a core with a CLK pin needs at least 2 fabric clocks per state")
        self.pins = Pins(dut, self._map)
        self.wires = BusHolder(self.options.seed)
        self.agents: list[Agent] = []
        #: The last finished fabric clock.
        self.last: Sample | None = None
        self.reset = 0
        self.cs_n = 1
        self.ready = 1
        self.hlda = 0
        self.dreq = 0
        #: Polarities, as the command register last written sets them.
        self.sense = Sense()
        self._edge = Event()
        self._running: Any = None

    def add(self, *agents: Agent) -> None:
        """Put agents on the bench; they respond and watch in this order."""
        self.agents.extend(agents)

    async def start(self) -> None:
        """Start the clock and reset the chip: RESET for two states, then two states of rest (data sheet page 14)."""
        self._apply()
        self._running = cocotb.start_soon(self._run())
        self.reset = 1
        await self.states(2)
        self.reset = 0
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
            It did not within that many states; the message says what was waited for.
        """
        for _ in range(states * self.clocking.per_state):
            if condition():
                return
            await self.tick()
        raise AssertionError(f"{what}: not within {states} states")

    def _apply(self) -> None:
        """Drive all inputs of the chip."""
        pins, wires = self.pins, self.wires
        pins.write("reset", self.reset)
        pins.write("cs_n", self.cs_n)
        pins.write("ready", self.ready)
        pins.write("hlda", self.hlda)
        pins.write("dreq", self.dreq)
        pins.write("ior_n.i", wires.ior_n.level)
        pins.write("iow_n.i", wires.iow_n.level)
        pins.write("eop_n.i", wires.eop_n.level)
        pins.write("db.i", wires.db.level)
        pins.write("a.i", wires.a.level & 0xF)

    def _drive_clock(self) -> None:
        """Set the enables, or the CLK pin, of the fabric clock that begins."""
        if self._map.clk_fall is not None:
            self._dut[self._map.clk_fall].value = int(self.clocking.falls)
        if self._map.clk_rise is not None:
            self._dut[self._map.clk_rise].value = int(self.clocking.rises)

    async def _run(self) -> None:
        """Step fabric clocks for ever."""
        clock = None if self._map.clock is None else self._dut[self._map.clock]
        clk = None if self._map.clk is None else self._dut[self._map.clk]
        self._drive_clock()
        first = True
        while True:
            if not first:
                self.clocking.count += 1
            first = False
            if clock is not None:
                clock.value = 1
            if clk is not None and clock is None:
                clk.value = int(self.clocking.high)
            await Timer(_PHASE_NS, "ns")
            if clk is not None and clock is not None:
                clk.value = int(self.clocking.high)
            self._drive_clock()
            self.wires.new_clock()
            self._edge.set()
            self._edge.clear()
            await Timer(_PHASE_NS, "ns")
            self.wires.resolve(self.pins.drives())
            self._apply()
            if clock is not None:
                clock.value = 0
            await Timer(_PHASE_NS, "ns")
            chip = self.pins.drives()
            for agent in self.agents:
                agent.respond(self, chip)
            self.wires.resolve(chip)
            self._apply()
            await Timer(_PHASE_NS, "ns")
            chip = self.pins.drives()
            self.last = self._sample(chip, self.wires.resolve(chip))
            for agent in self.agents:
                agent.watch(self.last)
            # After the checkers: the chip shows a new polarity from the next fabric clock on.
            self.sense.watch(self.last)
            await Timer(_PHASE_NS, "ns")

    def _sample(self, chip: Drives, fights: list[str]) -> Sample:
        clocking, wires = self.clocking, self.wires
        return Sample(
            count=clocking.count,
            state=clocking.state,
            high=clocking.high,
            falls=clocking.falls,
            rises=clocking.rises,
            chip=chip,
            ior_n=wires.ior_n.level,
            iow_n=wires.iow_n.level,
            memr_n=wires.memr_n.level,
            memw_n=wires.memw_n.level,
            eop_n=wires.eop_n.level,
            db=wires.db.level,
            a=wires.a.level,
            reset=self.reset,
            cs_n=self.cs_n,
            ready=self.ready,
            hlda=self.hlda,
            dreq=self.dreq,
            fights=tuple(fights),
        )
