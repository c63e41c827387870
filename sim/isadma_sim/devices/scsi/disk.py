"""A SCSI disk on an image file: takes command blocks, gives data, status and sense."""

# Ref: SCSI-2, X3.131-1994, chapters 7.9 (unit attention), 8.2 and 9.2 (commands), 8.3 and 9.3 (pages).

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from isadma_sim.devices.scsi import codes, pages
from isadma_sim.devices.scsi.codes import BLOCK_BYTES, GROUP_BYTES, Scsi, ScsiStatus, Sense
from isadma_sim.devices.scsi.image import BlockImage
from isadma_sim.machine.checks import as_number

#: From a command's end of arrival to its first byte, in seconds: a cached drive's overhead.
OVERHEAD_SECONDS = 0.0005


@dataclass
class Answer:
    """What a target does with a command.

    Attributes
    ----------
    status : ScsiStatus
        Its status byte, unless `take` is to be asked.
    data : bytes
        What it sends.
    wants : int
        Bytes it takes, 0 for none.
    take : callable or None
        Gets those bytes (fewer, when the initiator has no more) and returns the status.
    """

    status: ScsiStatus = ScsiStatus.GOOD
    data: bytes = b""
    wants: int = 0
    take: Callable[[bytes], ScsiStatus] | None = None


class _RefusedError(Exception):
    """A command ends in CHECK CONDITION."""

    def __init__(self, sense: Sense, information: int | None = None) -> None:
        super().__init__(sense.name)
        self.sense = sense
        self.information = information


