"""The sending half: a frame's time on the wire, collisions, and what its status says of them.

# Ref: SEEQ 8001 EDLC data sheet, 1982 (transmit command and status registers).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.regs import Tx
from isadma_sim.devices.ethernet.wire import Station, Wire


class Transmitter:
    """Sends one frame at a time; software sends it again after a collision, and the chip backs off by itself then.

    Parameters
    ----------
    wire : Wire
        Where.
    seed : int
        Of the random numbers behind its backoff.
    over : callable
        Called with the frame and whether it went out whole, as its last bit ends.

    Attributes
    ----------
    command : Tx
        What of the status interrupts.
    status : Tx
        How the last transmission ended.
    busy : bool
        Whether one is under way; also as long as the host has the buffer.
    ended : bool
        Whether one has ended since the buffer was handed over.
    collisions : int
        So many of the next attempts will collide, with stations that are not modelled.
    """

    def __init__(self, wire: Wire, seed: int, over: Callable[[bytes, bool], None]) -> None:
        self._wire = wire
        self._over = over
        self._station = Station(wire, seed, self._begun, self._end)
        self._loop: Any = None
        self._frame = b""
        self.collisions = 0
        self.reset()

    def reset(self) -> None:
        """Forget commands and attempts."""
        self.command = Tx(0)
        self.status = Tx(0)
        self.busy = True
        self.ended = False
        self._station.attempts = 0

    def start(self, frame: bytes, *, loop: bool) -> None:
        """Begin a frame when the wire is free; in loopback there is no wire to wait for or to collide on."""
        self.status = Tx(0)
        self._frame = frame
        if loop:
            self._loop = self._wire.after(self._wire.frame_clocks(len(frame)), self._looped)
        else:
            self._station.send(len(frame))

    def stop(self) -> None:
        """Break off what is under way."""
        self._wire.cancel(self._loop)
        self._loop = None
        self._station.stop()
        self.ended = False

    @property
    def told(self) -> bool:
        """Whether the command asks to be told of how it ended."""
        return bool(self.status & self.command)

    def _begun(self) -> None:
        if self.collisions:
            self.collisions -= 1
            self._station.jam()

    def _looped(self) -> None:
        self._loop = None
        self._station.attempts = 0
        self._end(False)

    def _end(self, collided: bool) -> None:
        self.busy = False
        self.ended = True
        self.status = Tx.COLLISION if collided else Tx.READY
        if self._station.attempts == regs.MOST_COLLISIONS:
            self._station.attempts = 0
            self.status |= Tx.COLLISIONS_16
        self._over(self._frame, not collided)
