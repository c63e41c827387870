"""The other stations: frames that come, at their time or when the card is ready for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal, get_args

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.pcap import Packet
from isadma_sim.devices.ethernet.wire import Station, Wire
from isadma_sim.machine.checks import one_of

Arrivals = Literal["ready", "time"]

#: Of the random numbers behind the other stations' backoff.
_SEED = 0x3C501


class Network:
    """Sends frames to the card, which has one only when it listened from the first bit of the preamble to the last.

    Parameters
    ----------
    wire : Wire
        What the card hangs on.
    packets : sequence of Packet
        What comes.
    arrivals : str
        "ready": one after the other, each begun when the card can take it, and again when it stopped listening.
        "time": each at its time, the first one at power-up, or when the wire is free after it; the card misses what it
        is not ready for.
    ready : callable
        Tells whether the card can take a frame.
    deliver : callable
        Called with each frame when its last bit is in.

    Attributes
    ----------
    missed : int
        Frames that came while the card was not ready, or were given up after sixteen collisions.

    Raises
    ------
    ValueError
        For other arrivals.
    """

    def __init__(
        self,
        wire: Wire,
        packets: Sequence[Packet],
        arrivals: Arrivals,
        ready: Callable[[], bool],
        deliver: Callable[[bytes], None],
    ) -> None:
        known = get_args(Arrivals)
        one_of(f"no arrivals {{}}: use {' or '.join(known)}", arrivals, known)
        self._wire = wire
        self._ready = ready
        self._deliver = deliver
        self._timed = arrivals == "time"
        # Their senders pad short frames; a capture on the sender's side has them without.
        self._queue = deque(Packet(when, frame.ljust(regs.SHORTEST, b"\0")) for when, frame in packets)
        self._start = packets[0].seconds if packets else Fraction(0)
        self._station = Station(wire, _SEED, self._begun, self._over)
        self._heard = False  # the frame on the wire, all of it so far
        self.missed = 0

    def add(self, frame: bytes) -> None:
        """Let another frame come, as it is, after those that wait."""
        seconds = self._queue[-1].seconds if self._queue else Fraction(0)
        self._queue.append(Packet(seconds, frame))
        self.look()

    def look(self) -> None:
        """Note that the card may listen now, or not any more, and begin the next frame when it can come."""
        if self._heard and not self._ready():
            self._heard = False
        if self._station.waiting or not self._queue:
            return
        wait = 0
        if self._timed:
            due = (self._queue[0].seconds - self._start) * self._wire.clock_hz
            wait = max(0, int(due) - self._wire.now)
        elif not self._ready():
            return
        self._station.send(len(self._queue[0].frame), wait)

    def _begun(self) -> None:
        self._heard = self._ready()

    def _over(self, collided: bool) -> None:
        heard, self._heard = self._heard, False
        if collided:
            if self._station.attempts == regs.MOST_COLLISIONS:
                self._give_up()
        elif heard:
            self._deliver(self._queue.popleft().frame)
        elif self._timed:
            self._give_up()
        self.look()

    def _give_up(self) -> None:
        self._station.attempts = 0
        self._queue.popleft()
        self.missed += 1
