"""The board's memory and the machine's, kept the same."""

from __future__ import annotations

from isadma_sim.engines.blocks import Blocks
from isadma_sim.engines.dmacycle import DmaCycles
from isadma_sim.engines.pins import Out
from isadma_sim.engines.stats import Stats
from isadma_sim.engines.uart.client import Client
from isadma_sim.machine.guard import Guard

__all__ = ["Mirror", "WindowCycles"]

#: Bytes that are compared, and sent, together.
_PIECE = 64


class Mirror:
    """The first bytes of the machine's memory, which the board has too.

    Parameters
    ----------
    client : Client
        The board.
    memory : memoryview
        The machine's memory.
    """

    def __init__(self, client: Client, memory: memoryview) -> None:
        self._client = client
        self._memory = memory
        #: Bytes that both have.
        self.size = min(client.memory_size, len(memory))
        self._board = bytearray(self.size)
        client.write(0, bytes(memory[: self.size]))
        self._board[:] = memory[: self.size]

    def send(self) -> bool:
        """Send what a program has changed; returns whether anything was sent."""
        if self._memory[: self.size] == self._board:
            return False
        for start in range(0, self.size, _PIECE):
            piece = bytes(self._memory[start : start + min(_PIECE, self.size - start)])
            if piece != self._board[start : start + len(piece)]:
                self._client.write(start, piece)
                self._board[start : start + len(piece)] = piece
        return True

    def fetch(self) -> None:
        """Take over what the board's DMA has written without the host."""
        self._board[:] = self._client.read(0, self.size)
        self._memory[: self.size] = self._board

    def same(self, address: int, size: int) -> None:
        """Note that the DMA has written there, and the machine's memory has it."""
        end = min(address + size, self.size)
        if address < end:
            self._board[address:end] = self._memory[address:end]


class WindowCycles(DmaCycles):
    """`DmaCycles` on a board that has the first part of the memory itself: what it reads there comes off the bus."""

    def __init__(self, memory: memoryview, guard: Guard, devices: Blocks, stats: Stats, mirror: Mirror) -> None:
        super().__init__(memory, guard, devices, stats)
        self._mirror = mirror
        self._bus = 0

    def update(self, clock: int, last: int, out: int) -> int | None:
        """Act on a change of the outputs."""
        self._bus = Out.D.of(out)
        return super().update(clock, last, out)

    def _read(self, address: int, word: bool) -> int:
        if address < self._mirror.size:
            return self._bus if word else self._bus & 0xFF
        return super()._read(address, word)

    def _end(self, clock: int, last: int, rose: int) -> None:
        super()._end(clock, last, rose)
        if rose & Out.MEMW_N.mask:
            self._mirror.same(Out.A.of(last), 2)
