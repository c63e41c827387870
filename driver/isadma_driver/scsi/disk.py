"""The SCSI disk driver: any number of blocks between the disk and any memory, by bus mastering."""

# Ref: SCSI-2, X3.131-1994, chapter 9 (direct-access devices), 7.9 (unit attention).

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from isadma_driver.checks.values import as_data, as_int, as_kind, shown
from isadma_driver.errors import DmaTimeoutError, ScsiError
from isadma_driver.kernel import Kernel
from isadma_driver.memory.pages import Block
from isadma_driver.scsi import codes
from isadma_driver.scsi.adapter import Adapter
from isadma_driver.scsi.codes import HostStatus, Key, Scsi, ScsiStatus
from isadma_driver.scsi.mailboxes import Extent, Outcome
from isadma_driver.scsi.sense import error_of, sense_of
from isadma_driver.transfers.buffers import Buffer, PhysicalBuffer, UserBuffer
from isadma_driver.transfers.mapping import Direction, Mapping

#: Most bytes of one command: sixteen pages, which with the pieces at both ends are at most 17 segments.
COMMAND_BYTES = 64 << 10
#: How often a command is tried: resets are told of once by each device, and a stuck adapter is reset once.
TRIES = 4
#: Pause before a busy device is asked again, in seconds.
BUSY_SECONDS = 0.01

_DIRECTIONS = {Direction.FROM_DEVICE: codes.DATA_IN, Direction.TO_DEVICE: codes.DATA_OUT}

#: Numbers that are numbers, on no disk.
MOST = 1 << 64


