"""What runs the board, as the machine sees it, and what that asks of the world around: two protocols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from isadma_sim.machine.block import Block
from isadma_sim.machine.burst import Burst
from isadma_sim.machine.guard import Guard
from isadma_sim.machine.schedule import Schedule
from isadma_sim.machine.turn import Turn


class World(Protocol):
    """What an engine finds around the board. Calls come in the course of a clock and may raise.

    Attributes
    ----------
    memory : memoryview
        Physical memory, never resized.
    guard : Guard
        Through which it is written from the bus.
    watch_int : bool
        Whether INT of the 8259As is to make `Engine.run` return, where the engine has them itself.
    schedule : Schedule
        Events to make when their clock comes.
    stop : bool
        Set by a callback to make `Engine.run` return at the end of that clock.
    """

    memory: memoryview
    guard: Guard
    schedule: Schedule
    stop: bool
    watch_int: bool

    def port_kind(self, port: int) -> int:
        """Return who takes part in an access to this port: `isadma_sim.machine.portmap`."""
        ...

    def io_claimed(self, port: int) -> bool:
        """Whether a device or an interrupt controller answers this port."""
        ...

    def io_hidden(self, port: int) -> bool:
        """Whether the board does not see the strobes of accesses to this port."""
        ...

    def io_read(self, port: int) -> int:
        """Read a claimed port, a byte; at the leading edge of IOR#."""
        ...

    def io_write(self, port: int, value: int) -> None:
        """Write a claimed port, a byte; at the trailing edge of IOW#."""
        ...

    def dma_read(self, channel: int) -> int:
        """Fetch what a device drives while its DACK# and IOR# are low; at the leading edge of IOR#."""
        ...

    def dma_write(self, channel: int, value: int) -> None:
        """Hand data to a device, at the trailing edge of IOW# under its DACK#."""
        ...

    def dack(self, channel: int, active: bool) -> None:
        """DACK# of a channel changed."""
        ...

    def tc(self, channel: int) -> None:
        """TC went low again under that channel's DACK#."""
        ...


class Engine(Protocol):
    """A board and its bus, run clock by clock.

    Attributes
    ----------
    clocks : int
        8237 clocks gone by since power-up.
    turn : Turn
        Taken while clocks go by: one thread, one call at a time.
    int_since : int
        Clock at which the 8259As' INT rose last.
    """

    clocks: int
    turn: Turn
    int_since: int

    def own_pics(self, kind: Any, on_int: Callable[[bool], None]) -> Any:
        """Return the 8259As of an engine that has them itself, like `PicPair` or `PicSingle` (`kind`); None without."""
        ...

    def own_chips(self) -> Any:
        """Return where timer and system control port of an engine are that has them itself; None where it does not."""
        ...

    def set_answered(self, channel: int) -> None:
        """Have the world asked about a channel's DACK#, TC and data from now on: somebody answers there."""
        ...

    @property
    def due(self) -> int:
        """Clock of the next event; `NEVER` when there is none."""
        ...

    @property
    def stats(self) -> Any:
        """What the bus did: `isadma_sim.engines.stats.Stats`."""
        ...

    @property
    def dma_clocks(self) -> int:
        """Clocks in which HLDA was high; cheap, where `stats` is not."""
        ...

    @property
    def refreshes(self) -> int:
        """Refresh cycles so far; cheap, where `stats` is not."""
        ...

    @property
    def settled(self) -> bool:
        """Whether nothing on the bus changes by itself before the next event."""
        ...

    @property
    def probes(self) -> Any:
        """What a waveform may show of the board's inside: a sequence of `isadma_sim.engines.board.Probe`."""
        ...

    def run(self, clocks: int) -> int:
        """Run that many clocks; fewer when the world's `stop` was set. Returns the clocks really run."""
        ...

    def io_read(self, port: int) -> int:
        """One CPU read cycle of a byte, decoded by whatever is on the bus; FFh where nothing answers."""
        ...

    def io_write(self, port: int, value: int) -> None:
        """One CPU write cycle of a byte."""
        ...

    def set_dreq(self, channel: int, level: bool) -> None:
        """Drive a DRQ line of the bus (0..3, 5..7)."""
        ...

    def start_block(self, channel: int, block: Block) -> None:
        """Let a block (`isadma_sim.machine.block.Block`) answer for its device until it is through."""
        ...

    def stop_block(self, channel: int) -> int:
        """Take a block back; returns the bytes moved, 0 when none was under way."""
        ...

    def resume_block(self, channel: int, block: Block, parts: Any) -> None:
        """Let a block of a saved machine go on."""
        ...

    def start_burst(self, burst: Burst) -> None:
        """Let a card with DACK# drive the bus itself (`isadma_sim.engines.mastering`)."""
        ...

    def set_reset(self, level: bool) -> None:
        """Drive the board's RESET."""
        ...

    def set_out1(self, level: bool) -> None:
        """Drive OUT of the timer's counter 1, whose rising edge asks for refresh."""
        ...

    def observe(self, observer: Any | None) -> None:
        """Show every clock's pins to an observer (`isadma_sim.waves.dump.Waves`), or to none."""
        ...

    def record(self, recorder: Any | None) -> None:
        """Have an `isadma_sim.timeline.recorder.Recorder` keep what the pins do, or nobody."""
        ...

    def trace(self, log: Any | None) -> None:
        """Record bus cycles in a `isadma_sim.machine.trace.Trace`, or stop with None."""
        ...

    def save(self) -> dict[str, Any]:
        """Return the state of board and bus in JSON's values; RuntimeError when that cannot be."""
        ...

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `save` of an engine of this kind returned; ValueError when that is of another."""
        ...

    def close(self) -> None:
        """Let go of everything the engine holds."""
        ...
