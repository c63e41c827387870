"""Playing or recording under way: an interrupt each half buffer, which fills or empties the other half."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 (double buffering).

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from isadma_driver.errors import DmaTimeoutError, SoundError
from isadma_driver.interrupts import InterruptLine
from isadma_driver.machines.machine import Machine
from isadma_driver.sound.codes import FIFO_BYTES
from isadma_driver.sound.dsp import Dsp
from isadma_driver.sound.pcm import Pcm
from isadma_driver.sound.ring import Ring

#: How much longer than a block lasts its interrupt may take, in seconds.
PATIENCE_SECONDS = 0.05


class Stream:
    """One stretch of sound; got from `SoundDriver.start_playing` and `start_recording`. Use it in a `with` block.

    The data is cut into blocks of half a buffer. By auto-initialize the channel runs around the buffer; a single-cycle
    command, or leaving auto-initialize, ends it after the last whole block, so that not a sample too many is heard.

    Attributes
    ----------
    pcm : Pcm
        The format.
    total, done : int
        Bytes in all, and those of the blocks that are through.
    running : bool
        Whether blocks are still to come.
    """

    def __init__(
        self,
        machine: Machine,
        dsp: Dsp,
        line: InterruptLine,
        ring: Ring,
        pcm: Pcm,
        *,
        data: bytes | None,
        total: int,
        auto: bool,
        ended: Callable[[], None],
    ) -> None:
        self.pcm = pcm
        self.total = total
        self.done = 0
        self.running = True
        self._machine = machine
        self._dsp = dsp
        self._line = line
        self._ring = ring
        self._data = data
        self._recorded = bytearray()
        self._auto = auto
        self._ended = ended
        self._whole, self._rest = divmod(total, ring.half)
        self._blocks = self._whole + (self._rest > 0)
        self._over = 0  # blocks that are through
        self._paused = False

    @property
    def record(self) -> bool:
        """Whether it records."""
        return self._data is None

    @property
    def data(self) -> bytes:
        """What was recorded so far."""
        return bytes(self._recorded)

    # Life -----------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Fill the buffer and let it go; the driver calls this."""
        self._dsp.acknowledge(self.pcm.bits)
        if self._dsp.prepare(self.pcm, record=self.record):
            self._first_byte()
        if not self._auto:
            self._single(0)
            return
        for block in range(2):
            self._put(block)
        self._ring.run(record=self.record)
        if self._whole:
            self._dsp.start(self.pcm, self._ring.half, record=self.record, auto=True)
        if self._whole <= 1:
            self._finish_auto()

    def step(self) -> bool:
        """Wait for the next block's end and do what it asks for; return whether there is another block.

        Raises
        ------
        DmaTimeoutError
            It did not come in time: the channel moved nothing.
        SoundError
            It was noticed too late, and the card went on with the wrong half. Everything is stopped then.
        """
        if not self.running:
            return False
        if self._paused:
            raise SoundError("the stream is paused: call go_on() first")
        seconds = 2 * self.pcm.seconds(self._ring.half) + PATIENCE_SECONDS
        try:
            self._line.wait(seconds=seconds, done=self._signalled, what="end of a sound block")
        except DmaTimeoutError as error:
            channel = self._ring.claim.channel
            self.stop()
            raise DmaTimeoutError(f"{error}; does the card use DMA channel {channel}?") from None
        except BaseException:
            self.stop()
            raise
        self._block_over()
        return self.running

    def poll(self) -> bool:
        """Do what a block's end asks for if there was one, without waiting; return whether it still runs."""
        if self.running and self._signalled():
            self._block_over()
        return self.running

    def wait(self) -> None:
        """Wait until all of it is through; errors as of `step`."""
        while self.step():
            pass

    def pause(self) -> None:
        """Stand still; what waits in the card's FIFO stays there."""
        if self.running and not self._paused:
            self._dsp.pause(self.pcm.bits)
            self._paused = True

    def go_on(self) -> None:
        """Go on where `pause` stopped."""
        if self.running and self._paused:
            self._paused = False
            self._dsp.go_on(self.pcm.bits)

    def stop(self) -> None:
        """End at once: the card is reset, the channel masked. Once it has ended, do nothing."""
        if self.running:
            self.running = False
            try:
                self._dsp.reset()
            finally:
                self._release()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    # Below ----------------------------------------------------------------------------------------------------------

    def _length(self, block: int) -> int:
        return self._ring.half if block < self._whole else self._rest

    def _put(self, block: int) -> None:
        if self._data is not None and block < self._blocks:
            start = block * self._ring.half
            self._ring.put(block % 2 if self._auto else 0, self._data[start : start + self._length(block)])

    def _single(self, block: int) -> None:
        self._put(block)
        self._ring.once(self._length(block), record=self.record)
        self._dsp.start(self.pcm, self._length(block), record=self.record, auto=False)

    def _first_byte(self) -> None:
        """Play a silent byte, behind which the card begins with the left channel."""
        self._ring.put(0, b"\x80")
        self._ring.once(1, record=False)
        self._dsp.one_byte()
        self._line.wait(seconds=PATIENCE_SECONDS, done=lambda: not self._ring.residue, what="the byte ahead of stereo")
        self._dsp.acknowledge(self.pcm.bits)

    def _finish_auto(self) -> None:
        """Let the card end after the last whole block: by what is left over, or by leaving auto-initialize."""
        if self._rest:
            self._dsp.start(self.pcm, self._rest, record=self.record, auto=False)
        else:
            self._dsp.leave_auto(self.pcm.bits)

    def _signalled(self) -> bool:
        """Return whether a block has ended.

        Cards without a register that tells are through with a block as soon as the channel is: they have no FIFO. And a
        short remainder may be in the FIFO before the interrupt of the block ahead of it is acknowledged: the two are
        one then, and only the channel tells.
        """
        told = self._dsp.interrupting(self.pcm.bits)
        if told:
            return True
        if not self._auto:
            return told is None and not self._ring.residue
        if self._rest and self._over == self._blocks - 1:
            return self._ring.position == self._whole % 2 * self._ring.half + self._rest
        return told is None and self._ring.position // self._ring.half != self._over % 2

    def _block_over(self) -> None:
        self._dsp.acknowledge(self.pcm.bits)
        block = self._over
        self._over += 1
        last = self._over == self._blocks
        if self._auto and not last:
            self._check_place()
        elif not self._auto and self._ring.residue:
            left = self._ring.residue
            self.stop()
            raise SoundError(f"the card ended a block, but {left} of {self._length(block)} bytes did not move")
        if self.record:
            self._recorded += self._ring.get(block % 2 if self._auto else 0, self._length(block))
        self.done += self._length(block)
        if last:
            self._drain()
        elif not self._auto:
            self._single(self._over)
        else:
            if self._over == self._whole - 1:
                self._finish_auto()
            self._put(self._over + 1)

    def _check_place(self) -> None:
        """Make sure that the channel is in the half after the one that has just ended."""
        at = self._ring.position // self._ring.half
        if at != self._over % 2:
            self.stop()
            lost = "overwritten" if self.record else "played twice"
            length = f"{self._ring.half} bytes, {1e3 * self.pcm.seconds(self._ring.half):.3g} ms,"
            raise SoundError(
                f"the end of a sound block of {length} was noticed too late, and the other half {lost}: "
                "use a larger buffer or a lower rate"
            )

    def _drain(self) -> None:
        """Let what is in the FIFO be heard, and mask the channel."""
        if not self.record:
            self._machine.delay(self.pcm.seconds(FIFO_BYTES + self.pcm.frame))
        self.running = False
        self._release()

    def _release(self) -> None:
        self._ring.stop()
        self._ended()
