"""Mailboxes, the CCB and its scatter/gather list in memory that the adapter reaches."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5, "Mailbox" and "Command Block Definition".

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isadma_driver.errors import ScsiError
from isadma_driver.machines.machine import Memory
from isadma_driver.memory.pages import Block
from isadma_driver.scsi import codes
from isadma_driver.scsi.codes import Ccb, MailboxIn, MailboxOut, Opcode

#: Mailboxes each way: more than one, so that one may be in the adapter's hands.
COUNT = 4
#: Where things are in the block.
CCB_AT, LIST_AT, BYTES = 0x40, 0x80, 0x100

#: Address and length of a piece of memory.
Extent = tuple[int, int]


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes
    ----------
    host, target : int
        Host adapter and target status.
    residue : int
        Bytes that were not moved.
    sense : bytes
        Sense data, of use after CHECK CONDITION.
    """

    host: int
    target: int
    residue: int
    sense: bytes


class Mailboxes:
    """The driver's half of the conversation; one command at a time.

    Parameters
    ----------
    memory : Memory
        Physical memory.
    block : Block
        Where mailboxes and CCB lie: memory below 16 MB.
    """

    def __init__(self, memory: Memory, block: Block) -> None:
        self._memory = memory
        self.address = block.address
        self.clear()

    def clear(self) -> None:
        """Empty all mailboxes, before the adapter is told where they are."""
        self._memory[self.address : self.address + BYTES] = bytes(BYTES)
        self._out = self._in = 0
        self._cdb = 0

    def post(self, cdb: bytes, target: int, direction: int, extents: Sequence[Extent]) -> None:
        """Write the CCB of a command and put it in an outgoing mailbox.

        Parameters
        ----------
        cdb : bytes
            The command block.
        target : int
            SCSI address.
        direction : int
            `DATA_IN`, `DATA_OUT` or `NO_DATA`.
        extents : sequence of (int, int)
            Addresses and lengths of the data, at most 17.

        Raises
        ------
        ScsiError
            The adapter has not emptied the mailbox: it is stuck.
        """
        box = self.address + codes.MAILBOX_BYTES * self._out
        if self._memory[box : box + 1] != bytes((MailboxOut.FREE,)):
            raise ScsiError("the SCSI adapter has not taken the last command from its mailbox")
        opcode, length, pointer = Opcode.INITIATOR_RESIDUAL, 0, 0
        if len(extents) == 1:
            ((pointer, length),) = extents
        elif extents:
            table = b"".join(_three(size) + _three(address) for address, size in extents)
            opcode, length, pointer = Opcode.SCATTER_GATHER_RESIDUAL, len(table), self.address + LIST_AT
            self._memory[pointer : pointer + length] = table
        ccb = bytearray(Ccb.CDB)
        ccb[Ccb.OPCODE] = opcode
        ccb[Ccb.ADDRESS] = target << codes.TARGET_SHIFT | direction
        ccb[Ccb.CDB_LENGTH] = self._cdb = len(cdb)
        ccb[Ccb.SENSE_LENGTH] = codes.SENSE_BYTES
        ccb[Ccb.DATA_LENGTH : Ccb.DATA_LENGTH + 3] = _three(length)
        ccb[Ccb.DATA_POINTER : Ccb.DATA_POINTER + 3] = _three(pointer)
        at = self.address + CCB_AT
        whole = bytes(ccb) + cdb + bytes(codes.SENSE_BYTES)
        self._memory[at : at + len(whole)] = whole
        # The adapter looks at the command byte, so that one comes last.
        self._memory[box + 1 : box + codes.MAILBOX_BYTES] = _three(at)
        self._memory[box : box + 1] = bytes((MailboxOut.START,))
        self._out = (self._out + 1) % COUNT

    def take(self) -> Outcome | None:
        """Empty the next incoming mailbox and tell how its command ended; None while it is empty.

        Raises
        ------
        ScsiError
            It is about no command of ours.
        """
        box = self.address + codes.MAILBOX_BYTES * (COUNT + self._in)
        status, *address = self._memory[box : box + codes.MAILBOX_BYTES]
        if status == MailboxIn.FREE:
            return None
        self._memory[box : box + 1] = bytes((MailboxIn.FREE,))
        self._in = (self._in + 1) % COUNT
        at = self.address + CCB_AT
        if bytes(address) != _three(at) or status not in (MailboxIn.SUCCESS, MailboxIn.ERROR):
            raise ScsiError(f"the SCSI adapter's mailbox has status {status} and CCB {bytes(address).hex()}h: not ours")
        end = at + Ccb.CDB + self._cdb
        ccb = self._memory[at:end]
        return Outcome(
            host=ccb[Ccb.HOST_STATUS],
            target=ccb[Ccb.TARGET_STATUS],
            residue=int.from_bytes(ccb[Ccb.DATA_LENGTH : Ccb.DATA_LENGTH + 3], "big"),
            sense=bytes(self._memory[end : end + codes.SENSE_BYTES]),
        )


def _three(value: int) -> bytes:
    return value.to_bytes(3, "big")
