"""The wire between the card and the other stations: one may send at a time, and two that begin together collide."""

# Ref: IEEE 802.3-1985, 4.2.3.2 (deference, collision, backoff). The wire has no length (choice): a station hears
#      another at once, so only those collide that begin in the same clock, as two do that waited for the same frame.

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from isadma_sim.devices.ethernet import regs
from isadma_sim.machine.device import Device

__all__ = ["Station", "Wire"]


class Wire:
    """Who is on the wire, and until when.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._free_at = 0  # the last frame and the gap after it are over
        self._began = -1  # clock in which who is on the wire began
        self._sender: Station | None = None

    @property
    def now(self) -> int:
        """The clock it is."""
        return self._device.lines.clock

    @property
    def clock_hz(self) -> int:
        """Clocks of a second."""
        return self._device.lines.clock_hz

    def after(self, clocks: int, fn: Callable[[], None]) -> Any:
        """Order a call."""
        return self._device.lines.after(max(clocks, 1), fn)

    def cancel(self, handle: Any) -> None:
        """Take a call back."""
        self._device.lines.cancel(handle)

    def clocks(self, bits: int) -> int:
        """Return the 8237 clocks that so many bits take."""
        return -(-bits * self._device.lines.clock_hz // regs.BIT_HZ)

    def frame_clocks(self, count: int) -> int:
        """Return the clocks of a frame of so many bytes, with preamble, checksum and the gap after it."""
        return self.clocks(8 * (regs.PREAMBLE + count + regs.CHECKSUM) + regs.GAP_BITS)

    def collision_clocks(self) -> int:
        """Return the clocks of a collision, with the gap after it."""
        return self.clocks(8 * regs.COLLISION_BYTES + regs.GAP_BITS)

    def seize(self, station: Station, count: int) -> int:
        """Begin a frame of so many bytes, in this clock: return 0, or the clocks to wait for the others first.

        When another station began in this same clock, both collide.
        """
        if self.now < self._free_at and self._began != self.now:
            return self._free_at - self.now
        if self.now < self._free_at and self._sender is not None:
            other, self._sender = self._sender, None
            self._free_at = self.now + self.collision_clocks()
            for each in (other, station):
                each.collided()
        elif self.now < self._free_at:  # more than two
            station.collided()
        else:
            self._began, self._sender = self.now, station
            self._free_at = self.now + self.frame_clocks(count)
        return 0

    def leave(self, station: Station, *, jammed: bool = False) -> None:
        """Break off this station's frame; `jammed`: after the collision that somebody else caused."""
        if self._sender is station:
            self._sender = None
            self._free_at = self.now + (self.collision_clocks() if jammed else 0)


class Station:
    """One that sends: it waits for the wire, and after a collision for a random number of slots.

    Parameters
    ----------
    wire : Wire
        Where.
    seed : int
        Of its random numbers, so that a run can be repeated.
    begun : callable
        Called as its frame's preamble begins.
    over : callable
        Called as its frame ends, with whether it collided.

    Attributes
    ----------
    attempts : int
        Collisions in a row.
    """

    def __init__(self, wire: Wire, seed: int, begun: Callable[[], None], over: Callable[[bool], None]) -> None:
        self._wire = wire
        self._random = Random(seed)
        self._begun = begun
        self._over = over
        self._handle: Any = None
        self._count = 0
        self.attempts = 0

    @property
    def waiting(self) -> bool:
        """Whether a frame waits, or is under way."""
        return self._handle is not None

    def send(self, count: int, wait: int = 0) -> None:
        """Send a frame of so many bytes, `wait` clocks from now or when the wire is free, and after any backoff."""
        self._count = count
        wait += self._wire.clocks(self._slots() * regs.SLOT_BITS)
        if wait:
            self._handle = self._wire.after(wait, self._try)
        else:
            self._try()

    def stop(self) -> None:
        """Send no more: what is under way is broken off."""
        self._wire.cancel(self._handle)
        self._handle = None
        self._wire.leave(self)

    def jam(self) -> None:
        """Let the frame that has just begun collide with somebody's who is not modelled."""
        self._wire.cancel(self._handle)
        self._wire.leave(self, jammed=True)
        self.collided()

    def collided(self) -> None:
        """Note that the frame which began in this clock met another."""
        self._wire.cancel(self._handle)
        self._handle = self._wire.after(self._wire.collision_clocks(), self._collision_over)

    def _slots(self) -> int:
        return self._random.randrange(1 << min(self.attempts, regs.BACKOFF_MOST))

    def _try(self) -> None:
        self._handle = self._wire.after(self._wire.frame_clocks(self._count), self._end)
        wait = self._wire.seize(self, self._count)
        if wait:
            self._wire.cancel(self._handle)
            self._handle = self._wire.after(wait, self._try)
        else:
            self._begun()

    def _end(self) -> None:
        self._handle = None
        self.attempts = 0
        self._wire.leave(self)
        self._over(False)

    def _collision_over(self) -> None:
        self._handle = None
        self.attempts += 1
        self._over(True)
