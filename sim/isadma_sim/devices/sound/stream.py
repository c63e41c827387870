"""One of the DSP's two streams: samples between a DMA channel and the converter, block by block.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 (single-cycle and auto-initialize DMA,
#      how either is left).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from isadma_sim.devices.sound.clock import SampleClock
from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.samples import Format
from isadma_sim.machine.device import Device


@dataclass(frozen=True)
class Program:
    """What a command asks for.

    Attributes
    ----------
    format : Format
        Of the samples.
    to_host : bool
        Whether it records.
    block : int
        Bytes after which the interrupt comes.
    auto : bool
        Whether the next block follows by itself.
    depth : int
        Bytes of the FIFO.
    """

    format: Format
    to_host: bool
    block: int
    auto: bool
    depth: int


class Stream:
    """Plays or records by DMA; without a channel it still takes its time, and counts underruns.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    heard : callable
        Called with format and frame for everything that is played.
    hear : callable
        Gives the frame to record now, in a format.
    block_over : callable
        Called as the last byte of each block has moved.
    link : callable
        Finds the DMA connection to use.

    Attributes
    ----------
    underruns, overruns : int
        Frames that DMA brought too late, and recorded ones it fetched too late.
    """

    def __init__(
        self,
        device: Device,
        *,
        heard: Callable[[Format, bytes], None],
        hear: Callable[[Format], bytes],
        block_over: Callable[[], None],
        link: Callable[[], DmaLink],
    ) -> None:
        self._heard = heard
        self._hear = hear
        self._block_over = block_over
        self._find_link = link
        self._clock = SampleClock(device, self._tick)
        self._link: DmaLink | None = None
        self._program: Program | None = None
        self._next: Program | None = None
        self._fifo = bytearray()
        self._left = 0  # bytes of this block that DMA has not moved
        self._last_block = False
        self._ended = False
        self._paused = False
        self._frame = b""  # what the converter holds
        self.underruns = 0
        self.overruns = 0

    @property
    def to_host(self) -> bool:
        """Direction: True when it records."""
        return self._program is not None and self._program.to_host

    @property
    def running(self) -> bool:
        """Whether a program is under way, paused or not."""
        return self._program is not None

    # What commands do

    def start(self, program: Program) -> None:
        """Begin, or, while blocks repeat, let a single one follow the present block instead of the next."""
        now = self._program
        if now is not None and now.auto and not self._ended and not program.auto:
            self._next = program
        elif now is not None and self._ended and (program.format, program.to_host) == (now.format, False):
            self._take_over(program)  # what is still in the FIFO goes ahead of it
        else:
            self.stop()
            self._begin(program)
        self._update()

    def stop(self) -> None:
        """End at once; what is in the FIFO is lost."""
        self._clock.stop()
        self._program = self._next = None
        self._fifo.clear()
        self._left = 0
        self._paused = self._last_block = self._ended = False
        if self._link is not None and self._link.user is self:
            self._link.user = None
            self._link.update()
        self._link = None

    def leave(self) -> None:
        """Let the present block be the last."""
        self._last_block = self.running
        self._update()

    def stay(self) -> None:
        """Take `leave` back, and go on."""
        self._last_block = self._program is not None and not self._program.auto
        self.go_on()

    def pause(self) -> None:
        """Ask for nothing more, and let no sample through, until `go_on`."""
        if self.running:
            self._paused = True
            self._clock.pause()
            self._update()

    def go_on(self) -> None:
        """Go on after a pause."""
        if self._paused:
            self._paused = False
            self._clock.go_on()
            self._update()

    def relink(self) -> None:
        """Use the channel that is selected now."""
        if self.running:
            self._take_link()
            self._update()

    def _begin(self, program: Program) -> None:
        self._program = program
        self._left = program.block
        self._last_block = not program.auto
        self._ended = False
        self._fifo.clear()
        self._frame = program.format.silence
        self._take_link()
        self._clock.start(program.format.rate)

    def _take_over(self, program: Program) -> None:
        self._program = program
        self._left = program.block
        self._last_block = not program.auto
        self._ended = False

    def _take_link(self) -> None:
        old, self._link = self._link, self._find_link()
        if old is not None and old is not self._link and old.user is self:
            old.user = None
            old.update()
        other = self._link.user
        if other is not None and other is not self:
            other.stop()  # one channel moves one stream
        self._link.user = self

    def _update(self) -> None:
        if self._link is not None:
            self._link.update()

    # The channel's side

    def ready(self, width: int) -> int:
        """Transfers of that many bytes it could do now."""
        program = self._program
        if program is None or self._paused or self._ended:
            return 0
        room = len(self._fifo) if program.to_host else program.depth - len(self._fifo)
        return (min(room, self._left) if self._last_block or self._next else room) // width

    def take(self, data: bytes) -> None:
        """Take bytes to play; those it did not ask for are lost."""
        if self.ready(len(data)) and not self.to_host:
            self._fifo += data
            self._moved(len(data))

    def give(self, width: int) -> int:
        """Give recorded bytes; all ones when there are none."""
        if not (self.to_host and self.ready(width)):
            return (1 << 8 * width) - 1
        value = int.from_bytes(self._fifo[:width], "little")
        del self._fifo[:width]
        self._moved(width)
        return value

    def _moved(self, count: int) -> None:
        self._left -= count
        if self._left > 0:
            return
        program = self._program
        assert program is not None
        if self._next is not None:
            following, self._next = self._next, None
            if (following.format, following.to_host) == (program.format, program.to_host):
                self._take_over(following)  # the samples go on without a gap
            else:
                self._begin(following)
        elif self._last_block:
            self._ended = True
            if program.to_host:
                self.stop()
        else:
            self._left += program.block
        self._block_over()

    # The converter's side

    def _tick(self) -> None:
        program = self._program
        assert program is not None
        if program.to_host:
            self._record(program)
        else:
            self._play(program)
        self._update()

    def _play(self, program: Program) -> None:
        size = program.format.frame
        if len(self._fifo) >= size:
            self._frame = bytes(self._fifo[:size])
            del self._fifo[:size]
        elif self._ended:
            self.stop()
            return
        else:
            self.underruns += 1  # the converter holds its level
        self._heard(program.format, self._frame)

    def _record(self, program: Program) -> None:
        if self._last_block and len(self._fifo) >= self._left:
            return  # all of the block is sampled
        frame = self._hear(program.format)
        if len(self._fifo) + len(frame) > program.depth:
            self.overruns += 1
        else:
            self._fifo += frame
