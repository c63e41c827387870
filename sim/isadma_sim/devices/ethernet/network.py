"""The wire that ends at the card: frames that come, at their time or when the card is ready for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal, get_args

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.pcap import Packet
from isadma_sim.machine.device import Device

Arrivals = Literal["ready", "time"]


class Network:
    """Sends frames to the card.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    packets : sequence of Packet
        What comes.
    arrivals : str
        "ready": one after the other, each begun when the card can take it. "time": each at its time, the first one at
        power-up; the card misses what it is not ready for.
    ready : callable
        Tells whether the card can take a frame.
    deliver : callable
        Called with each frame when its last bit is in.

    Attributes
    ----------
    missed : int
        Frames that came while the card was not ready.

    Raises
    ------
    ValueError
        For other arrivals.
    """

    def __init__(
        self,
        device: Device,
        packets: Sequence[Packet],
        arrivals: Arrivals,
        ready: Callable[[], bool],
        deliver: Callable[[bytes], None],
    ) -> None:
        if arrivals not in get_args(Arrivals):
            raise ValueError(f"no arrivals {arrivals!r}: use {' or '.join(get_args(Arrivals))}")
        self._device = device
        self._ready = ready
        self._deliver = deliver
        self._timed = arrivals == "time"
        # Their senders pad short frames; a capture on the sender's side has them without.
        self._queue = deque(Packet(when, frame.ljust(regs.SHORTEST, b"\0")) for when, frame in packets)
        self._start = packets[0].seconds if packets else Fraction(0)
        self._handle: Any = None
        self.missed = 0

    def add(self, frame: bytes) -> None:
        """Let another frame come, as it is, after those that wait."""
        seconds = self._queue[-1].seconds if self._queue else Fraction(0)
        self._queue.append(Packet(seconds, frame))
        self.look()

    def clocks(self, count: int) -> int:
        """Return the 8237 clocks that a frame of so many bytes takes, with preamble, checksum and the gap after it."""
        bits = 8 * (regs.PREAMBLE + count + regs.CHECKSUM) + regs.GAP_BITS
        return -(-bits * self._device.lines.clock_hz // regs.BIT_HZ)

    def look(self) -> None:
        """Begin the next frame when it can come."""
        if self._handle is not None or not self._queue:
            return
        wait = self.clocks(len(self._queue[0].frame))
        if self._timed:
            due = (self._queue[0].seconds - self._start) * self._device.lines.clock_hz
            wait = max(wait, int(due) + wait - self._device.lines.clock)
        elif not self._ready():
            return
        self._handle = self._device.lines.after(wait, self._arrived)

    def stop(self) -> None:
        """Let no frame come until the next `look`."""
        self._device.lines.cancel(self._handle)
        self._handle = None

    def _arrived(self) -> None:
        self._handle = None
        if self._ready():
            self._deliver(self._queue.popleft().frame)
        elif self._timed:
            self._queue.popleft()
            self.missed += 1
        self.look()
