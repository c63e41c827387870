"""The sending half: a frame's time on the wire, collisions, and what its status says of them.

# Ref: SEEQ 8001 EDLC data sheet, 1982 (transmit command and status registers).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.regs import Tx
from isadma_sim.machine.device import Device


class Transmitter:
    """Sends one frame at a time.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    clocks : callable
        Returns the clocks that a frame of so many bytes takes.
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
        So many of the next attempts will collide.
    """

    def __init__(self, device: Device, clocks: Callable[[int], int], over: Callable[[bytes, bool], None]) -> None:
        self._device = device
        self._clocks = clocks
        self._over = over
        self._handle: Any = None
        self.collisions = 0
        self.reset()

    def reset(self) -> None:
        """Forget commands and attempts."""
        self.command = Tx(0)
        self.status = Tx(0)
        self.busy = True
        self.ended = False
        self._attempts = 0

    def start(self, frame: bytes, *, loop: bool) -> None:
        """Begin a frame; in loopback there is no cable to collide on."""
        self.status = Tx(0)
        self._handle = self._device.lines.after(self._clocks(len(frame)), lambda: self._end(frame, loop))

    def stop(self) -> None:
        """Break off what is under way."""
        self._device.lines.cancel(self._handle)
        self._handle = None
        self.ended = False

    @property
    def told(self) -> bool:
        """Whether the command asks to be told of how it ended."""
        return bool(self.status & self.command)

    def _end(self, frame: bytes, loop: bool) -> None:
        self._handle = None
        self.busy = False
        self.ended = True
        collided = bool(self.collisions) and not loop
        if collided:
            self.collisions -= 1
            self._attempts += 1
            self.status = Tx.COLLISION
        else:
            self._attempts = 0
            self.status = Tx.READY
        if self._attempts == regs.MOST_COLLISIONS:
            self._attempts = 0
            self.status |= Tx.COLLISIONS_16
        self._over(frame, not collided)
