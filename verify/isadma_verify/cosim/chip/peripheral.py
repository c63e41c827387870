"""A device on one DREQ and DACK pair: a source or a sink of bytes."""

from collections.abc import Callable, Container, Sequence
from typing import Any, ClassVar

from isadma_verify.cosim.common.stepping import Agent


class Peripheral(Agent):
    """
    A device that asks for bytes in bursts.

    DREQ stays until DACK comes, and falls in the half clock in which the last strobe of a burst begins: before S4,
    as demand mode wants.

    Parameters
    ----------
    bench
        Where it sits.
    channel
        0 to 3.
    send
        Bytes it has for memory, in order; it serves IOR#.
    receive
        Bytes it wants from memory; it takes them at the trailing edge of IOW#.
    burst
        Bytes it asks for with one DREQ; None for all of them.
    pause
        States between bursts: a number, or a function that returns the next one.
    """

    #: The channels that a device can be on, and what to call them.
    CHANNELS: ClassVar[Container[int]] = range(4)
    HAS: ClassVar[str] = "the 8237A has channels 0 to 3"

    def __init__(
        self,
        bench: Any,
        channel: int,
        *,
        send: Sequence[int] = b"",
        receive: int = 0,
        burst: int | None = None,
        pause: int | Callable[[], int] = 0,
    ) -> None:
        if channel not in self.CHANNELS:
            raise ValueError(f"channel {channel} does not exist; {self.HAS}")
        if bool(send) == bool(receive):
            raise ValueError("a device either sends or receives: give send= or receive=")
        self.channel = channel
        self._to_send = send
        self._wanted = len(send) or receive
        self.received: list[int] = []
        #: Bytes moved so far.
        self.moved = 0
        #: Transfers whose strobe met EOP# low (on a board TC high): terminal counts that the device saw.
        self.terminal_counts = 0
        self._burst = burst or self._wanted
        self._pause = pause
        self._left = self._burst
        self._resting = 0
        #: Whether it may ask at all.
        self.enabled = True
        self._before: Any = None
        self._selected = False
        bench.add(self)

    @property
    def done(self) -> bool:
        """Whether all bytes have moved."""
        return self.moved >= self._wanted

    def _put(self, bench: Any, item: int | None) -> None:
        """Put a byte on the data wires, or let go of them."""
        bench.wires.data.drive(f"device {self.channel}", item)

    def _take(self, sample: Any) -> int:
        """Return what the data wires hold for the device."""
        return int(sample.data)

    def respond(self, bench: Any, chip: Any) -> None:
        """Serve IOR#, and ask for more."""
        self._selected = self.channel in bench.sense.active_dacks(chip.dack)
        reading = self._selected and chip.ior_n == 0
        writing = self._selected and chip.iow_n == 0
        out = self._to_send[self.moved] if reading and self._to_send and not self.done else None
        self._put(bench, out)
        # Until its clock is over, a strobe that has just ended is the byte's own still: DREQ does not rise in between.
        own = reading or writing or self._ended(self._before, chip)
        last_now = own and (self._left == 1 or self.moved == self._wanted - 1)
        asking = self.enabled and not self.done and not self._resting and not last_now
        level = asking != bench.sense.dreq_active_low
        bit = 1 << self.channel
        bench.dreq = bench.dreq | bit if level else bench.dreq & ~bit

    def _ended(self, before: Any, chip: Any) -> bool:
        """Return whether this is the clock in which the strobe of a byte has ended."""
        pin = "ior_n" if self._to_send else "iow_n"
        return before is not None and getattr(before.chip, pin) == 0 and getattr(chip, pin) != 0

    def watch(self, sample: Any) -> None:
        """Count bytes at trailing edges."""
        before, self._before = self._before, sample if self._selected else None
        if self._resting and sample.falls:
            self._resting -= 1
        if self._ended(before, sample.chip):
            if not self._to_send:
                self.received.append(self._take(before))
            self.moved += 1
            self.terminal_counts += before.terminal
            self._left -= 1
            if not self._left:
                self._left = self._burst
                self._resting = self._pause() if callable(self._pause) else self._pause
