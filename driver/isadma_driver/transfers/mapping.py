"""Mapping: give a buffer DMA addresses, in place where the channel reaches it, through a bounce buffer where not."""

from __future__ import annotations

from enum import Enum
from types import TracebackType

from isadma_driver.channels.limits import check_range, size
from isadma_driver.channels.ownership import Channels, Claim
from isadma_driver.checks.values import as_int, as_kind, shown
from isadma_driver.errors import AddressLimitError, BoundaryError, DmaError, LengthError
from isadma_driver.machines.machine import Memory
from isadma_driver.memory.pages import Block
from isadma_driver.memory.pieces import Segment, gather, joined, plan, scatter
from isadma_driver.ports import Mode
from isadma_driver.transfers.bounce import BouncePool
from isadma_driver.transfers.buffers import Buffer, Held

#: Bytes that a buffer is never as large as.
LARGEST = 1 << 64


class Direction(Enum):
    """Which way the data goes, as the mode byte's transfer bits."""

    TO_DEVICE = Mode.READ
    FROM_DEVICE = Mode.WRITE


class Bounce(Enum):
    """What to do where a channel does not reach."""

    ALLOW = "through a bounce buffer"
    REFUSE = "raise the error that says why"


class Mapper:
    """Maps buffers for the channels of a machine.

    Parameters
    ----------
    memory : Memory
        Physical memory, for copying.
    channels : Channels
        Who owns which channel.
    pool : BouncePool
        Bounce buffers.
    """

    def __init__(self, memory: Memory, channels: Channels, pool: BouncePool) -> None:
        self._memory = memory
        self._channels = channels
        self._pool = pool

    def map(
        self,
        buffer: Buffer,
        claim: Claim,
        direction: Direction,
        *,
        split: bool = False,
        bounce: Bounce = Bounce.ALLOW,
    ) -> Mapping:
        """Hold a buffer in place, find DMA addresses for it, and, if it is one segment, give it to the device.

        Parameters
        ----------
        buffer : Buffer
            What to map; held until `unmap`.
        claim : Claim
            The channel.
        direction : Direction
            Which way data will go.
        split : bool, optional
            The device takes it in several segments. Without, all of it becomes one segment.
        bounce : Bounce, optional
            Whether bytes may be copied.

        Raises
        ------
        NotOwnerError
            The channel is not held.
        LengthError
            Nothing to move; or, unsplit, more than the channel counts.
        AddressLimitError
            There is no memory there; or see the next.
        BoundaryError, AddressLimitError, AlignmentError
            With `Bounce.REFUSE`: why the channel does not reach it.
        OutOfMemoryError
            No bounce buffer to be had.
        """
        channel = self._channels.check(claim)
        span = self._channels.board.span(channel)
        as_kind("direction", direction, Direction, "give Direction.TO_DEVICE or Direction.FROM_DEVICE")
        as_kind("bounce", bounce, Bounce, "give Bounce.ALLOW or Bounce.REFUSE")
        as_kind("split", split, bool, "give True or False")
        if not hasattr(buffer, "length") or not hasattr(buffer, "hold"):
            raise TypeError(f"buffer {shown(buffer)}: give a UserBuffer or a PhysicalBuffer")
        if as_int("length {} of a buffer: use at least 1 byte", buffer.length, -LARGEST, LARGEST) < 1:
            raise LengthError(f"length {buffer.length} on DMA channel {channel}: nothing to map")
        if not split and buffer.length > span:
            raise LengthError(
                f"length {buffer.length} on DMA channel {channel} is over {size(span)}: map it with split=True"
            )
        held = buffer.hold(write=direction is Direction.FROM_DEVICE)
        try:
            segments = self._segments(held, channel, split=split)
            bounced = [segment.length for segment in segments if not segment.in_place]
            if bounced and bounce is Bounce.REFUSE:
                self._say_why(held, channel)
            self._check_installed(held)
            width = self._channels.board.width(channel)
            block = self._pool.borrow(channel, -(-max(bounced) // width) * width) if bounced else None
        except DmaError:
            held.release()
            raise
        mapping = Mapping(self._memory, self._pool, channel, direction, held, segments, block)
        if len(segments) == 1:
            mapping.sync_for_device()
        return mapping

    def _check_installed(self, held: Held) -> None:
        installed = len(self._memory)
        for piece in held.pieces:
            if not 0 <= piece.address <= installed - piece.length:
                raise AddressLimitError(
                    f"{piece.length} bytes at physical address {piece.address:#x} are not all in the machine's memory,"
                    f" which ends at {installed:#x}: give a buffer below that"
                )

    def _segments(self, held: Held, channel: int, *, split: bool) -> list[Segment]:
        board = self._channels.board
        segments = plan(board, channel, held.pieces, self._pool.largest(channel))
        if not split and len(segments) > 1:
            whole = joined(held.pieces)
            return [Segment(tuple(whole), sum(piece.length for piece in whole), in_place=False)]
        return segments

    def _say_why(self, held: Held, channel: int) -> None:
        for piece in held.pieces:
            check_range(self._channels.board, channel, piece.address, piece.length)
        raise BoundaryError(
            f"the buffer for DMA channel {channel} lies in {len(held.pieces)} pieces: "
            "allow a bounce buffer, or map it with split=True"
        )


class Mapping:
    """A mapped buffer: held in place, with a DMA address for each segment. Unmap it once.

    Attributes
    ----------
    segments : list of Segment
        What one programming of the channel moves each, in order.
    """

    def __init__(
        self,
        memory: Memory,
        pool: BouncePool,
        channel: int,
        direction: Direction,
        held: Held,
        segments: list[Segment],
        block: Block | None,
    ) -> None:
        self._memory = memory
        self._pool = pool
        self._channel = channel
        self._direction = direction
        self._held = held
        self._block = block
        self._width = pool.board.width(channel)
        #: The segment whose bytes the device may have put into the bounce buffer, and nobody has fetched.
        self._unfetched: int | None = None
        self.segments = segments
        self.mapped = True

    @property
    def in_place(self) -> bool:
        """Whether no byte is copied."""
        return self._block is None

    @property
    def length(self) -> int:
        """Bytes of the buffer."""
        return sum(segment.length for segment in self.segments)

    @property
    def address(self) -> int:
        """DMA address of a buffer that is one segment.

        Raises
        ------
        DmaError
            It is several.
        """
        if len(self.segments) != 1:
            raise DmaError(f"the buffer is mapped as {len(self.segments)} segments: ask for each one's dma_range")
        return self.dma_range(0)[0]

    def dma_range(self, index: int) -> tuple[int, int]:
        """Return DMA address and bytes of a segment; the bytes are rounded up to whole words on a 16-bit channel."""
        segment = self.segments[index]
        base = segment.pieces[0].address if segment.in_place or self._block is None else self._block.address
        return base, -(-segment.length // self._width) * self._width

    def sync_for_device(self, index: int = 0) -> None:
        """Put what the program wrote where the device reads it. All bounced segments share one buffer: one at a time.

        An odd byte at the end of a 16-bit transfer is followed by a zero.
        """
        segment = self._live(index)
        if segment.in_place or self._block is None:
            return
        data = bytes(self.dma_range(index)[1])
        if self._direction is Direction.TO_DEVICE:
            data = gather(self._memory, segment.pieces).ljust(len(data), b"\0")
        self._memory[self._block.address : self._block.address + len(data)] = data
        self._unfetched = index

    def sync_for_cpu(self, index: int = 0, moved: int | None = None) -> None:
        """Put the first `moved` bytes that the device wrote (all, when None) where the program reads them."""
        segment = self._live(index)
        if segment.in_place or self._block is None or self._direction is Direction.TO_DEVICE:
            return
        self._unfetched = None
        count = segment.length if moved is None else min(moved, segment.length)
        address = self._block.address
        scatter(self._memory, segment.pieces, bytes(self._memory[address : address + count]))

    def unmap(self, moved: int | None = None) -> None:
        """Fetch what the device wrote, as `sync_for_cpu` does, unless that was done; then let the buffer go.

        Parameters
        ----------
        moved : int, optional
            Bytes that the device wrote; all of them, when None.

        Raises
        ------
        DmaError
            It was unmapped before.
        """
        self._live(0)
        if self._unfetched is not None:
            self.sync_for_cpu(self._unfetched, moved)
        self.mapped = False
        if self._block is not None:
            self._pool.give_back(self._channel, self._block)
        self._held.release()

    def __enter__(self) -> Mapping:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.mapped:
            # After an exception nobody knows how far the device came: the buffer stays as it was.
            self.unmap(0 if error is not None else None)

    def _live(self, index: int) -> Segment:
        if not self.mapped:
            raise DmaError("the buffer was unmapped before: map it again")
        return self.segments[index]
