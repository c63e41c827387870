"""Frames between memory and the card's packet buffer: by DMA, or byte by byte through the processor."""

from __future__ import annotations

from typing import Protocol

from isadma_driver.channels.ownership import Claim
from isadma_driver.errors import DmaTimeoutError, EthernetError
from isadma_driver.ethernet.adapter import Adapter
from isadma_driver.ethernet.codes import BUFFER_BYTES, Aux, AuxStatus
from isadma_driver.interrupts import InterruptLine
from isadma_driver.kernel import Kernel
from isadma_driver.memory.pages import Block
from isadma_driver.ports import DMA_MODE_READ, DMA_MODE_WRITE

#: Time limit of one frame, in seconds: ten times what the slowest channel needs for the longest.
COPY_SECONDS = 0.05


class Copier(Protocol):
    """How frames get in and out of the packet buffer. The buffer is the host's, and its pointer set."""

    uses_dma: bool

    def put(self, frame: bytes) -> None:
        """Copy a frame to the card."""
        ...

    def get(self, count: int) -> bytes:
        """Copy bytes from the card."""
        ...

    def free(self) -> None:
        """Give back what it holds."""
        ...


class PioCopier:
    """By the processor."""

    uses_dma = False

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    def put(self, frame: bytes) -> None:
        """Copy a frame to the card."""
        self._adapter.write(frame)

    def get(self, count: int) -> bytes:
        """Copy bytes from the card."""
        return self._adapter.read(count)

    def free(self) -> None:
        """Do nothing: it holds nothing."""


class DmaCopier:
    """By DMA, on the channel that the card's jumper connects.

    Parameters
    ----------
    kernel : Kernel
        Where memory and DMA are.
    adapter : Adapter
        The card.
    line : InterruptLine
        Its interrupt.
    claim : Claim
        The channel the driver was told.
    owner : str
        Name for the memory map.
    """

    uses_dma = True

    def __init__(self, kernel: Kernel, adapter: Adapter, line: InterruptLine, claim: Claim, owner: str) -> None:
        self._kernel = kernel
        self._adapter = adapter
        self._line = line
        self._claim = claim
        self._block: Block = kernel.pages.alloc(BUFFER_BYTES, owner, boundary=kernel.dma.board.span(claim.channel))

    def put(self, frame: bytes) -> None:
        """Copy a frame to the card.

        Raises
        ------
        EthernetError
            The channel moved nothing: the jumper is set to another; the message names both.
        DmaTimeoutError
            It stopped on the way.
        """
        self._kernel.machine.memory[self._block.address : self._block.address + len(frame)] = frame
        self._move(DMA_MODE_WRITE, len(frame))

    def get(self, count: int) -> bytes:
        """Copy bytes from the card; errors as of `put`."""
        self._move(DMA_MODE_READ, count)
        return bytes(self._kernel.machine.memory[self._block.address : self._block.address + count])

    def free(self) -> None:
        """Mask the channel, give it back, and the memory."""
        self._kernel.dma.free_dma(self._claim)
        self._kernel.pages.free(self._block)

    def _move(self, mode: int, count: int) -> None:
        dma = self._kernel.dma
        idle = dma.dma_requests()
        dma.start_dma(self._claim, self._block.address, count, mode)
        try:
            self._adapter.command(Aux.ENABLE | Aux.DMA_REQUEST)
            try:
                self._line.wait(seconds=COPY_SECONDS, done=self._done, what=f"DMA of a frame of {count} bytes")
            except DmaTimeoutError:
                self._say_why(count, [channel for channel in dma.dma_requests() if channel not in idle])
        finally:
            self._adapter.command(Aux.ENABLE)
            dma.disable_dma(self._claim)

    def _done(self) -> bool:
        return bool(self._adapter.status() & AuxStatus.DMA_DONE)

    def _say_why(self, count: int, requesting: list[int]) -> None:
        """Tell apart a wrong jumper, none, and a transfer that stopped."""
        told = self._claim.channel
        left = self._kernel.dma.get_dma_residue(self._claim)
        if left < count or told in requesting:
            raise DmaTimeoutError(
                f"DMA channel {told} moved {count - left} of {count} bytes in {COPY_SECONDS:g} s, and stopped"
            )
        if not requesting:
            raise EthernetError(
                f"the EtherLink requests no DMA channel, and the driver was told {told}: "
                "set its DMA jumper, or use dma=None; nothing was moved"
            )
        found = " and ".join(map(str, requesting))
        raise EthernetError(
            f"the EtherLink requests DMA channel {found}, its jumper, and the driver was told {told}: "
            f"move the jumper to {told}, or tell the driver {found}; nothing was moved"
        )
