"""Bus mastering: the cycles a card runs by itself, on the address lines and memory strobes that the board leaves it."""

# Ref: Intel 8237A data sheet 231466-005, page 5 (cascade mode); IBM PC AT Technical Reference, "I/O Channel" (MASTER#).

from __future__ import annotations

from typing import TYPE_CHECKING

from isadma_sim.engines.pins import In, Out
from isadma_sim.machine.burst import Burst
from isadma_sim.machine.guard import Guard
from isadma_sim.machine.memory import FLOATING
from isadma_sim.machine.trace import Cycle, Trace

if TYPE_CHECKING:
    from isadma_sim.engines.stats import Stats

_MASTER, _MEMR, _MEMW, _SBHE = In.MASTER_N.mask, In.MEMR_N.mask, In.MEMW_N.mask, In.SBHE_N.mask
_A_SHIFT, _D_SHIFT = In.A.low, In.D.low
_A_MASK, _IN_A, _IN_D = (1 << In.A.width) - 1, ~In.A.mask, ~In.D.mask
_AEN, _DACK_SHIFT = Out.AEN.mask, Out.DACK_N.low


class Mastering:
    """Runs one burst, clock by clock: what the card drives, and what memory answers.

    In the first clock of a cycle the address (and what the card writes) is out, then the strobe is low for the others;
    it rises in the first clock of the next. MASTER# falls with the first address, and goes with the last strobe unless
    `done` starts another burst. Before each clock the card looks whether the bus is its own: its DACK# active, and AEN
    low, for a board that drives addresses has not been told that the channel is a cascade.

    Parameters
    ----------
    memory : memoryview
        Physical memory.
    guard : Guard
        Through which it is written.
    stats : Stats
        Where cycles are counted.

    Attributes
    ----------
    burst : Burst or None
        The one under way.
    position : int
        Bytes moved so far.
    phase : int
        Clocks gone by in the running cycle.
    """

    def __init__(self, memory: memoryview, guard: Guard, stats: Stats) -> None:
        self._memory = memory
        self._guard = guard
        self._stats = stats
        self.burst: Burst | None = None
        self.position = 0
        self.phase = 0
        self._word = False  # the running cycle's width
        self._data = 0  # what the running cycle's source put on the bus
        #: Where to log cycles.
        self.trace: Trace | None = None

    def start(self, burst: Burst) -> None:
        """Take over a burst; its first clock is the next one.

        Raises
        ------
        RuntimeError
            While another one is under way.
        """
        if self.burst is not None:
            raise RuntimeError(f"the card on DMA channel {self.burst.channel} has a burst under way: wait for its end")
        self.position = self.phase = 0
        self.burst = burst

    def clock(self, clock: int, inputs: int, out: int) -> int:
        """Return `inputs` with what the card drives in this clock put over them; `burst` is None when it is over.

        Parameters
        ----------
        clock : int
            The clock that begins.
        inputs : int
            Packed inputs as they are.
        out : int
            Packed outputs of the clock before.
        """
        burst = self.burst
        assert burst is not None
        if out >> _DACK_SHIFT + burst.channel & 1 or out & _AEN:
            self._stats.conflicts[burst.channel] += 1
            return self._let_go(inputs)
        if self.phase == burst.clocks:
            self._end(clock, burst)
            if self.position == len(burst.data):
                return self._let_go(inputs)
            inputs |= _MEMR | _MEMW
        if self.phase == 0:
            inputs = self._address(burst, inputs)
        elif self.phase == 1:
            inputs = self._strobe(burst, inputs)
        self.phase += 1
        self._stats.master_clocks += 1
        return inputs

    def _let_go(self, inputs: int) -> int:
        self.burst = None
        return inputs | _MASTER | _MEMR | _MEMW | _SBHE

    def _at(self, burst: Burst) -> int:
        return burst.address + self.position & _A_MASK

    def _address(self, burst: Burst, inputs: int) -> int:
        address, left = self._at(burst), len(burst.data) - self.position
        self._word = burst.width == 2 and not address & 1 and left > 1
        inputs = inputs & _IN_A & ~_MASTER | address << _A_SHIFT
        inputs = inputs & ~_SBHE if self._word or address & 1 else inputs | _SBHE
        if burst.to_memory:
            self._data = burst.data[self.position] | (burst.data[self.position + 1] << 8 if self._word else 0)
            inputs = inputs & _IN_D | self._lanes() << _D_SHIFT
        return inputs

    def _lanes(self) -> int:
        return self._data if self._word else self._data * 0x101

    def _strobe(self, burst: Burst, inputs: int) -> int:
        if burst.to_memory:
            return inputs & ~_MEMW
        memory, address = self._memory, self._at(burst)
        self._data = memory[address] if address < len(memory) else FLOATING
        if self._word:
            self._data |= (memory[address + 1] if address + 1 < len(memory) else FLOATING) << 8
        return inputs & _IN_D & ~_MEMR | self._lanes() << _D_SHIFT

    def _end(self, clock: int, burst: Burst) -> None:
        """Let the destination take the data: the strobe rises."""
        address, size = self._at(burst), 2 if self._word else 1
        if burst.to_memory:
            self._guard.store(self._memory, address, self._data, size)
        else:
            burst.data[self.position : self.position + size] = self._data.to_bytes(size, "little")
        self._stats.transfers[burst.channel] += 1
        self._stats.bytes[burst.channel] += size
        if self.trace is not None:
            kind = "master_write" if burst.to_memory else "master_read"
            self.trace.add(Cycle(clock, "card", kind, address, self._data, burst.channel))
        self.position += size
        self.phase = 0
