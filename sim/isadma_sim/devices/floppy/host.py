"""The host's side of the data: the FIFO, and when it asks for service by DRQ, or by RQM and INT.

# Ref: Intel 82077AA, order 290166, sections 4.2 (execution phase, FIFO threshold) and 4.2.5 (termination).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from isadma_sim.devices.floppy import regs
from isadma_sim.machine.owed import Owed


class Host:
    """Bytes on their way between disk and host.

    With the FIFO off it holds one byte, as the 765 does. One service is one byte read or written, or, in an 8237's
    verify transfer, one DACK pulse without a strobe: DACK alone takes back the request, and the byte is lost.

    A request that is withdrawn, by a reset or a closed gate, may be under way in the 8237A, which serves and counts it
    all the same. Such a cycle is answered as if nothing had happened: the byte it was about goes to memory, also when
    the rest is dropped, and one that comes from memory is taken while there is a command, else counted in `dropped`.

    Parameters
    ----------
    changed : callable
        Called whenever a request may have changed.

    Attributes
    ----------
    owed : Owed
        The cycle that may come after a request was withdrawn.
    dropped : int
        Bytes from memory for which no command had room.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._bytes: deque[int] = deque()
        self._depth = 1
        self._threshold = 1
        self._allowance = 0
        self._flush = False
        self._asking = False
        self._moved = False
        self.owed = Owed()
        self.dropped = 0
        self.open = False
        self.to_host = False
        self.acknowledged = False

    def start(self, *, to_host: bool, depth: int, threshold: int) -> None:
        """Begin an execution phase.

        Parameters
        ----------
        to_host : bool
            Direction.
        depth, threshold : int
            Bytes the FIFO holds, and bytes of time the host has from request to overrun (1 to `depth`).
        """
        self._bytes.clear()
        self._depth = depth
        self._threshold = threshold
        self._allowance = 0
        self._flush = False
        self._asking = False
        self.to_host = to_host
        self.open = True
        self._update()

    def stop(self) -> None:
        """End the execution phase: no more requests; what is left is lost, but for a byte that is being fetched."""
        self.owed.keep(self._bytes[0] if self.to_host and self._bytes else None)
        self._bytes.clear()
        self._allowance = 0
        self.open = False
        self._update()

    # The disk's side

    @property
    def empty(self) -> bool:
        """Whether the host has taken everything, and its last service is over."""
        return not self._bytes and not self.acknowledged

    @property
    def room(self) -> int:
        """Bytes the FIFO has room for."""
        return self._depth - len(self._bytes)

    def push(self, value: int, *, last: bool) -> None:
        """Put a byte from the disk in; `last` asks for service whatever the threshold."""
        self._bytes.append(value)
        self._flush = last
        self._update()

    def grant(self, count: int) -> None:
        """Let the host send so many bytes more."""
        self._allowance += count
        self._asking = True
        self._update()

    def pop(self) -> int | None:
        """Take a byte for the disk, None when the host has sent none."""
        value = self._bytes.popleft() if self._bytes else None
        self._update()
        return value

    # The host's side

    def dack(self, active: bool) -> None:
        """DACK# changed; its end closes a service that may have had no strobe."""
        if self.acknowledged and not active and not self._moved and self.to_host and self._bytes:
            self._bytes.popleft()
        self.acknowledged = active
        self._moved = False
        self._update()

    def take(self) -> int:
        """Hand a byte to the host."""
        self._moved = True
        value = self._bytes.popleft() if self.to_host and self._bytes else self.owed.take(regs.FLOATING)
        self._update()
        return value

    def give(self, value: int) -> None:
        """Take a byte from the host; one it was not asked for is dropped."""
        self._moved = True
        if not self.to_host and self._ready():
            self._bytes.append(value & 0xFF)
            self._allowance -= 1
        else:
            self.dropped += 1
        self._update()

    def wants(self, *, dma: bool) -> bool:
        """Whether service is asked for.

        In DMA mode the request goes when DACK# comes for the last byte there is, so that no extra cycle follows.
        """
        if not (self.open and self._asking):
            return False
        # A read's strobe falls before DREQ is sampled for the next byte, a write's rises after: there one byte counts.
        ahead = dma and self.acknowledged and not (self.to_host and self._moved)
        return self._ready() > ahead

    def _ready(self) -> int:
        """Bytes the host could move now."""
        if not self.open:
            return 0
        return len(self._bytes) if self.to_host else min(self.room, self._allowance)

    def _update(self) -> None:
        """Ask from the threshold on, until everything is moved; then tell the controller."""
        if not self._ready():
            self._asking = False
            self._flush = False
        elif self.to_host:
            self._asking = self._asking or self._flush or len(self._bytes) >= max(self._depth - self._threshold, 1)
        else:
            self._asking = self._asking or len(self._bytes) <= self._threshold - (self._depth == 1)
        self._changed()
