"""What the adapter does for SCSI: scan the outgoing mailboxes, run their CCBs, post the incoming ones."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5: mailboxes, CCBs, scatter/gather, host status.

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from isadma_sim.devices.scsi import regs
from isadma_sim.devices.scsi.bus import Fetch, Pause, Program, Store
from isadma_sim.devices.scsi.codes import GROUP_BYTES, Scsi, ScsiStatus
from isadma_sim.devices.scsi.disk import Answer, ScsiDisk
from isadma_sim.devices.scsi.regs import Ccb, HostStatus, Interrupt, MailboxIn, MailboxOut, Opcode

__all__ = ["Firmware", "Mailboxes"]

#: How long the adapter waits before it looks again for an incoming mailbox, in seconds, when all are full.
FULL_SECONDS = 100e-6
#: It waits for a target for ever when told so; this is how often it looks at the clock, in seconds.
FOREVER_SECONDS = 1.0

_GATHERED = (Opcode.SCATTER_GATHER, Opcode.SCATTER_GATHER_RESIDUAL)
_RESIDUAL = (Opcode.INITIATOR_RESIDUAL, Opcode.SCATTER_GATHER_RESIDUAL)
_DIRECTIONS = regs.DATA_IN | regs.DATA_OUT

Steps = Generator[Fetch | Store | Pause, bytes, HostStatus]


@dataclass
class Mailboxes:
    """Where the mailboxes are: outgoing ones at `address`, as many incoming ones behind them."""

    address: int = 0
    count: int = 0
    next_out: int = 0
    next_in: int = 0

    def out(self) -> int:
        """Return the address of the next outgoing mailbox."""
        return self.address + regs.MAILBOX_BYTES * self.next_out

    def into(self) -> int:
        """Return the address of the next incoming mailbox."""
        return self.address + regs.MAILBOX_BYTES * (self.count + self.next_in)

    def step_out(self) -> None:
        """Go on to the next outgoing one."""
        self.next_out = (self.next_out + 1) % self.count

    def step_in(self) -> None:
        """Go on to the next incoming one."""
        self.next_in = (self.next_in + 1) % self.count


@dataclass
class _Run:
    """One CCB under way."""

    address: int
    head: bytes
    cdb: bytes = b""
    status: ScsiStatus = ScsiStatus.GOOD
    residue: int = 0
    segments: list[tuple[int, int]] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Bytes of memory the CCB names for data."""
        return sum(length for _, length in self.segments)


