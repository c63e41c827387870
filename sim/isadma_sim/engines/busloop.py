"""The ISA bus, clock by clock: HOLD and HLDA, the CPU's port cycles, and the DMA's cycles between devices and memory.

Shared by the engines that run a board one state per clock. It owns time; storage and devices own none.
"""

# Ref: docs/decisions/0001-the-clock-contract.md; Intel 8237A data sheet 231466-005, figures 9 and 11.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.board import Board, Probe
from isadma_sim.engines.chipless import Chipless
from isadma_sim.engines.clocks import BUS_TIMEOUT, SETTLE_CLOCKS
from isadma_sim.engines.dmacycle import DmaCycles
from isadma_sim.engines.mastering import Mastering
from isadma_sim.engines.nowhere import Nowhere
from isadma_sim.engines.pins import In, Out
from isadma_sim.engines.portcycles import PortCycles
from isadma_sim.engines.saving import load_block, load_loop, save_loop
from isadma_sim.engines.stats import Stats
from isadma_sim.machine.block import Block
from isadma_sim.machine.burst import Burst
from isadma_sim.machine.engine import World
from isadma_sim.machine.trace import Trace
from isadma_sim.machine.turn import Turn

_HRQ = Out.HRQ.mask
_HLDA = In.HLDA.mask
_OUT1 = In.OUT1.mask
_IN_D = ~In.D.mask


