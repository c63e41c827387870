"""The modem lines: four inputs with their change bits, which loopback ties to the four outputs.

# Ref: National Semiconductor PC16550D data sheet, June 1995, sections 8.6 (MCR) and 8.7 (MSR).
"""

from __future__ import annotations

from isadma_sim.devices.serial import regs
from isadma_sim.devices.serial.regs import Mcr, Msr

#: Each input, the output that drives it in loopback, and its change bit.
_LINES = (
    (Msr.CTS, Mcr.RTS, Msr.CTS_CHANGED),
    (Msr.DSR, Mcr.DTR, Msr.DSR_CHANGED),
    (Msr.RI, Mcr.OUT1, Msr.RI_ENDED),
    (Msr.DCD, Mcr.OUT2, Msr.DCD_CHANGED),
)


class Modem:
    """The modem status register.

    Attributes
    ----------
    pins : Msr
        Levels of the four inputs from outside.
    """

    def __init__(self) -> None:
        self.pins = Msr(0)
        self._status = Msr(0)

    def reset(self) -> None:
        """Forget all changes."""
        self._status = self.pins

    @property
    def changed(self) -> bool:
        """Whether a change bit is set."""
        return bool(self._status & regs.MSR_DELTAS)

    def update(self, mcr: int) -> None:
        """Take over the inputs, or in loopback the outputs, and note what changed."""
        new = self.pins
        if mcr & Mcr.LOOP:
            new = Msr(sum(int(line) for line, output, _ in _LINES if mcr & output))
        for line, _, delta in _LINES:
            # RI tells its trailing edge only.
            if (self._status ^ new) & line and not (line == Msr.RI and new & line):
                self._status |= delta
        self._status = self._status & regs.MSR_DELTAS | new

    def read(self) -> int:
        """Return the register, and clear the change bits."""
        status = int(self._status)
        self._status &= ~regs.MSR_DELTAS
        return status
