"""A transfer as an object: start, progress, wait, cancel; however it ends, the channel is masked and the pages free."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from types import TracebackType

from isadma_driver.channels.ownership import Claim
from isadma_driver.channels.service import Dma
from isadma_driver.checks.values import as_int, as_kind, as_seconds, shown
from isadma_driver.errors import CancelledError, DmaError, DmaTimeoutError
from isadma_driver.interrupts import InterruptLine
from isadma_driver.ports import Mode
from isadma_driver.transfers.buffers import Buffer
from isadma_driver.transfers.mapping import Bounce, Direction, Mapper, Mapping

#: Without an interrupt the status is read after this many seconds, then after twice that, up to the longest.
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 20e-6, 1e-3

#: Told where each segment begins in the buffer, and its bytes, once the channel is ready for it.
Go = Callable[[int, int], None]


class State(Enum):
    """Where a transfer stands."""

    NEW = "not started"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Transfer:
    """One transfer of a buffer through a channel. Use it in a `with` block.

    Parameters
    ----------
    dma : Dma
        The DMA core.
    mapper : Mapper
        Finds DMA addresses.
    claim : Claim
        The channel.
    buffer : Buffer
        What to move.
    direction : Direction
        Which way.
    kind : Mode, optional
        `Mode.SINGLE`, `Mode.DEMAND` or `Mode.BLOCK`.
    go : callable, optional
        Tells the device to begin, for each segment: `go(offset, length)`, in bytes of the buffer.
    line : InterruptLine, optional
        The device's interrupt at the end of each segment; without it, the status is polled.
    split : bool, optional
        Whether the device takes the buffer in several segments, each with its own terminal count.
    bounce : Bounce, optional
        Whether bytes may be copied.

    Attributes
    ----------
    state : State
        Where it stands.
    error : BaseException or None
        Why it failed.
    """

    def __init__(
        self,
        dma: Dma,
        mapper: Mapper,
        claim: Claim,
        buffer: Buffer,
        direction: Direction,
        *,
        kind: Mode = Mode.SINGLE,
        go: Go | None = None,
        line: InterruptLine | None = None,
        split: bool = True,
        bounce: Bounce = Bounce.ALLOW,
    ) -> None:
        as_kind("claim", claim, Claim, "give what request_dma returned")
        as_kind("direction", direction, Direction, "give Direction.TO_DEVICE or Direction.FROM_DEVICE")
        if not hasattr(buffer, "length") or not hasattr(buffer, "hold"):
            raise TypeError(f"buffer {shown(buffer)}: give a UserBuffer or a PhysicalBuffer")
        kind = Mode(as_int("kind {}: give a Mode, such as Mode.SINGLE", kind, 0, 0xFF))
        self._dma = as_kind("dma", dma, Dma, "give a kernel's dma, or use its transfer(...)")
        self._mapper = as_kind("mapper", mapper, Mapper, "give a kernel's mapper, or use its transfer(...)")
        self._claim = claim
        self._buffer = buffer
        self._direction = direction
        self._mode = Mode(kind | direction.value)
        self._go = go
        self._line = line
        self._split = split
        self._bounce = bounce
        self._mapping: Mapping | None = None
        self._index = 0
        self._before = 0
        self._armed = False
        self.state = State.NEW
        self.error: BaseException | None = None

    # Life -----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Map the buffer and let the first segment go.

        Raises
        ------
        DmaError
            It was started before, or cannot be; no port is touched by what cannot be.
        """
        if self.state is not State.NEW:
            raise DmaError(f"transfer on DMA channel {self._claim.channel} is {self.state.value}: make a new one")
        self._mapping = self._mapper.map(
            self._buffer, self._claim, self._direction, split=self._split, bounce=self._bounce
        )
        self.state = State.RUNNING
        self._begin()

    def poll(self) -> bool:
        """Return whether it is done; let the next segment go when one has ended."""
        if self.state is State.RUNNING and self._dma.dma_finished(self._claim):
            self._end_segment()
        return self.state is State.DONE

    def wait(self, *, seconds: float) -> None:
        """Wait for the end.

        Parameters
        ----------
        seconds : float
            Longest time for one segment, in the machine's time.

        Raises
        ------
        DmaTimeoutError
            A segment took longer. The transfer has failed then, and everything is released.
        CancelledError
            It was cancelled.
        DmaError
            It was never started.
        """
        seconds = as_seconds(seconds)
        if self.state is State.NEW:
            raise DmaError(f"transfer on DMA channel {self._claim.channel} is not started: call start() first")
        try:
            while not self.poll():
                if self.state is State.CANCELLED:
                    raise CancelledError(self._say("was cancelled"))
                if self.error is not None:
                    raise self.error
                self._wait_segment(seconds)
        except DmaTimeoutError as error:
            self._fail(error)
            raise

    def cancel(self) -> None:
        """Mask the channel and release everything; what has moved is in the buffer. Once it has ended, do nothing."""
        if self.state in (State.NEW, State.RUNNING):
            self._finish(State.CANCELLED)

    @property
    def progress(self) -> int:
        """Bytes of the buffer that have moved."""
        if self.state is not State.RUNNING or self._mapping is None or not self._armed:
            return self._before
        whole = self._mapping.dma_range(self._index)[1]
        moved = whole - self._dma.get_dma_residue(self._claim)
        return self._before + min(moved, self._mapping.segments[self._index].length)

    @property
    def residue(self) -> int:
        """Bytes of the buffer that have not moved."""
        return self._buffer.length - self.progress

    def __enter__(self) -> Transfer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if error is not None and self.state is State.RUNNING:
            self._fail(error)
        self.cancel()

    # Below ----------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        assert self._mapping is not None
        try:
            self._mapping.sync_for_device(self._index)
            address, length = self._mapping.dma_range(self._index)
            self._dma.start_dma(self._claim, address, length, self._mode)
            self._armed = True
            if self._go:
                self._go(self._before, self._mapping.segments[self._index].length)
        except BaseException as error:
            self._fail(error)
            raise

    def _end_segment(self) -> None:
        assert self._mapping is not None
        self._mapping.sync_for_cpu(self._index)
        self._armed = False
        self._before += self._mapping.segments[self._index].length
        self._index += 1
        if self._index < len(self._mapping.segments):
            self._begin()
        else:
            self._finish(State.DONE)

    def _wait_segment(self, seconds: float) -> None:
        if self._line is not None:
            try:
                done = partial(self._dma.dma_finished, self._claim)
                self._line.wait(seconds=seconds, done=done, what="terminal count")
            except DmaTimeoutError as error:
                raise DmaTimeoutError(f"{self._say('did not end')}: {error}") from None
            return
        left, pause = seconds, FIRST_POLL_SECONDS
        while not self._dma.dma_finished(self._claim):
            if left <= 0:
                raise DmaTimeoutError(self._say(f"did not end within {seconds:g} s"))
            self._dma.machine.delay(min(pause, left))
            left -= pause
            pause = min(2 * pause, LONGEST_POLL_SECONDS)

    def _fail(self, error: BaseException) -> None:
        if self.state is State.RUNNING:
            self.error = error
            self._finish(State.FAILED)

    def _finish(self, state: State) -> None:
        """Mask the channel, keep what has moved, release the buffer."""
        mapping = self._mapping
        try:
            if mapping is not None and self._claim.held:  # `free_dma` has masked a channel given back meanwhile
                self._dma.disable_dma(self._claim)
                moved = self.progress - self._before
                if moved:
                    mapping.sync_for_cpu(self._index, moved)
                self._before += moved
        finally:
            self._armed = False
            self.state = state
            if mapping is not None and mapping.mapped:
                mapping.unmap(0)

    def _say(self, what: str) -> str:
        return (
            f"transfer of {self._claim.owner!r} on DMA channel {self._claim.channel} {what}: "
            f"{self.residue} of {self._buffer.length} bytes have not moved"
        )