class BusLoop(Chipless, PortCycles):
    """Runs a `Board` in its world; an `Engine` but for its constructor.

    Parameters
    ----------
    board : Board
        Pins in, pins out, one clock at a time.
    world : World
        Memory, devices, events.
    hlda_delay : int
        Clocks from HRQ high to HLDA high when the CPU has no cycle running, at least 1.
    skip_idle : bool
        Jump over clocks in which nothing can happen. The clock count is the same either way.
    bus_timeout : int
        Clocks the CPU waits for the bus.
    turn : Turn or None
        Taken while clocks go by; None: a new one.
    """

    def __init__(
        self,
        board: Board,
        world: World,
        *,
        hlda_delay: int = 1,
        skip_idle: bool = True,
        bus_timeout: int = BUS_TIMEOUT,
        turn: Turn | None = None,
    ) -> None:
        self.board = board
        self.world: World = world
        self.hlda_delay = hlda_delay
        self.skip_idle = skip_idle
        self.bus_timeout = bus_timeout
        self.clocks = 0
        self._stats = Stats()
        self._in = In.IDLE
        self._shown = In.IDLE  # inputs at the end of the previous clock
        self._out = Out.IDLE
        self._held = 0  # clocks HRQ has been high with the CPU off the bus
        self._quiet = 0
        self._cpu = False  # a CPU cycle is running
        self._blocks = Blocks(world, self.set_dreq)
        self._cycles = DmaCycles(world.memory, world.guard, self._blocks, self._stats)
        self._mastering = Mastering(world.memory, world.guard, self._stats)
        self._trace: Trace | None = None
        self._observer: Any = None
        self._recorder: Any = None
        self.turn = turn or Turn()
        self.int_since = 0

    # ---------------------------------------------------------------- lines
    @property
    def stats(self) -> Stats:
        """What the bus did so far."""
        self._stats.clocks = self.clocks
        return self._stats

    @property
    def dma_clocks(self) -> int:
        """Clocks in which HLDA was high, without the rest of `stats`."""
        return self._stats.dma_clocks

    @property
    def refreshes(self) -> int:
        """Refresh cycles so far, without the rest of `stats`."""
        return self._stats.refreshes

    @property
    def due(self) -> int:
        """Clock of the next event."""
        return self.world.schedule.due

    def _happen(self) -> None:
        """Make the events that are due."""
        self.world.schedule.run(self.clocks)

    @property
    def settled(self) -> bool:
        """Whether nothing on the bus changes by itself before the next event."""
        return self._quiet >= SETTLE_CLOCKS and self._in == self._shown

    @property
    def probes(self) -> Sequence[Probe]:
        """What a waveform may show of the board's inside."""
        return self.board.probes

    def set_dreq(self, channel: int, level: bool) -> None:
        """Drive a DRQ line of the bus."""
        bit = 1 << In.DRQ.low + channel
        self._in = self._in | bit if level else self._in & ~bit

    def start_block(self, channel: int, block: Block) -> None:
        """Let a block answer for its device until it is through."""
        self._blocks.start(channel, block)

    def stop_block(self, channel: int) -> int:
        """Take a block back; returns the bytes moved."""
        return self._blocks.stop(channel)

    def resume_block(self, channel: int, block: Block, parts: Any) -> None:
        """Let a block of a saved machine go on."""
        self._blocks.start(channel, block)
        load_block(self, channel, parts)

    @property
    def blocks(self) -> Mapping[int, Block]:
        """Blocks under way, by channel."""
        return self._blocks.running

    def save(self) -> dict[str, Any]:
        """Return the state of board and bus in JSON's values."""
        return save_loop(self)

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `save` returned."""
        load_loop(self, state)

    def set_stats(self, stats: Stats) -> None:
        """Go on counting from there."""
        vars(self._stats).update(vars(stats.copy()))

    def start_burst(self, burst: Burst) -> None:
        """Let a card with DACK# drive the bus itself from the next clock on."""
        self._mastering.start(burst)

    def set_reset(self, level: bool) -> None:
        """Drive RESET."""
        self._in = self._in | In.RESET.mask if level else self._in & ~In.RESET.mask

    def set_out1(self, level: bool) -> None:
        """Drive OUT of the timer's counter 1."""
        self._in = self._in | _OUT1 if level else self._in & ~_OUT1

    def observe(self, observer: Any | None) -> None:
        """Show every clock to `observer`, or to nobody."""
        self._observer = observer

    def record(self, recorder: Any | None) -> None:
        """Have `recorder` keep what the pins do, or nobody."""
        self._recorder = recorder

    def trace(self, log: Trace | None) -> None:
        """Record bus cycles in `log`, or stop."""
        self._trace = self._cycles.trace = self._mastering.trace = log

    def close(self) -> None:
        """Let go of world and memory, at once and not when the garbage collector comes."""
        self.turn.close()
        self.world = nowhere = Nowhere()
        self._blocks = Blocks(nowhere, lambda channel, level: None)
        self._cycles = DmaCycles(nowhere.memory, nowhere.guard, self._blocks, self._stats)
        self._mastering = Mastering(nowhere.memory, nowhere.guard, self._stats)

    # ---------------------------------------------------------------- time
    def run(self, clocks: int) -> int:
        """Run that many clocks, fewer when the world's `stop` was set or a signal came."""
        with self.turn:
            return self._run(clocks)

    def _run(self, clocks: int) -> int:
        world, signals = self.world, self.turn.signals
        start, end = self.clocks, self.clocks + clocks
        while self.clocks < end:
            if self.clocks >= self.due:
                self._happen()
            if world.stop or signals.hit or self._faster():
                break
            if self._quiet >= SETTLE_CLOCKS and self._in == self._shown and self.skip_idle:
                self._jump(min(end, self.due))
            else:
                self._step()
        return self.clocks - start

    def _faster(self) -> bool:
        """Whether another clock than this one can go on now: `NativeLoop` has one, for when nobody looks."""
        return False

    def _jump(self, clock: int) -> None:
        if self._observer is not None:
            self._observer.idle(self.clocks, clock)
        if self._recorder is not None:
            self._recorder.idle(self.clocks, self._in, self._out)
        self.clocks = clock

    def _step(self) -> None:
        """One clock: events, pins, what the pins mean to the world, the clock edge, HLDA for the next one."""
        if self.clocks >= self.due:
            self._happen()
        if self._mastering.burst is not None:
            self._master()
        out = self.board.drive(self._in)
        failure: BaseException | None = None
        if out != self._out:
            self._quiet = -1
            try:
                data = self._cycles.update(self.clocks, self._out, out)
                if data is not None:
                    self._in = self._in & _IN_D | data << In.D.low
            except BaseException as error:  # the clock is finished first, so that the machine stays whole
                failure = error
        inputs = self._in  # with what devices did in this clock
        if self._observer is not None:
            self._observer.clock(self.clocks, inputs, out, self.board.peek())
        if self._recorder is not None:
            self._recorder.clock(self.clocks, inputs, out)
        self.board.clock(inputs)
        self._quiet = self._quiet + 1 if inputs == self._shown and not (inputs & _HLDA or out & _HRQ) else 0
        self._shown = inputs
        self._out = out
        self.clocks += 1
        self._stats.stepped += 1
        self._stats.account(inputs, out, cpu=self._cpu)
        if out & _HRQ and not self._cpu:
            self._held += 1
            if self._held >= self.hlda_delay:
                self._in |= _HLDA
        elif not out & _HRQ:
            self._held = 0
            self._in &= ~_HLDA
        if failure is not None:
            raise failure

    def _master(self) -> None:
        mastering = self._mastering
        while (burst := mastering.burst) is not None:
            self._in = mastering.clock(self.clocks, self._in, self._out)
            if mastering.burst is not None:
                return
            moved = mastering.position
            burst.done(moved)
            if moved < len(burst.data):
                return  # not granted: whatever the card tries next, it tries in the next clock
