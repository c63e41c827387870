"""The adapter's way to memory: its firmware asks for bytes, this gets the bus for them, and gives it back in time."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5: commands 07h (bus on), 08h (bus off), 09h (speed).

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from isadma_sim.machine.device import DmaLine, Lines

#: Clocks of the shortest cycle: address, then strobe.
MIN_CLOCKS = 2
#: The bus has 24 address lines.
ADDRESS_MASK = 0xFFFFFF
NANO = 1_000_000_000


class BusLostError(Exception):
    """The bus was not granted to the card: its channel is not in cascade mode, or RESET came."""


@dataclass(frozen=True)
class Fetch:
    """Ask for `length` bytes of memory at `address`."""

    address: int
    length: int


@dataclass(frozen=True)
class Store:
    """Put `data` into memory at `address`."""

    address: int
    data: bytes


@dataclass(frozen=True)
class Pause:
    """Let `seconds` go by."""

    seconds: float


#: Firmware: yields what it waits for, and is sent the bytes of a `Fetch`.
Program = Generator[Fetch | Store | Pause, bytes, None]


@dataclass
class Timing:
    """How the adapter shares the bus.

    Attributes
    ----------
    bus_on_ns, bus_off_ns : int
        Nanoseconds on the bus at most, and off it at least.
    read_ns, write_ns : int
        Nanoseconds of a memory cycle.
    """

    bus_on_ns: int = 0
    bus_off_ns: int = 0
    read_ns: int = 0
    write_ns: int = 0


class BusMaster:
    """Runs firmware programs one after the other, and moves their bytes as bus master.

    Once granted, it keeps the bus for the bus-on time at most, then stays off it for the bus-off time at least.

    Parameters
    ----------
    lines : Lines
        Clock and timers.
    idle : callable
        Called when nothing is left to do.

    Attributes
    ----------
    line : DmaLine or None
        The channel; without one, programs that need memory lose the bus at once.
    timing : Timing
        How long it is on the bus and off it, and how fast.
    """

    def __init__(self, lines: Lines, idle: Callable[[], None]) -> None:
        self._lines = lines
        self._idle = idle
        self.line: DmaLine | None = None
        self.timing = Timing()
        self._queue: deque[Program] = deque()
        self._program: Program | None = None
        self._wanted: Fetch | Store | None = None
        self._data = bytearray()
        self._done = 0  # bytes of it that are moved
        self._left = 0  # clocks left on the bus
        self._granted = False  # DACK# is active
        self._asking = False  # DREQ is high
        self._timer: Any = None
        self._dropping: Any = None

    @property
    def busy(self) -> bool:
        """Whether a program runs."""
        return self._program is not None

    # ---------------------------------------------------------------- programs
    def run(self, program: Program) -> None:
        """Run a program, after those that were given before."""
        if self._program is None:
            self._program = program
            self._timer = self._lines.after(1, lambda: self._advance(None))
        else:
            self._queue.append(program)

    def stop(self) -> None:
        """Forget every program and let go of the bus: the adapter is being reset."""
        self._lines.cancel(self._timer)
        self._lines.cancel(self._dropping)
        if self._program is not None:
            self._program.close()
        self._timer = self._program = self._wanted = None
        self._queue.clear()
        self._drop()

    def _advance(self, data: bytes | None, *, held: bool = False, lost: bool = False) -> None:
        """Go on with the programs until one waits; `held` says that the bus is in hand."""
        self._timer = self._wanted = None
        while self._program is not None:
            try:
                wanted = self._program.throw(BusLostError()) if lost else _step(self._program, data)
            except (StopIteration, BusLostError):
                self._program = self._queue.popleft() if self._queue else None
                data, lost = None, False
                continue
            data, lost = b"", False
            if isinstance(wanted, Pause):
                self._timer = self._lines.after(max(1, self._clocks(wanted.seconds * NANO)), self._paused)
                break
            self._data = bytearray(wanted.data) if isinstance(wanted, Store) else bytearray(wanted.length)
            if not self._data:
                continue
            if self.line is None:
                lost = True
                continue
            self._wanted, self._done = wanted, 0
            if held and self._left >= self._cycle:
                self._burst()
                return
            break
        if held:
            self._dropping = self._lines.after(1, self._drop)
        elif self._wanted is not None and not self._granted and not self._asking:
            self._ask()
        if self._program is None:
            self._idle()

    def _paused(self) -> None:
        self._advance(b"")

    # ---------------------------------------------------------------- the bus
    def _clocks(self, nanoseconds: float) -> int:
        return -(-int(nanoseconds) * self._lines.clock_hz // NANO)

    @property
    def _cycle(self) -> int:
        """Clocks of one cycle of what is wanted."""
        ns = self.timing.write_ns if isinstance(self._wanted, Store) else self.timing.read_ns
        return max(MIN_CLOCKS, self._clocks(ns))

    def _ask(self) -> None:
        self._timer = None
        self._asking = True
        if self.line is not None:
            self.line.dreq(True)

    def _drop(self) -> None:
        self._dropping = None
        self._asking = False
        if self.line is not None:
            self.line.dreq(False)

    def dack(self, active: bool) -> None:
        """DACK# of the channel changed."""
        self._granted = active
        if active:
            self._left = self.timing.bus_on_ns * self._lines.clock_hz // NANO
            if self._asking and self._dropping is None:
                if self._wanted is not None:
                    self._burst()
                else:  # the adapter was reset meanwhile
                    self._drop()
        elif self._wanted is not None and not self._asking and self._timer is None:
            self._timer = self._lines.after(max(1, self._clocks(self.timing.bus_off_ns)), self._ask)

    def _burst(self) -> None:
        """Move as much of what is wanted as the time on the bus allows, a cycle at least."""
        wanted, cycle = self._wanted, self._cycle
        assert wanted is not None
        assert self.line is not None
        address = wanted.address + self._done & ADDRESS_MASK
        odd = address & 1
        room = 2 * max(1, self._left // cycle) - odd
        chunk = bytearray(self._data[self._done : self._done + room])
        cycles = (len(chunk) + odd + 1) // 2

        def done(moved: int) -> None:
            if self._wanted is wanted:
                self._left -= cycles * cycle
                self._moved(chunk, moved)

        self.line.master(address, chunk, to_memory=isinstance(wanted, Store), done=done, clocks=cycle)

    def _moved(self, chunk: bytearray, moved: int) -> None:
        self._data[self._done : self._done + moved] = chunk[:moved]
        self._done += moved
        if moved < len(chunk):
            self._advance(None, held=True, lost=True)
        elif self._done == len(self._data):
            self._advance(bytes(self._data), held=True)
        else:
            self._dropping = self._lines.after(1, self._drop)


def _step(program: Program, data: bytes | None) -> Fetch | Store | Pause:
    return next(program) if data is None else program.send(data)
