"""SCAN EQUAL, SCAN LOW OR EQUAL, SCAN HIGH OR EQUAL: compare the disk with the host's bytes (uPD765A).

# Ref: NEC uPD765A/B data sheet, 'Scan Commands' and its table of SN and SH.
"""

from __future__ import annotations

from collections.abc import Sequence

from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import Code, St0, St2
from isadma_sim.devices.floppy.track import Sector
from isadma_sim.devices.floppy.write import Write

#: A host byte that any disk byte equals.
_ANY = 0xFF


class Scan(Write):
    """One of the three scans: takes the host's bytes as a write does, and leaves the disk alone.

    Sectors R, R + STP, ... up to EOT are compared; the first that meets the condition ends the command.
    """

    writes = False
    needs_tc = False

    def __init__(self, fdc: Fdc, command: Sequence[int]) -> None:
        super().__init__(fdc, command)
        self.code = command[0] & 0x1F
        self.step = max(self.dtl, 1)
        self.met = False

    @property
    def length(self) -> int:
        """All bytes of a sector: the last parameter is the step here."""
        return self.sector.size

    def _found(self, sector: Sector) -> None:
        self.sector = sector
        super()._found(sector)

    def store(self, data: bytes) -> None:
        """Compare instead of writing."""
        sent = self._data
        disk = self.image.read(self.sector)
        pairs = [(d, h) for d, h in zip(disk, sent, strict=False) if h != _ANY]
        self.st2 &= ~(St2.SCAN_EQUAL_HIT | St2.SCAN_NOT_SATISFIED)
        equal = all(d == h for d, h in pairs)
        low = all(d <= h for d, h in pairs)
        high = all(d >= h for d, h in pairs)
        self.met = equal or (self.code == Code.SCAN_LOW_OR_EQUAL and low)
        self.met = self.met or (self.code == Code.SCAN_HIGH_OR_EQUAL and high)
        if equal:
            self.st2 |= St2.SCAN_EQUAL_HIT
        elif not self.met:
            self.st2 |= St2.SCAN_NOT_SATISFIED

    @property
    def at_end(self) -> bool:
        """Whether another step would pass EOT."""
        return self.met or (self.r + self.step > self.eot and not (self.mt and self.head == 0))

    def advance(self) -> None:
        """Count on by the step."""
        if self.r + self.step <= self.eot:
            self.r += self.step
            return
        self.r = self.eot
        super().advance()

    def ran_out(self) -> None:
        """Condition met or all sectors compared: a normal end either way."""
        self.finish(St0(0))
