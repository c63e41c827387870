"""A DMA buffer of two halves: the channel runs around it while the processor works on the other half."""

from __future__ import annotations

from isadma_driver.channels.ownership import Claim
from isadma_driver.kernel import Kernel
from isadma_driver.ports import DMA_AUTOINIT, DMA_MODE_READ, DMA_MODE_WRITE


class Ring:
    """Memory for one channel, held as long as the driver lives: low memory may be in pieces later on.

    Parameters
    ----------
    kernel : Kernel
        Where memory and DMA are.
    claim : Claim
        The channel.
    size : int
        Bytes of both halves together.
    owner : str
        Name for the memory map.
    """

    def __init__(self, kernel: Kernel, claim: Claim, size: int, owner: str) -> None:
        self._kernel = kernel
        self.claim = claim
        self.half = size // 2
        span = kernel.dma.board.span(claim.channel)
        self._block = kernel.pages.alloc(size, owner, boundary=span)

    def put(self, half: int, data: bytes) -> None:
        """Copy bytes into a half, from its beginning on."""
        start = self._block.address + half * self.half
        self._kernel.machine.memory[start : start + len(data)] = data

    def get(self, half: int, count: int) -> bytes:
        """Copy so many bytes of a half out."""
        start = self._block.address + half * self.half
        return bytes(self._kernel.machine.memory[start : start + count])

    def run(self, *, record: bool) -> None:
        """Let the channel run around both halves until `stop`."""
        mode = DMA_MODE_READ if record else DMA_MODE_WRITE
        self._kernel.dma.start_dma(self.claim, self._block.address, 2 * self.half, mode | DMA_AUTOINIT)

    def once(self, count: int, *, record: bool) -> None:
        """Let the channel move so many bytes of the first half, and stop."""
        mode = DMA_MODE_READ if record else DMA_MODE_WRITE
        self._kernel.dma.start_dma(self.claim, self._block.address, count, mode)

    @property
    def position(self) -> int:
        """Bytes from the beginning of the ring to where the channel is; only while it runs around."""
        return (2 * self.half - self._kernel.dma.get_dma_residue(self.claim)) % (2 * self.half)

    @property
    def residue(self) -> int:
        """Bytes of `once` that have not moved."""
        return self._kernel.dma.get_dma_residue(self.claim)

    def stop(self) -> None:
        """Mask the channel."""
        self._kernel.dma.disable_dma(self.claim)

    def free(self) -> None:
        """Mask the channel, give it back, and the memory."""
        self._kernel.dma.free_dma(self.claim)
        self._kernel.pages.free(self._block)
