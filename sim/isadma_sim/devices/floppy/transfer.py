"""What READ, WRITE, VERIFY, READ TRACK and SCAN share: they go through sectors, and end by TC or EOT.

# Ref: Intel 82077AA, order 290166, tables 5-3 (MT and N), 5-4 and 5-5 (SK), 5-6 (result phase); NEC uPD765A, table 2.
#      Linux drivers/block/floppy.c, rw_interrupt(): after an end-of-cylinder error R is still the last sector's.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from isadma_sim.devices.floppy.execution import Execution
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import Code, Option, St0, St1, St2
from isadma_sim.devices.floppy.track import Sector


class Stage(Enum):
    """Where a transfer stands."""

    SEARCH = auto()  # waiting for an ID field
    DATA = auto()  # a data field passes, and the host moves it
    TAIL = auto()  # the rest of the data field passes without the host
    CLOSING = auto()  # all sectors passed, the host has still bytes to take


class Transfer(Execution):
    """One of the commands with the parameters C, H, R, N, EOT, GPL and DTL."""

    seeks_to = 2
    #: Direction of the data, None when the host has no part in it.
    to_host: bool | None = True
    #: Whether the last sector without TC is an error: end of cylinder.
    needs_tc = True

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        super().__init__(fdc, command)
        _, _, self.c, self.h, self.r, self.n, self.eot, _, self.dtl = command
        self.mt = bool(command[0] & Option.MT)
        self.sk = bool(command[0] & Option.SK)
        self.deleted = command[0] & 0x1F in (Code.READ_DELETED_DATA, Code.WRITE_DELETED_DATA)
        self.stage = Stage.SEARCH
        self.counted = False
        self.sector: Sector
        #: The field's data while it moves as a block.
        self._block: bytearray | None = None
        fdc.registers.eot = self.eot

    @property
    def chrn(self) -> tuple[int, int, int, int]:
        """Cylinder, head, sector and size as they stand now."""
        return self.c, self.h, self.r, self.n

    @property
    def length(self) -> int:
        """Bytes of a sector the host moves: DTL when N is 0, all of them otherwise."""
        size = self.sector.size
        return min(self.dtl or size, size) if self.n == 0 else size

    def execute(self) -> None:
        """Ask for data and find the first sector."""
        if self.to_host is not None:
            self.fdc.open_host(to_host=self.to_host)
        self.find()

    # Sector by sector

    def find(self) -> None:
        """Search the ID field of the sector that is next."""
        self.stage = Stage.SEARCH
        self.search(lambda sector: sector.chrn == self.chrn, self._found, lambda: self.not_found(self.c))

    def _found(self, sector: Sector) -> None:
        """Its ID field has passed: look at it and at the mark of the data field."""
        self.sector = sector
        if sector.id_error:
            self.st1 |= St1.DATA_ERROR
            self.finish(St0.ABNORMAL)
        elif self.writes:
            self.stage = Stage.DATA
            self.field()
        elif sector.no_data_mark:
            self.st1 |= St1.MISSING_ADDRESS_MARK
            self.st2 |= St2.MISSING_DATA_MARK
            self.finish(St0.ABNORMAL)
        elif sector.deleted != self.deleted:
            self.st2 |= St2.CONTROL_MARK
            if self.sk:
                self.stage = Stage.TAIL
                self.schedule.at(self.clock_of(sector.end), self.next)
            else:
                self.stage = Stage.DATA
                self.field()
        else:
            self.stage = Stage.DATA
            self.field()

    def field(self) -> None:
        """Begin the data field: move its bytes, then call `tail`."""
        raise NotImplementedError

    def start_block(self, data: bytearray) -> bool:
        """Move the field as one block where that is possible: a disk without mechanics, and DMA let through."""
        if not (self.fdc.moves_blocks and data):
            return False
        self._block = data
        self.fdc.lines.start_block(data, to_host=bool(self.to_host), done=self._block_done)
        return True

    def _block_done(self, moved: int, counted: bool) -> None:
        self._block = None
        self.block_moved(moved)
        if counted:
            self.terminal_count()
        else:
            self.tail()

    def block_moved(self, moved: int) -> None:
        """Note how much of a block the host moved."""
        raise NotImplementedError

    def stop_block(self) -> bool:
        """Take back a block under way, keeping what was moved; return whether there was one."""
        if self._block is None:
            return False
        moved = self.fdc.lines.stop_block()
        self._block = None
        self.fdc.host.owed.asked(True)  # the block's request was up
        self.block_moved(moved)
        return True

    def gate_closed(self) -> None:
        """Go on byte by byte, should the gate open again."""
        if self.stop_block():
            self.by_bytes()

    def by_bytes(self) -> None:
        """Move what is left of a block without it."""
        raise NotImplementedError

    def tail(self) -> None:
        """Let the rest of the data field pass; where the disk went away meanwhile, nothing passes."""
        if self.disk_gone:
            return
        self.stage = Stage.TAIL
        self.schedule.at(self.clock_of(self.sector.end), self.passed)

    def passed(self) -> None:
        """Check the CRC of a data field that has passed, and decide what comes next."""
        if self.sector.misread():
            self.st1 |= St1.DATA_ERROR
            self.st2 |= St2.DATA_FIELD_ERROR
            self.finish(St0.ABNORMAL)
        elif self.counted:
            if not self.marked_otherwise:
                self.advance()
            self.finish()
        elif self.marked_otherwise:
            self.close()
        else:
            self.next()

    @property
    def marked_otherwise(self) -> bool:
        """Whether the sector's mark ends the transfer: read, but the next one not searched for."""
        return not self.writes and not self.sk and self.sector.deleted != self.deleted

    @property
    def at_end(self) -> bool:
        """Whether the sector is the last the command may touch."""
        return self.r == self.eot and not (self.mt and self.head == 0)

    def next(self) -> None:
        """Go to the next sector, or end."""
        if self.at_end:
            self.close()
        else:
            other_side = self.mt and self.r == self.eot
            self.advance()
            self.head |= other_side
            self.find()

    def close(self) -> None:
        """No sector comes any more: end when the host has taken all, which may bring TC."""
        self.stage = Stage.CLOSING
        self.serviced()

    def serviced(self) -> None:
        """End without TC once the host has everything."""
        if self.stage is Stage.CLOSING and self.fdc.host.empty:
            self.ran_out()

    def ran_out(self) -> None:
        """All sectors are through and no TC came."""
        if self.needs_tc and not self.marked_otherwise:
            self.st1 |= St1.END_OF_CYLINDER
            self.finish(St0.ABNORMAL)
        else:
            self.finish()

    def advance(self) -> None:
        """Count on as table 5-6 has it."""
        if self.r != self.eot:
            self.r = (self.r + 1) & 0xFF
            return
        self.r = 1
        if self.mt:
            self.h ^= 1
        if self.head or not self.mt:
            self.c = (self.c + 1) & 0xFF

    def terminal_count(self) -> None:
        """Move nothing more; the sector that passes is still read or written to its end."""
        if self.counted:
            return
        self.counted = True
        self.fdc.host.stop()
        if self.stage is Stage.DATA:
            self.cut()
        elif self.stage is Stage.CLOSING:
            if not self.marked_otherwise:
                self.advance()
            self.finish()
        elif self.stage is Stage.SEARCH:
            # The host took the last sector's last byte after its end: the count stands on the next sector already.
            self.finish()

    def cut(self) -> None:
        """TC in the middle of a data field."""
        self.schedule.clear()
        self.tail()

    def overrun(self) -> None:
        """End because the host was late."""
        self.st1 |= St1.OVERRUN
        self.finish(St0.ABNORMAL)

    def stop(self) -> None:
        """Let go of disk and host."""
        self.gate_closed()  # a byte that is being fetched comes from the host's side, as it does without blocks
        super().stop()
        self.fdc.host.stop()
