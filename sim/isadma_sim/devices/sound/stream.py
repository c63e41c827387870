"""One of the DSP's two streams: samples between a DMA channel and the converter, block by block.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 (single-cycle and auto-initialize DMA,
#      how either is left).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from isadma_sim.devices.sound.clock import SampleClock
from isadma_sim.devices.sound.fifo import OutputFifo
from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.run import Program, Run
from isadma_sim.devices.sound.samples import Format
from isadma_sim.machine.device import Device

#: Bytes that the bus side holds beyond the FIFO: a cycle that had been asked for before the room went elsewhere.
_LATCH = 2


class Stream:
    """Plays or records by DMA; without a channel it still takes its time, and counts underruns.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    rate : callable
        Tells the card's frames a second for 1 or 2 channels.
    heard : callable
        Called with format and frame for everything that is played, and whether DMA has brought it.
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
        rate: Callable[[int], Fraction],
        heard: Callable[[Format, bytes, bool], None],
        hear: Callable[[Format], bytes],
        block_over: Callable[[], None],
        link: Callable[[], DmaLink],
    ) -> None:
        self._rate = rate
        self._heard = heard
        self._hear = hear
        self._block_over = block_over
        self._find_link = link
        self._clock = SampleClock(device, self._tick)
        self._link: DmaLink | None = None
        self._run: Run | None = None
        self._next: Program | None = None
        self._paused = False
        self._out = OutputFifo()
        self._in = bytearray()
        self._promised = b""  # recorded and asked to be fetched, when a reset or another command came
        self._dropped = 0
        self._source: Format | None = None  # format of what the converter holds, as its command had it,
        self._form = Format(Fraction(1), 8, 1, signed=False)  # and at the rate of now
        self._frame = b""
        self.underruns = 0
        self.overruns = 0

    @property
    def run(self) -> Run | None:
        """The program under way, paused or not."""
        return self._run

    @property
    def waiting(self) -> int:
        """Bytes that DMA has brought and that are not heard yet."""
        return self._out.waiting

    @property
    def dropped(self) -> int:
        """Bytes that DMA has brought and that nobody will hear: a reset came, or half a frame was left over."""
        return self._dropped + self._out.cut

    # What commands do

    def start(self, program: Program) -> None:
        """Begin, or, while blocks repeat, let a single one follow the present block instead of the next.

        What is in the FIFO goes ahead of it. A pause ends (choice).
        """
        run = self._run
        if run is not None and run.program.auto and not run.ended and not program.auto:
            self._next = program
        else:
            self._begin(program)
        self.go_on()
        self._update()

    def stop(self) -> None:
        """End at once; what is in the FIFO is lost."""
        if self._run is not None:
            self._run.void = True
        self._dropped += self._out.clear()
        self._forget()
        self._clock.stop()
        self._paused = False

    def give_way(self) -> None:
        """Leave the channel to another stream: what is in the FIFO is still heard."""
        self._forget()

    def leave(self) -> None:
        """Let the present block be the last."""
        if self._run is not None:
            self._run.last = True
        self._update()

    def stay(self) -> None:
        """Take `leave` back, and go on."""
        if self._run is not None:
            self._run.last = not self._run.program.auto
        self.go_on()
        self._update()

    def pause(self) -> None:
        """Ask for nothing more, and let no sample through, until `go_on`."""
        if self._run is not None:
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
        if self._run is not None:
            self._take_link()
            self._update()

    def retime(self) -> None:
        """Follow the card's rate, which has changed."""
        if self._source is not None:
            self._tune(self._source)
        if self._run is not None and self._run.program.to_host:
            self._clock.set_rate(self._rate(self._run.program.format.channels))

    def _begin(self, program: Program) -> None:
        before, self._run = self._run, Run(program)
        self._keep_promise()
        if (before is None or before.ended) and not self._out.ready:
            self._dropped += self._out.clear()  # what is left is no whole frame, and no sample time is under way
            self._clock.stop()
        self._take_link()
        if not self._clock.ordered:
            self._source = None
            self._frame = program.format.silence
            self._tune(program.format)
            self._clock.start(self._form.rate)
        elif program.to_host:
            self.retime()

    def _tune(self, form: Format) -> None:
        self._source = form
        self._form = form.at(self._rate(form.channels))
        if self._run is None or not self._run.program.to_host:
            self._clock.set_rate(self._form.rate)

    def _forget(self) -> None:
        self._run = self._next = None
        self._keep_promise()
        if self._link is not None and self._link.user is self:
            self._link.user = None
            self._link.update()
        self._link = None

    def _keep_promise(self) -> None:
        if self._in:
            self._promised = bytes(self._in)
            self._in.clear()

    def _take_link(self) -> None:
        old, self._link = self._link, self._find_link()
        if old is not None and old is not self._link and old.user is self:
            old.user = None
            old.update()
        other = self._link.user
        if other is not None and other is not self:
            other.give_way()  # one channel moves one stream
        self._link.user = self

    def _update(self) -> None:
        if self._link is not None:
            self._link.update()

    # The channel's side

    def ready(self, width: int) -> int:
        """Transfers of that many bytes it wants now."""
        run = self._run
        if run is None or run.ended or self._paused:
            return 0
        room = len(self._in) if run.program.to_host else max(0, run.program.depth - self._out.waiting)
        return (min(room, run.left) if run.last or self._next else room) // width

    def take(self, data: bytes, run: Run) -> int:
        """Take bytes to play for a run that asked; it may be paused, or another may have followed it."""
        full = self._out.waiting + len(data) > run.program.depth + _LATCH
        if run.void or run.ended or run.program.to_host or full:
            return len(data)
        self._out.put(run.program.format, data)
        if not self._clock.ordered:
            self._clock.start(self._form.rate)  # it came after its stream had run out
        if run is self._run:
            self._moved(run, len(data))
        return 0

    def give(self, width: int, run: Run) -> int:
        """Give recorded bytes for a run that asked; all ones when there are none."""
        if run is self._run and len(self._in) >= width:
            value = int.from_bytes(self._in[:width], "little")
            del self._in[:width]
            self._moved(run, width)
            return value
        if len(self._promised) >= width:
            value, self._promised = int.from_bytes(self._promised[:width], "little"), b""
            return value
        return (1 << 8 * width) - 1

    def _moved(self, run: Run, count: int) -> None:
        run.left -= count
        if run.left > 0:
            return
        if self._next is not None:
            following, self._next = self._next, None
            self._in.clear()
            self._begin(following)
        elif run.last:
            run.ended = True
            self._out.seal()
            if run.program.to_host:
                self._in.clear()
                self._forget()
                if not self._out.waiting:
                    self._clock.stop()
        else:
            run.left += run.program.block
        self._block_over()

    # The converter's side

    def _tick(self) -> None:
        run = self._run
        recording = run is not None and run.program.to_host
        if run is not None and recording:
            self._record(run)
        found = self._out.next()
        if found is not None:
            form, self._frame = found
            if form is not self._source:
                self._tune(form)
            self._heard(self._form, self._frame, True)
        elif run is None or run.ended:
            self._dropped += self._out.clear()  # what is left is no whole frame
            self._clock.stop()
            self._forget()
        elif not recording:
            self.underruns += 1  # the converter holds its level
            self._heard(self._form, self._frame, False)
        self._update()

    def _record(self, run: Run) -> None:
        if run.last and len(self._in) >= run.left:
            return  # all of the block is sampled
        form = run.program.format
        frame = self._hear(form.at(self._rate(form.channels)))
        if len(self._in) + len(frame) > run.program.depth:
            self.overruns += 1
        else:
            self._in += frame
            self._promised = b""
