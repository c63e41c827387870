"""A device on one DREQ and DACK pair: a source or a sink of bytes."""

from collections.abc import Callable

from .bench import Agent, Bench, Sample
from .pins import Drives


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

    def __init__(
        self,
        bench: Bench,
        channel: int,
        *,
        send: bytes = b"",
        receive: int = 0,
        burst: int | None = None,
        pause: int | Callable[[], int] = 0,
    ) -> None:
        if channel not in range(4):
            raise ValueError(f"channel {channel} does not exist; the 8237A has channels 0 to 3")
        if bool(send) == bool(receive):
            raise ValueError("a device either sends or receives: give send= or receive=")
        self.channel = channel
        self._to_send = send
        self._wanted = len(send) or receive
        self.received = bytearray()
        #: Bytes moved so far.
        self.moved = 0
        #: Transfers whose strobe met EOP# low: terminal counts that the device saw.
        self.terminal_counts = 0
        self._burst = burst or self._wanted
        self._pause = pause
        self._left = self._burst
        self._resting = 0
        #: Whether it may ask at all.
        self.enabled = True
        self._before: Sample | None = None
        self._selected = False
        bench.add(self)

    @property
    def done(self) -> bool:
        """Whether all bytes have moved."""
        return self.moved >= self._wanted

    def respond(self, bench: Bench, chip: Drives) -> None:
        """Serve IOR#, and ask for more."""
        wires = bench.wires
        self._selected = self.channel in bench.sense.active_dacks(chip.dack)
        reading = self._selected and chip.ior_n == 0
        writing = self._selected and chip.iow_n == 0
        out = self._to_send[self.moved] if reading and self._to_send and not self.done else None
        wires.db.drive(f"device {self.channel}", out)
        last_now = (reading or writing) and (self._left == 1 or self.moved == self._wanted - 1)
        asking = self.enabled and not self.done and not self._resting and not last_now
        level = asking != bench.sense.dreq_active_low
        bit = 1 << self.channel
        bench.dreq = bench.dreq | bit if level else bench.dreq & ~bit

    def watch(self, sample: Sample) -> None:
        """Count bytes at trailing edges."""
        before, self._before = self._before, sample if self._selected else None
        if self._resting and sample.falls:
            self._resting -= 1
        if before is None:
            return
        pin = "ior_n" if self._to_send else "iow_n"
        if getattr(before.chip, pin) == 0 and getattr(sample.chip, pin) != 0:
            if not self._to_send:
                self.received.append(before.db)
            self.moved += 1
            self.terminal_counts += not before.eop_n
            self._left -= 1
            if not self._left:
                self._left = self._burst
                self._resting = self._pause() if callable(self._pause) else self._pause