class ScsiDisk:
    """A disk of 512-byte blocks: logical unit 0 of one target.

    Parameters
    ----------
    path : str or Path
        Image file; see `BlockImage` for its size and for what is raised.
    write_protected : bool
        Whether writes are refused.
    overhead : float
        Seconds from a command to its first byte.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        write_protected: bool = False,
        overhead: float = OVERHEAD_SECONDS,
    ) -> None:
        as_number("overhead of {} s: give 0 to less than 1 second", overhead, 0, 1 - 1e-9)
        self.image = BlockImage(path, write_protected=write_protected)
        self.overhead = overhead
        self._sense = (Sense.NONE, None)  # type: tuple[Sense, int | None]
        self._attention = True
        self._commands: dict[int, Callable[[bytes], Answer]] = {
            Scsi.TEST_UNIT_READY: self._nothing,
            Scsi.REZERO: self._nothing,
            Scsi.REQUEST_SENSE: self._request_sense,
            Scsi.READ_6: self._read,
            Scsi.WRITE_6: self._write,
            Scsi.SEEK_6: self._seek,
            Scsi.INQUIRY: self._inquiry,
            Scsi.MODE_SENSE_6: self._mode_sense,
            Scsi.START_STOP: self._nothing,
            Scsi.READ_CAPACITY: self._capacity,
            Scsi.READ_10: self._read,
            Scsi.WRITE_10: self._write,
            Scsi.SEEK_10: self._seek,
            Scsi.VERIFY_10: self._verify,
            Scsi.SYNCHRONIZE_CACHE: self._synchronize,
        }

    def reset(self) -> None:
        """Bus RESET, or BUS DEVICE RESET: the next command is told of it by UNIT ATTENTION."""
        self._attention = True
        self._sense = (Sense.NONE, None)

    def close(self) -> None:
        """Let go of the image file."""
        self.image.close()

    # ---------------------------------------------------------------- the target's side of the bus
    def execute(self, cdb: bytes, lun: int = 0) -> Answer:
        """Take one command.

        Parameters
        ----------
        cdb : bytes
            Command block of the length that its operation code's group has.
        lun : int
            Logical unit of the IDENTIFY message; there is only 0.
        """
        code = cdb[0]
        try:
            if code != Scsi.REQUEST_SENSE:
                self._sense = (Sense.NONE, None)
            if lun and code not in (Scsi.INQUIRY, Scsi.REQUEST_SENSE):
                raise _RefusedError(Sense.NO_SUCH_UNIT)
            if self._attention and code not in (Scsi.INQUIRY, Scsi.REQUEST_SENSE):
                self._attention = False
                raise _RefusedError(Sense.RESET_OCCURRED)
            run = self._commands.get(code)
            if run is None:
                raise _RefusedError(Sense.INVALID_OPCODE)
            if code == Scsi.INQUIRY and lun:
                return Answer(data=bytes((codes.NO_UNIT,)).ljust(codes.INQUIRY_BYTES, b"\0")[: cdb[4]])
            if code == Scsi.REQUEST_SENSE and lun:
                self._sense = (Sense.NO_SUCH_UNIT, None)
            return run(cdb)
        except _RefusedError as refusal:
            return Answer(self._check(refusal))

    def _check(self, refusal: _RefusedError) -> ScsiStatus:
        self._sense = (refusal.sense, refusal.information)
        return ScsiStatus.CHECK_CONDITION

    # ---------------------------------------------------------------- commands
    def _nothing(self, cdb: bytes) -> Answer:
        return Answer()

    def _request_sense(self, cdb: bytes) -> Answer:
        if self._attention and self._sense[0] is Sense.NONE:
            self._attention = False
            self._sense = (Sense.RESET_OCCURRED, None)
        data = pages.sense_data(*self._sense)
        self._sense = (Sense.NONE, None)
        return Answer(data=data[: cdb[4]])

    def _inquiry(self, cdb: bytes) -> Answer:
        if cdb[1] & codes.VITAL_DATA or cdb[2]:
            raise _RefusedError(Sense.INVALID_FIELD)
        return Answer(data=pages.inquiry()[: cdb[4]])

    def _mode_sense(self, cdb: bytes) -> Answer:
        data = pages.mode_sense(
            cdb[2], self.image.blocks, self.image.write_protected, bool(cdb[1] & codes.MODE_NO_DESCRIPTOR)
        )
        if data is None:
            raise _RefusedError(Sense.INVALID_FIELD)
        return Answer(data=data[: cdb[4]])

    def _capacity(self, cdb: bytes) -> Answer:
        return Answer(data=(self.image.blocks - 1).to_bytes(4, "big") + BLOCK_BYTES.to_bytes(4, "big"))

    def _range(self, cdb: bytes) -> tuple[int, int]:
        """Return first block and blocks of a command."""
        if len(cdb) == GROUP_BYTES[0]:
            block, count = int.from_bytes(cdb[1:4], "big") & 0x1FFFFF, cdb[4] or codes.BLOCKS_OF_ZERO
        else:
            block, count = int.from_bytes(cdb[2:6], "big"), int.from_bytes(cdb[7:9], "big")
        if block + count > self.image.blocks or block >= self.image.blocks:
            raise _RefusedError(Sense.LBA_OUT_OF_RANGE, max(block, self.image.blocks))
        return block, count

    def _read(self, cdb: bytes) -> Answer:
        block, count = self._range(cdb)
        try:
            return Answer(data=self.image.read(block, count))
        except OSError:
            raise _RefusedError(Sense.MEDIUM_ERROR_READ, block) from None

    def _write(self, cdb: bytes) -> Answer:
        block, count = self._range(cdb)
        if self.image.write_protected:
            raise _RefusedError(Sense.WRITE_PROTECTED)

        def take(data: bytes) -> ScsiStatus:
            try:
                self.image.write(block, data[: len(data) // BLOCK_BYTES * BLOCK_BYTES])
            except OSError:
                return self._check(_RefusedError(Sense.MEDIUM_ERROR_WRITE, block))
            return ScsiStatus.GOOD

        return Answer(wants=count * BLOCK_BYTES, take=take)

    def _seek(self, cdb: bytes) -> Answer:
        block = int.from_bytes(cdb[1:4] if len(cdb) == GROUP_BYTES[0] else cdb[2:6], "big")
        if block >= self.image.blocks:
            raise _RefusedError(Sense.LBA_OUT_OF_RANGE, block)
        return Answer()

    def _verify(self, cdb: bytes) -> Answer:
        block, count = self._range(cdb)
        if not cdb[1] & codes.BYTE_CHECK:
            self._read(cdb)
            return Answer()

        def take(data: bytes) -> ScsiStatus:
            try:
                stored = self.image.read(block, count)
            except OSError:
                return self._check(_RefusedError(Sense.MEDIUM_ERROR_READ, block))
            if data == stored[: len(data)]:
                return ScsiStatus.GOOD
            first = next(n for n, (a, b) in enumerate(zip(data, stored, strict=False)) if a != b)
            return self._check(_RefusedError(Sense.MISCOMPARE, block + first // BLOCK_BYTES))

        return Answer(wants=count * BLOCK_BYTES, take=take)

    def _synchronize(self, cdb: bytes) -> Answer:
        self._range(cdb)
        if not self.image.write_protected:
            try:
                self.image.flush()
            except OSError:
                raise _RefusedError(Sense.MEDIUM_ERROR_WRITE, None) from None
        return Answer()
