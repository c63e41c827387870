"""What the board's pins mean to the world: DACK frames, strobes, data between devices and memory, terminal count."""

# Ref: docs/decisions/0001-the-clock-contract.md, "What a clock shows"; Intel 8237A data sheet 231466-005, figure 11.

from __future__ import annotations

from typing import TYPE_CHECKING

from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.pins import Out
from isadma_sim.machine.guard import Guard
from isadma_sim.machine.memory import FLOATING
from isadma_sim.machine.trace import Cycle, Trace

if TYPE_CHECKING:
    from isadma_sim.engines.stats import Stats

_MEMR, _MEMW, _IOR, _IOW = Out.MEMR_N.mask, Out.MEMW_N.mask, Out.IOR_N.mask, Out.IOW_N.mask
_STROBES = _MEMR | _MEMW | _IOR | _IOW
_TC, _AEN, _SBHE, _D_OE = Out.TC.mask, Out.AEN.mask, Out.SBHE_N.mask, Out.D_OE.mask
_REFRESH = Out.REFRESH_N.mask
_A_SHIFT, _A_MASK = Out.A.low, (1 << Out.A.width) - 1
_DACK_SHIFT, _DACK_MASK = Out.DACK_N.low, Out.DACK_N.mask
_D_SHIFT = Out.D.low
_FLOATING_WORD = FLOATING * 0x101


class DmaCycles:
    """Follows the outputs from clock to clock and does what devices and memory do.

    Width comes from SBHE# and A0 alone, as on the bus: SBHE# low at an even address is a word, anything else a byte.
    """

    def __init__(self, memory: memoryview, guard: Guard, devices: Blocks, stats: Stats) -> None:
        self._devices = devices
        self._memory = memory
        self._guard = guard
        self._stats = stats
        self._data = 0  # what the cycle's source put on the bus
        self._strobed = False  # a strobe was seen in this DACK frame: no verify
        #: Where to log cycles.
        self.trace: Trace | None = None

    def update(self, clock: int, last: int, out: int) -> int | None:
        """Act on a change of the outputs; returns what D0-D15 carry from now on, None when that stays.

        Parameters
        ----------
        clock : int
            The clock that shows `out`.
        last, out : int
            Packed outputs of the clock before and of this one.
        """
        changed = last ^ out
        rose = changed & out & _STROBES
        fell = changed & last & (_IOR | _MEMR)
        data = None
        # Each step is made even when a device fails in the one before: the bus goes on.
        try:
            if rose:
                self._end(clock, last, rose)
        finally:
            try:
                if changed & last & _TC:
                    self._each(last, self._devices.tc)
            finally:
                try:
                    if changed & _DACK_MASK:
                        self._dack(clock, last, out, changed)
                    elif changed >> _A_SHIFT & _A_MASK and not self._strobed and last & out & _AEN:
                        self._verified(clock, last)
                finally:
                    if fell:
                        data = self._begin(out, fell)
        return data

    def _each(self, out: int, fn: object) -> None:
        active = ~(out >> _DACK_SHIFT) & 0xFF
        while active:
            bit = active & -active
            active ^= bit
            fn(bit.bit_length() - 1)  # type: ignore[operator]

    def _channel(self, out: int) -> int | None:
        active = ~(out >> _DACK_SHIFT) & 0xFF
        return (active & -active).bit_length() - 1 if active else None

    def _dack(self, clock: int, last: int, out: int, changed: int) -> None:
        moved = changed >> _DACK_SHIFT & 0xFF
        after = out >> _DACK_SHIFT & 0xFF
        if moved & after and not self._strobed and last & _AEN:  # one went inactive: the service is over
            self._verified(clock, last)
        self._strobed = False  # also of a strobe outside any frame: refresh, memory to memory
        while moved:
            bit = moved & -moved
            moved ^= bit
            self._devices.dack(bit.bit_length() - 1, not after & bit)

    def _verified(self, clock: int, last: int) -> None:
        channel = self._channel(last)
        if channel is None:
            return
        self._stats.transfers[channel] += 1
        if self.trace is not None:
            self.trace.add(Cycle(clock, "dma", "verify", last >> _A_SHIFT & _A_MASK, None, channel))

    def _begin(self, out: int, fell: int) -> int | None:
        """Let the source drive the bus: a read strobe fell."""
        self._strobed = True
        if fell & _MEMR and not out & _REFRESH:
            return None  # only rows are addressed: no memory drives
        address = out >> _A_SHIFT & _A_MASK
        word = not (out & _SBHE or address & 1)
        if fell & _IOR:
            channel = self._channel(out)
            self._data = _FLOATING_WORD  # should the device fail
            if channel is not None:
                self._data = self._devices.dma_read(channel)
            if not word:
                self._data &= 0xFF
        else:
            self._data = self._read(address, word)
        return self._data if word else (self._data & 0xFF) * 0x101

    def _read(self, address: int, word: bool) -> int:
        memory = self._memory
        low = memory[address] if address < len(memory) else FLOATING
        if not word:
            return low
        return low | (memory[address + 1] if address + 1 < len(memory) else FLOATING) << 8

    def _end(self, clock: int, last: int, rose: int) -> None:
        """Let the destination take the data: a strobe rose."""
        address = last >> _A_SHIFT & _A_MASK
        word = not (last & _SBHE or address & 1)
        size = 2 if word else 1
        channel = self._channel(last)
        if rose & _MEMR and not last & _REFRESH:
            self._refreshed(clock, address, channel)
            return
        if rose & _MEMW:
            if last & _IOR:  # no device was read: the board's temporary register drives
                self._data = last >> _D_SHIFT & 0xFFFF if last & _D_OE else _FLOATING_WORD
                kind = "mem_to_mem_write"
                self._stats.mem_to_mem += size
            else:
                kind = "to_memory"
            if not word:
                self._data &= 0xFF
            self._guard.store(self._memory, address, self._data, size)
        elif rose & _IOW:
            kind = "to_device"
        elif rose & _MEMR:
            kind = "mem_to_mem_read"
        else:
            return  # IOR# alone: no such cycle
        if channel is not None:
            self._stats.transfers[channel] += 1
            self._stats.bytes[channel] += size
        if self.trace is not None:
            self.trace.add(Cycle(clock, "dma", kind, address, self._data, channel))
        if rose & _IOW and channel is not None:
            self._devices.dma_write(channel, self._data)

    def _refreshed(self, clock: int, row: int, channel: int | None) -> None:
        # On a PC/XT it is a transfer of channel 0, whose IOW# no slot answers to.
        self._stats.refreshes += 1
        if channel is not None:
            self._stats.transfers[channel] += 1
        if self.trace is not None:
            self.trace.add(Cycle(clock, "dma", "refresh", row, None, channel))