class ScsiDriver:
    """A SCSI disk behind an AHA-154x. Use it in a `with` block, which gives everything back.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    target : int, optional
        SCSI address of the disk, 0 to 7.
    base : int, optional
        First port of the adapter.
    dma : int or None, optional
        Channel 0, 5, 6 or 7. None: the one the adapter is set to if that is free, else a free word channel, which the
        adapter is told.

    Raises
    ------
    ScsiError
        No adapter, no disk, or no answer.
    ChannelBusyError
        The channel is someone else's, who is named.

    Attributes
    ----------
    blocks, block_bytes : int
        Size of the disk.
    vendor, product : str
        What INQUIRY says.
    """

    def __init__(self, kernel: Kernel, target: int = 0, *, base: int = codes.BASE, dma: int | None = None) -> None:
        self._kernel = as_kind("kernel", kernel, Kernel, "give a Kernel")
        self.target = as_int("no SCSI target {}: use 0 to 7", target, 0, 7)
        self.retries = 0
        self._adapter = Adapter(kernel, base, dma)
        self._buffer: Block | None = None
        try:
            # Both are taken now and kept: low memory may be in pieces later on.
            self._buffer = kernel.pages.alloc(COMMAND_BYTES, "scsi data")
            kernel.bounce.reserve(self._adapter.claim, COMMAND_BYTES)
            self._identify()
        except BaseException:
            self.close()
            raise

    def _identify(self) -> None:
        try:
            identity = self._small(
                bytes((Scsi.INQUIRY, 0, 0, 0, codes.IDENTITY_BYTES, 0)), codes.IDENTITY_BYTES, "inquiry"
            )
        except ScsiError as error:
            there = ", ".join(map(str, self._adapter.devices())) or "none"
            raise ScsiError(f"no disk at SCSI target {self.target} ({error}): there are {there}") from None
        if identity[0] & codes.TYPE_MASK != codes.DISK_TYPE:
            raise ScsiError(f"SCSI target {self.target} is no disk: device type {identity[0] & codes.TYPE_MASK:X}h")
        self.vendor = identity[codes.VENDOR].decode("ascii", "replace").strip()
        self.product = identity[codes.PRODUCT].decode("ascii", "replace").strip()
        size = self._small(bytes((Scsi.READ_CAPACITY,)) + bytes(9), codes.CAPACITY_BYTES, "capacity")
        self.blocks = int.from_bytes(size[:4], "big") + 1
        self.block_bytes = int.from_bytes(size[4:], "big")
        if not 0 < self.block_bytes <= COMMAND_BYTES or COMMAND_BYTES % self.block_bytes:
            raise ScsiError(f"SCSI target {self.target} has blocks of {self.block_bytes} bytes: none that this drives")

    @property
    def channel(self) -> int:
        """The DMA channel, which is in cascade mode."""
        return self._adapter.claim.channel

    @property
    def resets(self) -> int:
        """Resets of an adapter that did not answer."""
        return self._adapter.resets

    def __enter__(self) -> ScsiDriver:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back channel, interrupt and memory. May be called twice."""
        if not self._adapter.claim.held:
            return
        try:
            self._adapter.stop()  # before its memory goes
        finally:
            if self._buffer is not None:
                self._kernel.pages.free(self._buffer)
                self._buffer = None
            self._kernel.bounce.unreserve(self._adapter.claim)
            self._adapter.close()

    # Blocks ---------------------------------------------------------------------------------------------------------

    def read(self, lba: int, count: int = 1) -> bytes:
        """Return blocks.

        Parameters
        ----------
        lba : int
            First logical block, from 0.
        count : int, optional
            Blocks, at least 1.

        Raises
        ------
        ValueError
            The disk has no such blocks.
        ScsiError
            The disk or the adapter reports an error; a `SenseError` has the sense key.
        DmaTimeoutError
            No answer, also after a reset.
        """
        lba, count = self._check(lba, count)
        data = bytearray()
        for block, blocks in self._parts(lba, count):
            here = PhysicalBuffer(self._own_buffer().address, blocks * self.block_bytes)
            self._move(Scsi.READ_10, block, here, Direction.FROM_DEVICE)
            data += self._kernel.machine.memory[here.address : here.address + here.length]
        return bytes(data)

    def write(self, lba: int, data: bytes) -> None:
        """Write whole blocks; errors as in `read`.

        Raises
        ------
        ScsiWriteProtectedError
            The disk is write protected.
        """
        data = as_data("data", data)
        lba, count = self._check(lba, self._whole(len(data)))
        for block, blocks in self._parts(lba, count):
            here = PhysicalBuffer(self._own_buffer().address, blocks * self.block_bytes)
            start = (block - lba) * self.block_bytes
            self._kernel.machine.memory[here.address : here.address + here.length] = data[start : start + here.length]
            self._move(Scsi.WRITE_10, block, here, Direction.TO_DEVICE)

    def read_into(self, lba: int, buffer: UserBuffer | PhysicalBuffer) -> None:
        """Fill a buffer with blocks, straight to its memory wherever the adapter reaches it; errors as in `read`."""
        self._each(Scsi.READ_10, lba, buffer, Direction.FROM_DEVICE)

    def write_from(self, lba: int, buffer: UserBuffer | PhysicalBuffer) -> None:
        """Write a buffer to blocks, straight from its memory; errors as in `write`."""
        self._each(Scsi.WRITE_10, lba, buffer, Direction.TO_DEVICE)

    def verify(self, lba: int, count: int = 1) -> None:
        """Have the disk read blocks without moving them; errors as in `read`."""
        lba, count = self._check(lba, count)
        for block, blocks in self._parts(lba, count):
            what = f"verify of blocks {block} to {block + blocks - 1}"
            self._command(_ten(Scsi.VERIFY_10, block, blocks), codes.NO_DATA, [], what)

    def flush(self) -> None:
        """Have everything written on the medium."""
        self._command(_ten(Scsi.SYNCHRONIZE_CACHE, 0, 0), codes.NO_DATA, [], "flush")

    def write_protected(self) -> bool:
        """Return whether the disk refuses writes."""
        cdb = bytes((Scsi.MODE_SENSE_6, codes.MODE_NO_DESCRIPTOR, codes.MODE_PAGE, 0, codes.MODE_BYTES, 0))
        return bool(self._small(cdb, codes.MODE_BYTES, "mode sense")[codes.MODE_DEVICE] & codes.MODE_PROTECTED)

    # Below ----------------------------------------------------------------------------------------------------------

    def _own_buffer(self) -> Block:
        if self._buffer is None:
            raise ScsiError("the SCSI driver was closed: open it again")
        return self._buffer

    def _whole(self, length: int) -> int:
        count, rest = divmod(length, self.block_bytes)
        if rest or not count:
            raise ValueError(f"{length} bytes are no whole number of blocks: use a multiple of {self.block_bytes}")
        return count

    def _check(self, lba: int, count: int) -> tuple[int, int]:
        lba, count = as_int("block", lba, -MOST, MOST), as_int("count of blocks", count, -MOST, MOST)
        if min(lba, count - 1) < 0 or lba + count > self.blocks:
            raise ValueError(f"blocks {lba} to {lba + count - 1} are not all on the disk: use 0 to {self.blocks - 1}")
        return lba, count

    def _parts(self, lba: int, count: int) -> list[tuple[int, int]]:
        step = COMMAND_BYTES // self.block_bytes
        return [(lba + done, min(step, count - done)) for done in range(0, count, step)]

    def _each(self, code: Scsi, lba: int, buffer: UserBuffer | PhysicalBuffer, direction: Direction) -> None:
        self._own_buffer()
        if not isinstance(buffer, (UserBuffer, PhysicalBuffer)):
            raise TypeError(f"buffer {shown(buffer)}: give a UserBuffer or a PhysicalBuffer")
        lba, count = self._check(lba, self._whole(as_int("length of the buffer,", buffer.length, 0, MOST)))
        for block, blocks in self._parts(lba, count):
            self._move(
                code, block, _part(buffer, (block - lba) * self.block_bytes, blocks * self.block_bytes), direction
            )

    def _move(self, code: Scsi, lba: int, buffer: Buffer, direction: Direction) -> None:
        """Move the blocks of one command."""
        count = buffer.length // self.block_bytes
        what = f"{'read' if direction is Direction.FROM_DEVICE else 'write'} of blocks {lba} to {lba + count - 1}"
        with self._map(buffer, direction) as mapping:
            extents = [(mapping.dma_range(index)[0], segment.length) for index, segment in enumerate(mapping.segments)]
            self._command(_ten(code, lba, count), _DIRECTIONS[direction], extents, what)

    def _map(self, buffer: Buffer, direction: Direction) -> Mapping:
        """Map a buffer in as many segments as the list takes; all of it through the bounce buffer where it does not."""
        mapper, claim = self._kernel.mapper, self._adapter.claim
        mapping = mapper.map(buffer, claim, direction, split=True)
        bounced = [index for index, segment in enumerate(mapping.segments) if not segment.in_place]
        # There is one bounce buffer, and all segments of a command are there at once.
        if len(mapping.segments) > codes.SEGMENTS_MOST or len(bounced) > 1:
            mapping.unmap(0)
            return mapper.map(buffer, claim, direction)
        for index in bounced:
            mapping.sync_for_device(index)
        return mapping

    def _small(self, cdb: bytes, length: int, what: str) -> bytes:
        """Run a command that gives a few bytes."""
        at = self._own_buffer().address
        self._command(cdb, codes.DATA_IN, [(at, length)], what)
        return bytes(self._kernel.machine.memory[at : at + length])

    def _command(self, cdb: bytes, direction: int, extents: Sequence[Extent], what: str) -> None:
        """Run a command until it ended well, or there is no hope."""
        for last in [False] * (TRIES - 1) + [True]:
            try:
                outcome = self._adapter.run(cdb, self.target, direction, extents, what)
            except DmaTimeoutError:
                self._adapter.recover()
                if last:
                    raise
                self.retries += 1
                continue
            if outcome.host == HostStatus.GOOD and outcome.target == ScsiStatus.GOOD:
                if outcome.residue:
                    raise ScsiError(f"{what}: {outcome.residue} bytes were not moved")
                return
            if last or not self._hope(outcome):
                raise error_of(outcome, what)
            self.retries += 1

    def _hope(self, outcome: Outcome) -> bool:
        """Whether the same command may do better."""
        if outcome.target == ScsiStatus.BUSY:
            self._kernel.machine.delay(BUSY_SECONDS)
            return True
        return sense_of(outcome)[0] in (Key.UNIT_ATTENTION, Key.ABORTED_COMMAND)


def _ten(code: Scsi, lba: int, count: int) -> bytes:
    return bytes((code, 0)) + lba.to_bytes(4, "big") + b"\0" + count.to_bytes(2, "big") + b"\0"


def _part(buffer: UserBuffer | PhysicalBuffer, offset: int, length: int) -> UserBuffer | PhysicalBuffer:
    if isinstance(buffer, UserBuffer):
        return UserBuffer(buffer.space, buffer.address + offset, length)
    return PhysicalBuffer(buffer.address + offset, length)