class Firmware:
    """The programs behind START SCSI.

    Parameters
    ----------
    targets : dict of int to ScsiDisk
        Who is on the SCSI bus.
    interrupt : callable
        Called with a mailbox interrupt flag.

    Attributes
    ----------
    mailboxes : Mailboxes
        Set by MAILBOX INIT.
    selection_ms : int or None
        Milliseconds until a silent target is given up; None waits for ever.
    scanning : bool
        Mailboxes are being served.
    again : bool
        START SCSI came while the mailboxes were scanned.
    """

    def __init__(self, targets: dict[int, ScsiDisk], interrupt: Callable[[Interrupt], None]) -> None:
        self._targets = targets
        self._interrupt = interrupt
        self.reset()

    def reset(self) -> None:
        """Forget the mailboxes and take the default times."""
        self.mailboxes = Mailboxes()
        self.selection_ms: int | None = regs.SELECTION_MS
        self.again = self.scanning = False

    # ---------------------------------------------------------------- mailboxes
    def scan(self) -> Program:
        """Serve outgoing mailboxes, round robin, until all of them were found empty in a row."""
        self.scanning = True
        try:
            yield from self._scan()
        finally:
            self.scanning = False

    def _scan(self) -> Program:
        empty = 0
        while empty < self.mailboxes.count or self.again:
            if self.again:
                self.again, empty = False, 0
            boxes = self.mailboxes
            at = boxes.out()
            box = yield Fetch(at, regs.MAILBOX_BYTES)
            boxes.step_out()
            if box[0] == MailboxOut.FREE:
                empty += 1
                continue
            empty = 0
            ccb = int.from_bytes(box[1:], "big")
            yield Store(at, bytes((MailboxOut.FREE,)))
            self._interrupt(Interrupt.MAILBOX_OUT)
            yield from self._serve(box[0], ccb)

    def _serve(self, command: int, ccb: int) -> Program:
        if command == MailboxOut.START:
            yield from self._start(ccb)
        elif command == MailboxOut.ABORT:  # one CCB runs at a time, and this one is over: there is nothing to abort
            yield from self._post(MailboxIn.NOT_FOUND, ccb)
        else:
            yield Store(ccb + Ccb.HOST_STATUS, bytes((HostStatus.MAILBOX_COMMAND, 0)))
            yield from self._post(MailboxIn.ERROR, ccb)

    def _post(self, status: MailboxIn, ccb: int) -> Program:
        """Fill the next incoming mailbox that is free; the status comes last, for a host that polls."""
        boxes = self.mailboxes
        tried = 0
        while (yield Fetch(boxes.into(), 1))[0] != MailboxIn.FREE:
            boxes.step_in()
            tried += 1
            if tried % boxes.count == 0:
                yield Pause(FULL_SECONDS)
        yield Store(boxes.into() + 1, ccb.to_bytes(3, "big"))
        yield Store(boxes.into(), bytes((status,)))
        boxes.step_in()
        self._interrupt(Interrupt.MAILBOX_IN)

    # ---------------------------------------------------------------- CCBs
    def _start(self, address: int) -> Program:
        run = _Run(address, (yield Fetch(address, Ccb.CDB)))
        host = yield from self._execute(run)
        if run.status == ScsiStatus.CHECK_CONDITION:
            yield from self._sense(run)
        if run.head[Ccb.OPCODE] in _RESIDUAL:
            yield Store(address + Ccb.DATA_LENGTH, run.residue.to_bytes(3, "big"))
        yield Store(address + Ccb.HOST_STATUS, bytes((host, run.status)))
        good = host == HostStatus.GOOD and run.status == ScsiStatus.GOOD
        yield from self._post(MailboxIn.SUCCESS if good else MailboxIn.ERROR, address)

    def _execute(self, run: _Run) -> Steps:
        head = run.head
        if head[Ccb.OPCODE] not in list(Opcode):
            return HostStatus.OPCODE
        target = self._targets.get(head[Ccb.ADDRESS] >> regs.TARGET_SHIFT)
        if head[Ccb.OPCODE] == Opcode.BUS_DEVICE_RESET:
            if target is None:
                return (yield from self._silence())
            target.reset()
            return HostStatus.GOOD
        size = head[Ccb.CDB_LENGTH]
        if size not in GROUP_BYTES.values():
            return HostStatus.PARAMETER
        if not (yield from self._map(run)):
            return HostStatus.PARAMETER
        run.cdb = yield Fetch(run.address + Ccb.CDB, size)
        if target is None:
            return (yield from self._silence())
        if GROUP_BYTES.get(run.cdb[0] >> 5, size) != size:
            return HostStatus.PHASE  # the target asks for another number of command bytes than there are
        yield Pause(target.overhead)
        return (yield from self._transfer(run, target.execute(run.cdb, head[Ccb.ADDRESS] & regs.LUN_MASK)))

    def _silence(self) -> Steps:
        """Nobody answers the selection."""
        while self.selection_ms is None:
            yield Pause(FOREVER_SECONDS)
        yield Pause(self.selection_ms / 1000)
        return HostStatus.SELECTION_TIMEOUT

    def _map(self, run: _Run) -> Generator[Fetch | Store | Pause, bytes, bool]:
        """Find out where the data is; False for a list that cannot be."""
        head = run.head
        length = int.from_bytes(head[Ccb.DATA_LENGTH : Ccb.DATA_LENGTH + 3], "big")
        pointer = int.from_bytes(head[Ccb.DATA_POINTER : Ccb.DATA_POINTER + 3], "big")
        run.residue = length
        if head[Ccb.ADDRESS] & _DIRECTIONS == _DIRECTIONS:
            return True
        if head[Ccb.OPCODE] not in _GATHERED:
            run.segments = [(pointer, length)]
            return True
        if length % regs.SEGMENT_BYTES or not 0 < length <= regs.SEGMENTS_MOST * regs.SEGMENT_BYTES:
            return False
        listed = yield Fetch(pointer, length)
        for at in range(0, length, regs.SEGMENT_BYTES):
            entry = listed[at : at + regs.SEGMENT_BYTES]
            run.segments.append((int.from_bytes(entry[3:], "big"), int.from_bytes(entry[:3], "big")))
        run.residue = run.length
        return True

    def _transfer(self, run: _Run, answer: Answer) -> Steps:
        """Move data as the target asks, as far as the CCB has room, and get the status."""
        run.status = answer.status
        direction = run.head[Ccb.ADDRESS] & _DIRECTIONS
        wanted = len(answer.data) + answer.wants
        if wanted and direction == (regs.DATA_OUT if answer.data else regs.DATA_IN):
            return HostStatus.PHASE
        moved = min(wanted, run.length)
        if answer.take is not None:
            taken = bytearray()
            for address, length in _within(run.segments, moved):
                taken += yield Fetch(address, length)
            run.status = answer.take(bytes(taken))
        else:
            given = 0
            for address, length in _within(run.segments, moved):
                yield Store(address, answer.data[given : given + length])
                given += length
        run.residue = run.length - moved
        checked = direction in (regs.DATA_IN, regs.DATA_OUT) and run.head[Ccb.OPCODE] not in _RESIDUAL
        if run.status == ScsiStatus.GOOD and (wanted > moved or (checked and run.residue)):
            return HostStatus.DATA_RUN
        return HostStatus.GOOD

    def _sense(self, run: _Run) -> Program:
        """REQUEST SENSE on the host's behalf; what comes goes behind the command block."""
        length = run.head[Ccb.SENSE_LENGTH]
        if length == regs.SENSE_NONE:
            return
        if length == regs.SENSE_DEFAULT:
            length = regs.SENSE_DEFAULT_BYTES
        target = self._targets[run.head[Ccb.ADDRESS] >> regs.TARGET_SHIFT]
        lun = run.head[Ccb.ADDRESS] & regs.LUN_MASK
        answer = target.execute(bytes((Scsi.REQUEST_SENSE, 0, 0, 0, length, 0)), lun)
        yield Store(run.address + Ccb.CDB + len(run.cdb), answer.data)


def _within(segments: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Cut segments after `length` bytes."""
    found = []
    for address, room in segments:
        part = min(room, length)
        if part:
            found.append((address, part))
        length -= part
    return found
