"""What the commands set in the controller, what each kind of reset leaves of it, and the times that follow.

# Ref: Intel 82077AA, order 290166, sections 3 (reset), 5.2.6 (SPECIFY, table 5-10), 5.2.7 (CONFIGURE), 5.2.9
#      (PERPENDICULAR MODE), 5.2.10 (LOCK).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from isadma_sim.devices.floppy import regs


@dataclass
class Registers:
    """The controller's internal registers.

    Attributes
    ----------
    pcn : list of int
        Cylinder number of each of the four drives, as far as the controller knows.
    eot : int
        Sectors: EOT of the last transfer, SC of the last format.
    rate_bits : int
        Data rate select, bits 1-0 of CCR and DSR.
    """

    pcn: list[int] = field(default_factory=lambda: [0] * regs.UNITS)
    srt_hut: int = 0
    hlt_nd: int = 0
    eot: int = 0
    config: int = int(regs.Config.NO_FIFO)
    pretrk: int = 0
    lock: bool = False
    perpendicular: int = 0
    rate_bits: int = regs.DEFAULT_RATE

    def software_reset(self) -> None:
        """Reset by DOR or DSR: SPECIFY's times, the rate and the locked parameters stay."""
        self.pcn = [0] * regs.UNITS
        self.eot = 0
        self.perpendicular &= ~int(regs.Perpendicular.GAP | regs.Perpendicular.WGATE)
        if self.lock:
            self.config &= int(regs.Config.NO_FIFO | regs.Config.FIFO_THRESHOLD)
        else:
            self.config = int(regs.Config.NO_FIFO)
            self.pretrk = 0

    # What the registers mean

    @property
    def rate(self) -> int:
        """Data rate in bit/s, MFM."""
        return regs.RATES[self.rate_bits]

    @property
    def non_dma(self) -> bool:
        """Whether the processor moves the data."""
        return bool(self.hlt_nd & regs.SPECIFY_ND)

    @property
    def polling(self) -> bool:
        """Whether the drives are polled, which ends every reset with an interrupt."""
        return not self.config & regs.Config.NO_POLLING

    @property
    def implied_seek(self) -> bool:
        """Whether reads and writes seek by themselves."""
        return bool(self.config & regs.Config.IMPLIED_SEEK)

    @property
    def fifo(self) -> tuple[int, int]:
        """Depth and threshold of the FIFO, bytes; one byte when it is off."""
        if self.config & regs.Config.NO_FIFO:
            return 1, 1
        return regs.FIFO_DEPTH, (self.config & regs.Config.FIFO_THRESHOLD) + 1

    def _clocks(self, half_ms: int, hz: int) -> int:
        """Clocks of so many half milliseconds at 1 Mbit/s; slower rates stretch them."""
        return half_ms * hz * 500 // self.rate

    def step_clocks(self, hz: int) -> int:
        """Clocks from step to step: 8 ms less 0.5 ms for each count, at 1 Mbit/s."""
        return self._clocks(16 - (self.srt_hut >> regs.SPECIFY_SRT_SHIFT), hz)

    def unload_clocks(self, hz: int) -> int:
        """Clocks until the head unloads after a command: 8 ms a count at 1 Mbit/s, 0 meaning 16."""
        return self._clocks(((self.srt_hut & regs.SPECIFY_HUT) or 16) * 16, hz)

    def load_clocks(self, hz: int) -> int:
        """Clocks the head takes to load: 1 ms a count at 1 Mbit/s, 0 meaning 128."""
        return self._clocks(((self.hlt_nd >> regs.SPECIFY_HLT_SHIFT) or 128) * 2, hz)

    def dump(self) -> list[int]:
        """Return the ten bytes of DUMPREG."""
        lock = regs.LOCK_SHOWN_DUMPREG if self.lock else 0
        return [*self.pcn, self.srt_hut, self.hlt_nd, self.eot, lock | self.perpendicular, self.config, self.pretrk]
