"""The receiving half: which frames it takes, where they go, and what its status says of them.

# Ref: SEEQ 8001 EDLC data sheet, 1982 (receive command and status registers).
"""

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.regs import Match, Rx


class Receiver:
    """Puts frames into the packet buffer, from its pointer on.

    Parameters
    ----------
    buffer : bytearray
        The packet buffer.
    received : callable
        Called when a frame came that the command asks to be told of.

    Attributes
    ----------
    station : bytearray
        The address it answers to.
    command : int
        Command register.
    pointer : int
        Where the next byte goes, so the length of what came.
    busy : bool
        Whether it waits for a frame.
    """

    def __init__(self, buffer: bytearray, received: Callable[[], None]) -> None:
        self._buffer = buffer
        self._received = received
        self.station = bytearray(regs.ADDRESS)
        self.pointer = 0
        self.reset()

    def power_up(self) -> None:
        """Forget address and pointer too."""
        self.station[:] = bytes(regs.ADDRESS)
        self.pointer = 0
        self.reset()

    def reset(self) -> None:
        """Take nothing until commanded."""
        self.command = 0
        self.status = Rx.STALE
        self.busy = False

    @property
    def open(self) -> bool:
        """Whether it would take a frame: some are asked for, and the status of the last was read."""
        return self._match is not Match.NOTHING and self.idle

    @property
    def idle(self) -> bool:
        """Whether no frame waits whose status was not read."""
        return bool(self.status & Rx.STALE)

    def read_status(self) -> int:
        """Return the status; the next frame may come then."""
        status = self.status
        self.status |= Rx.STALE
        return status

    def take(self, frame: bytes, *, bad_checksum: bool = False, loop: bool = False) -> None:
        """Take a frame, if it is addressed to the station or all are asked for."""
        if not self.open or not self._wanted(frame):
            return
        status = Rx(0)
        if len(frame) < regs.SHORTEST:
            status |= Rx.RUNT
        if bad_checksum:
            status |= Rx.CHECKSUM
        start = self.pointer % regs.BUFFER
        room = regs.BUFFER - start
        status |= Rx.NO_OVERFLOW if len(frame) <= room else Rx.OVERFLOW
        if status == Rx.NO_OVERFLOW:
            status |= Rx.GOOD
        kept = frame[:room]
        self._buffer[start : start + len(kept)] = kept
        self.pointer = (self.pointer + len(kept)) & regs.POINTER_MASK
        if status & self.command & Rx.DETECT:
            self.busy = False
            self.status = status
            self._received()
        else:
            self.status = status | Rx.STALE
            self.busy = self.busy and not loop

    @property
    def _match(self) -> Match:
        return Match(self.command >> regs.MATCH_SHIFT)

    def _wanted(self, frame: bytes) -> bool:
        to = frame[: regs.ADDRESS]
        if self._match is Match.ALL:
            return True
        if to == self.station:
            return True
        return to == regs.BROADCAST if self._match is Match.BROADCAST else bool(to[:1] and to[0] & 1)
