"""The controller's status registers in words, and the error each calls for."""

# Ref: Intel 82077AA data sheet, order 290166, section 6 (status registers).

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.errors import FloppyError, NoDiskError, SectorError, WriteProtectedError
from isadma_driver.floppy.codes import St0, St1, St2

_WORDS_1 = {
    St1.NOT_WRITABLE: "the disk is write protected",
    St1.OVERRUN: "data came or went too late (overrun)",
    St1.DATA_ERROR: "CRC error",
    St1.NO_DATA: "sector not found",
    St1.MISSING_ADDRESS_MARK: "no address mark (unformatted, or another data rate)",
    St1.END_OF_CYLINDER: "ran past the last sector",
}
_WORDS_2 = {
    St2.DATA_FIELD_ERROR: "in the data field",
    St2.WRONG_CYLINDER: "the head is on another cylinder",
    St2.BAD_CYLINDER: "the track is marked bad",
    St2.MISSING_DATA_MARK: "no data mark",
    St2.CONTROL_MARK: "deleted data mark",
}


@dataclass(frozen=True)
class Result:
    """The seven result bytes of a data command."""

    st0: St0
    st1: St1
    st2: St2
    cylinder: int
    head: int
    sector: int
    n: int

    @classmethod
    def of(cls, result: bytes) -> Result:
        """Take the result phase apart."""
        return cls(St0(result[0]), St1(result[1]), St2(result[2]), *result[3:7])

    @property
    def good(self) -> bool:
        """Whether the command ended normally."""
        return not self.st0 & St0.ENDED

    @property
    def stopped_at_end(self) -> bool:
        """Whether it ended only for want of a terminal count: all that was asked for was moved (PIO has no TC)."""
        ended = self.st0 & St0.ENDED == St0.ABNORMAL and not self.st0 & (St0.NOT_READY | St0.EQUIPMENT_CHECK)
        return bool(ended and self.st1 == St1.END_OF_CYLINDER and not self.st2)

    def words(self) -> str:
        """Return what went wrong, with the raw registers."""
        parts = [text for bit, text in _WORDS_1.items() if self.st1 & bit]
        parts += [text for bit, text in _WORDS_2.items() if self.st2 & bit]
        if self.st0 & St0.NOT_READY:
            parts.insert(0, "the drive is not ready")
        if self.st0 & St0.EQUIPMENT_CHECK:
            parts.insert(0, "the drive reports a fault")
        if self.st0 & St0.ENDED == St0.INVALID:
            parts.insert(0, "the controller does not know the command")
        raw = f"ST0={self.st0:02X}h ST1={self.st1:02X}h ST2={self.st2:02X}h"
        return f"{', '.join(parts) or 'ended abnormally'} ({raw})"

    def error(self, what: str) -> FloppyError:
        """Return the error to raise for `what`, of the type that tells whether trying again makes sense."""
        if self.st1 & St1.NOT_WRITABLE:
            return WriteProtectedError(f"{what}: {self.words()}: open the tab, or use another disk")
        if self.st0 & St0.NOT_READY:
            return NoDiskError(f"{what}: {self.words()}: put a disk in")
        return SectorError(f"{what}: {self.words()}")
