"""Engine "uart": a board at the end of a serial line. Its clock stands still whenever a device of ours has to act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.chipless import Chipless
from isadma_sim.engines.nowhere import Nowhere
from isadma_sim.engines.pins import Out
from isadma_sim.engines.stats import Stats
from isadma_sim.engines.uart.client import MOST_CLOCKS, Access, Client, Shown, set_register
from isadma_sim.engines.uart.codes import Device, Set, Status
from isadma_sim.engines.uart.mirror import Mirror, WindowCycles
from isadma_sim.machine.block import Block
from isadma_sim.machine.engine import World
from isadma_sim.machine.trace import Cycle, Trace
from isadma_sim.machine.turn import Turn
from isadma_sim.machine.unique import Unique

__all__ = ["UartEngine"]

#: Clocks after which a board with nothing to do goes on doing nothing: `engines.clocks.SETTLE_CLOCKS`, and one to look.
_SETTLED = 6
#: What `Shown.pins` does not have: D0-D15 carry what they show, and no cycle is a refresh.
_ALWAYS = Out.D_OE.mask | Out.A_OE.mask | Out.STROBES_OE.mask | Out.REFRESH_N.mask
_ALL_CHANNELS = 0xEF


class UartEngine(Chipless, Unique):
    """A board's clocks, ports and DMA, with the machine's devices and memory here.

    All channels but `own` are served by the devices of this machine: the board stops its clock when one has to act.
    Memory from 0 on is the board's, as much as it has; what comes after is this machine's.

    Parameters
    ----------
    client : Client
        The board.
    world : World
        Memory, devices, events.
    skip_idle : bool
        Do not send clocks in which nothing can happen over the line.
    bus_timeout : int
        Clocks the CPU waits for the bus.
    own : sequence of int
        Channels that the board's own device serves.
    """

    probes: Sequence[Any] = ()

    def __init__(
        self,
        client: Client,
        world: World,
        *,
        skip_idle: bool = True,
        bus_timeout: int = 2_000_000,
        own: Sequence[int] = (),
    ) -> None:
        self.client = client
        self.world: World = world
        self.clocks = 0
        self._skip_idle = skip_idle
        self._bus_timeout = bus_timeout
        self._own = sum(1 << channel for channel in own)
        self._stats = Stats()
        self.turn, self.int_since = Turn(), 0
        self._blocks = Blocks(world, self.set_dreq)
        self._trace: Trace | None = None
        self._drq = 0
        self._data = 0
        self._pending = b""  # register writes that go ahead of the next clocks
        client.command(
            set_register(Set.DRQ, 0), set_register(Set.HOST, _ALL_CHANNELS & ~self._own), set_register(Set.CONTROL, 1)
        )
        client.run(_SETTLED)
        client.set(Set.CONTROL, 0)
        client.run(_SETTLED)
        for port in (Device.REQUEST, Device.CONTROL):
            client.outb(port, 0)
        self._mirror = Mirror(client, world.memory)
        self._cycles = WindowCycles(world.memory, world.guard, self._blocks, self._stats, self._mirror)
        self._now = client.look()
        self._seen = self._now.pins | _ALWAYS

    # ---------------------------------------------------------------- lines
    @property
    def stats(self) -> Stats:
        """What the bus did, as far as the host took part; who had the bus when is not counted."""
        self._stats.clocks = self.clocks
        return self._stats

    @property
    def dma_clocks(self) -> int:
        """Not counted: 0."""
        return 0

    @property
    def refreshes(self) -> int:
        """The boards make no refresh: 0."""
        return 0

    @property
    def due(self) -> int:
        """Clock of the next event."""
        return self.world.schedule.due

    @property
    def settled(self) -> bool:
        """Whether no request is up: the board may then do nothing for long."""
        return not (self._drq or self._pending)

    def set_dreq(self, channel: int, level: bool) -> None:
        """Drive a DRQ line of the bus."""
        bit = 1 << channel
        self._drq = self._drq | bit if level else self._drq & ~bit
        self._pending += set_register(Set.DRQ, self._drq)

    def start_block(self, channel: int, block: Block) -> None:
        """Let a block answer for its device until it is through."""
        self._blocks.start(channel, block)

    def stop_block(self, channel: int) -> int:
        """Take a block back; returns the bytes moved."""
        return self._blocks.stop(channel)

    def start_burst(self, burst: Any) -> None:
        """Refuse: there is no bus for a card to drive."""
        raise EngineError("engine 'uart' has no bus masters: take 'native'")

    def set_reset(self, level: bool) -> None:
        """Drive RESET."""
        self._pending += set_register(Set.CONTROL, int(level))

    def set_out1(self, level: bool) -> None:
        """Nothing: the boards make no refresh."""

    def observe(self, observer: Any | None) -> None:
        """Refuse: clocks go by on the board, unseen."""
        if observer is not None:
            raise EngineError("engine 'uart' shows no waveforms: take 'native'")

    def record(self, recorder: Any | None) -> None:
        """Refuse: clocks go by on the board, unseen."""
        if recorder is not None:
            raise EngineError("engine 'uart' records no timeline: take 'native'")

    def trace(self, log: Trace | None) -> None:
        """Record the bus cycles in which the host takes part."""
        self._trace = self._cycles.trace = log

    # ---------------------------------------------------------------- time
    def run(self, clocks: int) -> int:
        """Run that many clocks, fewer when the world's `stop` was set or a signal came."""
        world, schedule, signals = self.world, self.world.schedule, self.turn.signals
        start, end = self.clocks, self.clocks + clocks
        with self.turn:
            while self.clocks < end:
                if self.clocks >= schedule.due:
                    schedule.run(self.clocks)
                if world.stop or signals.hit:
                    break
                target = min(end, schedule.due)
                if self._idle and target - self.clocks > _SETTLED:
                    self._clock(_SETTLED)
                    if self._idle and not self._pending:
                        self.clocks = target
                else:
                    self._clock(target - self.clocks)
        return self.clocks - start

    @property
    def _idle(self) -> bool:
        busy = self._now.status & (Status.HRQ | Status.HLDA | Status.ATTENTION)
        return self._skip_idle and not self._own and not busy

    def _clock(self, clocks: int) -> None:
        """Let up to that many clocks go by; the host acts first where it has to."""
        self._act()
        self._send_memory()
        first, self._pending = self._pending, b""
        wanted = min(clocks, MOST_CLOCKS)
        self._took(self.client.run(wanted, first), wanted)

    def _took(self, shown: Shown, wanted: int) -> None:
        self._now = shown
        self.clocks += wanted - shown.left
        self._stats.stepped += wanted - shown.left
        if shown.status & Status.WRITTEN:
            self._mirror.fetch()

    def _act(self) -> None:
        """Do what the pins ask of devices and memory."""
        if not self._now.status & Status.ATTENTION:
            return
        last, self._seen = self._seen, self._now.pins | _ALWAYS
        data = self._cycles.update(self.clocks, last, self._seen)
        if data is not None:
            self._data = data
            self._pending += self._data_commands()

    def _data_commands(self) -> bytes:
        return set_register(Set.D0, self._data & 0xFF) + set_register(Set.D1, self._data >> 8)

    def _send_memory(self) -> None:
        if self._mirror.send():
            self._pending = self._data_commands() + self._pending  # they were lost

    # ---------------------------------------------------------------- the CPU's cycles
    def _check_seen(self, port: int) -> None:
        if self.world.io_hidden(port):
            raise EngineError(
                f"port {port:#x} is hidden from the board, and engine 'uart' has a real one: take 'native'"
            )

    def io_read(self, port: int) -> int:
        """One CPU read cycle of a byte; a device here answers at its beginning."""
        self._check_seen(port)
        with self.turn:
            claimed = self.world.io_claimed(port)
            if claimed:
                self._free()
                value = self.world.io_read(port)
                self._access(lambda wait: self.client.try_inb(port, wait))
            else:
                value = self._access(lambda wait: self.client.try_inb(port, wait)).value
            self._log("io_read", port, value)
            return value

    def io_write(self, port: int, value: int) -> None:
        """One CPU write cycle of a byte; a device here takes it at its end."""
        self._check_seen(port)
        with self.turn:
            self._access(lambda wait: self.client.try_outb(port, value, wait))
            if self.world.io_claimed(port):
                self.world.io_write(port, value)
            self._log("io_write", port, value)

    def _free(self) -> None:
        """Let clocks go by until the DMA has left the bus."""
        waited = self.clocks
        while (
            self._now.status & (Status.HRQ | Status.HLDA | Status.ATTENTION)
            and self.clocks - waited < self._bus_timeout
        ):
            self._clock(1)

    def _access(self, make: Any) -> Access:
        start = self.clocks
        while True:
            self._act()
            self._send_memory()
            if self._pending:
                first, self._pending = self._pending, b""
                self.client.command(first)
            access: Access = make(MOST_CLOCKS)
            self.clocks += access.clocks
            self._now = access.shown
            if access.shown.status & Status.WRITTEN:
                self._mirror.fetch()
            if self.clocks >= self.world.schedule.due:
                self.world.schedule.run(self.clocks)
            if access.done:
                self._stats.accesses += 1
                return access
            if self.clocks - start >= self._bus_timeout:
                raise EngineError(
                    f"the CPU waited {self.clocks - start} clocks for the bus and DMA never let go (HRQ is high):"
                    " mask the channel, or look for a cascade channel whose DRQ stays on"
                )

    def _log(self, kind: str, port: int, value: int) -> None:
        if self._trace is not None:
            self._trace.add(Cycle(self.clocks, "cpu", kind, port, value))

    def resume_block(self, channel: int, block: Block, parts: Any) -> None:
        """Refuse, as `load` does."""
        raise EngineError("engine 'uart' cannot be loaded: the board keeps what it has")

    def save(self) -> dict[str, Any]:
        """Refuse: what is inside the board cannot be read."""
        raise EngineError("engine 'uart' cannot be saved: nothing reads what is inside the board, take 'native'")

    def load(self, state: dict[str, Any]) -> None:
        """Refuse: what is inside the board cannot be set."""
        raise EngineError("engine 'uart' cannot be loaded: the board keeps what it has")

    def close(self) -> None:
        """Let go of the line; the board stands still."""
        self.turn.close()
        self.world = Nowhere()
        self.client.close()
