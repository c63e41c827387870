"""The bus loop of the native engine: clocks run in C++, devices and events in Python."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.clocks import BUS_TIMEOUT
from isadma_sim.engines.native.blocks import NativeBlocks
from isadma_sim.engines.native.board import NativeBoard
from isadma_sim.engines.native.chips import Chips
from isadma_sim.engines.native.chipsloop import SharedCycles
from isadma_sim.engines.native.dump import NativeDump
from isadma_sim.engines.native.library import CALLBACK, Event, Reason, State
from isadma_sim.engines.native.mastering import NativeMastering
from isadma_sim.engines.native.record import RecordedLoop
from isadma_sim.engines.native.shared import shared
from isadma_sim.engines.native.turn import NativeTurn
from isadma_sim.engines.stats import Stats
from isadma_sim.machine.engine import World
from isadma_sim.machine.portmap import CLAIMED
from isadma_sim.machine.schedule import NEVER

__all__ = ["NativeLoop"]

#: Figures that C++ keeps.
_COUNTED = {field.name for field in fields(Stats)} - {"clocks"}


class NativeLoop(RecordedLoop):
    """`BusLoop` with its clock in C++; an observer or a trace needs the Python clock, on the same board.

    Parameters
    ----------
    library : ctypes.PyDLL
        The built harness.
    world : World
        Memory, devices, events.
    board : str
        Which board the library is of.
    hlda_delay, skip_idle, bus_timeout
        As for `BusLoop`.
    """

    hlda_delay = shared("hlda_delay")
    skip_idle = shared("skip_idle")
    bus_timeout = shared("bus_timeout")
    clocks = shared("clocks")
    _in = shared("input")
    _shown = shared("shown")
    _out = shared("out")
    _held = shared("held")
    _quiet = shared("quiet")
    _cpu = shared("cpu")
    _mastering: NativeMastering
    turn: NativeTurn

    def __init__(
        self,
        library: ctypes.PyDLL,
        world: World,
        *,
        board: str = "at",
        hlda_delay: int = 1,
        skip_idle: bool = True,
        bus_timeout: int = BUS_TIMEOUT,
    ) -> None:
        self._library = library
        self._board = board
        self._error: BaseException | None = None
        self._answers: Sequence[Callable[[int, int], int | None]] = ()
        self._callback: Any = CALLBACK(self._on_event)
        self._memory = (ctypes.c_uint8 * len(world.memory)).from_buffer(world.memory)
        self._guard = world.guard  # its state is C++'s too
        self._machine = library.isadma_open(
            self._callback, ctypes.addressof(self._memory), len(world.memory), ctypes.addressof(world.guard.state)
        )
        self._state = library.isadma_state_of(self._machine).contents
        self._cycle = library.isadma_access
        self._chips = Chips(library, self._machine, self._state.chips)
        super().__init__(
            NativeBoard(library, self._machine, board),
            world,
            hlda_delay=hlda_delay,
            skip_idle=skip_idle,
            bus_timeout=bus_timeout,
            turn=NativeTurn(partial(library.isadma_adopt, self._machine), self._state),
        )
        self._answers = self._table_of_answers()
        self._blocks = NativeBlocks(world, self.set_dreq, self._state)
        self._cycles = SharedCycles(world, self._blocks, self._stats, self._state)
        self._mastering = NativeMastering(world.memory, world.guard, self._stats, self._state)

    # ---------------------------------------------------------------- callbacks
    def _on_event(self, event: int, channel: int, value: int) -> int:
        world, state = self.world, self._state
        answer = 0
        try:
            answer = self._answers[event](channel, value) or 0
        except BaseException as error:  # C++ finishes its clock first; `_settle` raises it
            self._error = error
            state.failed = 1
        state.due = world.schedule.due
        state.stop = world.stop
        return answer

    def _table_of_answers(self) -> list[Callable[[int, int], int | None]]:
        """Return what is done for each `Event`, by its number."""
        world = self.world
        answers: dict[Event, Callable[[int, int], int | None]] = {
            Event.DACK_OFF: lambda channel, _: world.dack(channel, False),
            Event.DACK_ON: lambda channel, _: world.dack(channel, True),
            Event.TC: lambda channel, _: world.tc(channel),
            Event.DMA_READ: lambda channel, _: world.dma_read(channel),
            Event.DMA_WRITE: world.dma_write,
            Event.DUE: lambda *_: world.schedule.run(self._state.clocks),
            Event.BLOCK_OVER: lambda channel, _: self._blocks.finish(channel),
            Event.BURST_OVER: lambda _, moved: self._mastering.finish(moved),
            Event.IO_READ: lambda port, _: world.io_read(port),
            Event.IO_WRITE: world.io_write,
        }
        return [answers[event] for event in Event]

    def _enter(self) -> None:
        state, world = self._state, self.world
        state.due, state.stop = world.schedule.due, world.stop
        if state.access:  # a port access that a signal's handler ended before its last clocks
            self._library.isadma_finish(self._machine)
            self._settle()

    def _settle(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            self._state.failed = 0
            raise error

    @property
    def _watched(self) -> bool:
        return self._trace is not None or (self._observer is not None and self._wakes != NEVER)

    def observe(self, observer: Any | None) -> None:
        """Show every clock to `observer`, or to nobody; an FST is written by C++."""
        if isinstance(self._observer, NativeDump):
            self._observer.close()
        if getattr(observer, "can_be_handed_over", False):
            observer = NativeDump(self._library, self._machine, self._board, observer)
        super().observe(observer)

    @property
    def _wakes(self) -> int:
        """The clock before which the observer wants none: a dump that begins later, or is over."""
        return NEVER if self._observer is None else getattr(self._observer, "wakes", 0)

    # ---------------------------------------------------------------- time
    @property
    def stats(self) -> Stats:
        """What the bus did so far, by both clocks."""
        python, native = super().stats, self._state
        return Stats(
            clocks=self.clocks,
            dma_clocks=python.dma_clocks + native.dma_clocks,
            stepped=python.stepped + native.stepped,
            accesses=python.accesses + native.accesses,
            transfers=[a + b for a, b in zip(python.transfers, native.transfers, strict=True)],
            bytes=[a + b for a, b in zip(python.bytes, native.bytes, strict=True)],
            mem_to_mem=python.mem_to_mem + native.mem_to_mem,
            channel_clocks=[a + b for a, b in zip(python.channel_clocks, native.channel_clocks, strict=True)],
            refresh_clocks=python.refresh_clocks + native.refresh_clocks,
            cpu_clocks=python.cpu_clocks + native.cpu_clocks,
            master_clocks=python.master_clocks + native.master_clocks,
            conflicts=[a + b for a, b in zip(python.conflicts, native.conflicts, strict=True)],
            refreshes=python.refreshes + native.refreshes,
        )

    @property
    def dma_clocks(self) -> int:
        """Clocks in which HLDA was high, by both clocks."""
        return self._stats.dma_clocks + int(self._state.dma_clocks)

    @property
    def refreshes(self) -> int:
        """Refresh cycles so far, by both clocks."""
        return self._stats.refreshes + int(self._state.refreshes)

    def run(self, clocks: int) -> int:
        """Run that many clocks, fewer when the world's `stop` was set or a signal came."""
        start, end = self.clocks, self.clocks + clocks
        while self.clocks < end and not self.world.stop:
            if self._faster():
                if not self._run_native(min(end, self._wakes)):
                    break
            else:
                super().run(end - self.clocks)
                if not self._faster():
                    break
        return self.clocks - start

    def _run_native(self, end: int) -> bool:
        """Run to a clock in C++; whether it was reached. The turn is taken where a device is asked first."""
        state, library, machine = self._state, self._library, self._machine
        state.due, state.stop, state.watch_int = self.world.schedule.due, self.world.stop, self.world.watch_int
        while (reason := library.isadma_run(machine, end)) == Reason.PAUSED:
            self._take_rows()
        if reason == Reason.REFUSED:
            self.turn.refuse()
        while reason in (Reason.CUT, Reason.PAUSED):
            with self.turn as turn:  # signals are handled where it ends
                reason = Reason.PAUSED
                while reason == Reason.PAUSED and not turn.signals.hit:
                    self._enter()
                    reason = library.isadma_run_on(machine, end)
                    self._take_rows()
                    self._settle()
        return reason == Reason.REACHED

    def set_stats(self, stats: Stats) -> None:
        """Go on counting from there."""
        for name, kind in State._fields_:
            if name in _COUNTED:
                setattr(self._state, name, kind())
        super().set_stats(stats)
        self._state.more_refreshes = stats.refreshes

    def _faster(self) -> bool:
        return self._trace is None and self._wakes > self.clocks

    def _step(self) -> None:
        if self._watched:
            super()._step()
            self._state.more_refreshes = self._stats.refreshes
            return
        self._enter()
        self._library.isadma_step(self._machine)
        self._settle()

    # ---------------------------------------------------------------- the CPU's cycles
    @property
    def _looked_at(self) -> bool:
        return (self._observer is not None or self._trace is not None) and self._watched

    def _access(self, port: int, value: int) -> int:
        """One port cycle, in C++; `value` is negative for a read."""
        kind = self.world.port_kind(port)
        self._state.due = self.world.schedule.due
        if not kind & CLAIMED:
            answer: int = self._cycle(self._machine, port, value, kind)
        else:
            with self.turn:
                self._enter()
                answer = self._library.isadma_access_first(self._machine, port, value, kind)
                self._settle()
        self._take_rows()
        return answer if answer >= 0 else self._access_in_turn(port, value, kind, -1 - answer)

    def _access_in_turn(self, port: int, value: int, kind: int, reason: int) -> int:
        """Go on with one that DMA, an event or a signal came into."""
        answer = -1 - reason
        while reason in (Reason.PAUSED, Reason.CUT):
            with self.turn:
                if reason == Reason.PAUSED:
                    self._enter()
                    answer = self._library.isadma_access_on(self._machine, port, value, kind)
                else:
                    answer = self._library.isadma_finish(self._machine)
                self._take_rows()
                self._settle()
            reason = -1 - answer if answer < 0 else Reason.REACHED
        if reason == Reason.REFUSED:
            self.turn.refuse()
        if reason == Reason.TIMED_OUT:
            self._acquire(self.clocks - self.bus_timeout)  # says what is wrong
        if answer < 0:
            raise EngineError(f"the access to port {port:#x} was given up")
        return answer

    def io_read(self, port: int) -> int:
        """One CPU read cycle of a byte."""
        return super().io_read(port) if self._looked_at else self._access(port, -1)

    def io_write(self, port: int, value: int) -> None:
        """One CPU write cycle of a byte."""
        if self._looked_at:
            super().io_write(port, value)
        else:
            self._access(port, value)

    def close(self) -> None:
        """Free the machine; the memory stays the world's."""
        super().close()
        if self._machine:
            self._state = self.turn.released()  # what it came to stays readable
            self._chips.close()
            self._library.isadma_close(self._machine)
            self._machine = self._callback = None
            self._answers = ()
            del self._memory, self._guard
