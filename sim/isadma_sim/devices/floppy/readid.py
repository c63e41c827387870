"""READ ID: report the first ID field that passes with a good CRC.

# Ref: Intel 82077AA, order 290166, section 5.2.1.
"""

from __future__ import annotations

from isadma_sim.devices.floppy.execution import Execution
from isadma_sim.devices.floppy.regs import St0, St1
from isadma_sim.devices.floppy.track import Sector


class ReadId(Execution):
    """READ ID."""

    _chrn = (0, 0, 0, 0)

    @property
    def chrn(self) -> tuple[int, int, int, int]:
        """The ID field found; zeros when there was none."""
        return self._chrn

    def execute(self) -> None:
        """Wait for an ID field."""
        self.search(lambda sector: not sector.id_error, self._found, self._lost)

    def _found(self, sector: Sector) -> None:
        self._chrn = sector.chrn
        self.finish()

    def _lost(self) -> None:
        """Two index pulses: no ID field at all, or none with a good CRC."""
        self.st1 |= St1.NO_DATA | St1.DATA_ERROR if self.sectors() else St1.MISSING_ADDRESS_MARK
        self.finish(St0.ABNORMAL)
