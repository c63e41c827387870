"""The floppy disk controller: ports, phases, interrupts, reset.

# Ref: Intel 82077AA, order 290166, sections 2.1 (registers), 3 (reset), 4 (phases), 5.2.4 (SENSE INTERRUPT STATUS),
#      7.4 (drive polling), 8 (programming guidelines); IBM PC AT Technical Reference, diskette adapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.cable import Cable
from isadma_sim.devices.floppy.drive import SPIN_UP_MS, Disk, Drive
from isadma_sim.devices.floppy.host import Host
from isadma_sim.devices.floppy.image import Image
from isadma_sim.devices.floppy.interrupts import Attention
from isadma_sim.devices.floppy.phases import Phase, Phases
from isadma_sim.devices.floppy.registers import Registers
from isadma_sim.devices.floppy.regs import Dor, Dsr, Port, Speed, Variant
from isadma_sim.devices.floppy.schedule import Schedule
from isadma_sim.machine.checks import one_of
from isadma_sim.machine.device import Device

#: From the end of reset until the drives are polled and the interrupt comes, microseconds at 1 Mbit/s.
_POLL_US: Final = 63


class FloppyController(Device):
    """An 82077AA in PC/AT mode, or a uPD765A with the AT's DOR, DIR and CCR around it, and up to four drives.

    Parameters
    ----------
    drives : iterable
        For each of the units 0 to 3 a `Drive`, an `Image` (its drive is made to fit), or None.
    speed : str
        "real": rotation, steps, head loading, motor start and data rate take their time, and a host that is late
        gets an overrun. "full": none of them takes any, and the next byte is there as soon as the last is taken.
    variant : str
        "82077AA" (READY tied true, as on every PC: without a disk a command waits for ever) or "uPD765A" (READY
        wired to the drives, SCAN, none of the enhanced commands).

    Raises
    ------
    ValueError
        For another speed or variant, or more than four drives.

    Notes
    -----
    Attach with DMA channel `regs.DMA` (2) and interrupt `regs.IRQ` (6). RQM answers at once between the bytes of
    command and result, where the chip takes some microseconds. DRQ and INT reach the bus only while DOR bit 3 is set.
    """

    name = "floppy"
    ports = tuple(int(port) for port in regs.PORTS)

    def __init__(
        self,
        drives: Iterable[Drive | Image | None] = (),
        *,
        speed: Speed = "real",
        variant: Variant = "82077AA",
    ) -> None:
        one_of(f"no floppy speed {{}}: use {' or '.join(get_args(Speed))}", speed, get_args(Speed))
        one_of(f"no floppy controller {{}}: use {' or '.join(get_args(Variant))}", variant, get_args(Variant))
        self.instant = speed == "full"
        self.variant: Variant = variant
        self.ready_wired = variant == "uPD765A"
        self.registers = Registers()
        self.cable = Cable(self, drives, instant=self.instant, disturbed=self._disturbed)
        self.host = Host(self._update_lines)
        self._schedule = Schedule(self, instant=self.instant)
        self._motors = Schedule(self, instant=self.instant)
        self._dor = 0
        # Whether DOR lets DRQ, DACK#, TC and INT through; asked for with every byte.
        self._gate = False
        self._tdr = 0
        self._phases = Phases(self)
        self.attention = Attention(lambda: self.interrupt(True))
        self._interrupt = False
        self._counted = False
        self._loaded_until = -1
        self._irq = self._dreq = False

    @property
    def drives(self) -> list[Drive | None]:
        """The four units."""
        return self.cable.drives

    def insert(self, disk: Disk, drive: int = 0, *, write_protected: bool = False) -> None:
        """Put a disk, or its image file, into drive 0 to 3; ValueError: no such drive, not empty, or no fit."""
        self.cable.at(drive).insert(disk, write_protected=write_protected)

    def eject(self, drive: int = 0) -> Image | None:
        """Take the disk out of drive 0 to 3 and return it, a file closed; ValueError when there is no such drive."""
        return self.cable.at(drive).eject()

    def close(self) -> None:
        """Let go of the image files that `insert` opened."""
        self.cable.close()

    # What commands ask about the drives

    @property
    def hz(self) -> int:
        """Clocks a second."""
        return self.lines.clock_hz

    @property
    def selected(self) -> Drive | None:
        """The drive DOR selects."""
        return self.cable.selected

    @property
    def not_ready(self) -> bool:
        """Whether READY is wired, and the selected drive's is false."""
        return self.ready_wired and not self.cable.ready(self.cable.unit)

    @property
    def moves_blocks(self) -> bool:
        """Whether a field can go to the DMA channel at once: no mechanics, DMA mode, and the gate open."""
        return self.instant and not self.registers.non_dma and self._gate

    def load_head(self) -> int:
        """Load the head, and return the clocks that takes: none while it is loaded still."""
        return 0 if self.lines.clock <= self._loaded_until else self.registers.load_clocks(self.hz)

    def _disturbed(self) -> None:
        """Tell a command that the disk it waits for has changed, and poll."""
        if self._phases.execution is not None:
            self._phases.execution.disturbed()
        self._poll()

    def _ready(self) -> list[bool]:
        return [self.cable.ready(unit) for unit in range(regs.UNITS)]

    def _poll(self) -> None:
        """Poll the drives where READY is wired, which the controller does while it waits for a command."""
        if self.ready_wired and self._phases.phase in (Phase.COMMAND, Phase.RESULT):
            self.attention.polled(self._ready())

    # Reset

    def reset(self) -> None:
        """Bus RESET: everything to its default; DOR is zero, so software must end the reset there."""
        self.registers = Registers()
        self._tdr = 0
        self._dor = 0
        self._gate = False
        self._enter_reset()
        self.cable.drive_lines(0)

    def _enter_reset(self) -> None:
        """Drop everything, as DOR bit 2 low and DSR bit 7 do."""
        self._phases.reset()
        self.attention.clear()
        self._schedule.clear()
        self.host.stop()
        self._counted = False
        self._loaded_until = -1
        self.interrupt(False)
        self.registers.software_reset()

    def _leave_reset(self) -> None:
        """Come up; with polling, every drive's status change makes one interrupt."""
        self._phases.phase = Phase.COMMAND
        if self.registers.polling:
            clocks = _POLL_US * self.hz // self.registers.rate
            self._schedule.after(clocks, lambda: self.attention.after_reset(self._ready()))

    # Ports

    def io_read(self, port: int) -> int:
        """Read a register."""
        if port == Port.DOR:
            return self._dor
        if port == Port.TDR:
            return regs.TDR_FLOATING | self._tdr
        if port == Port.MSR:
            return self._phases.status()
        if port == Port.FIFO:
            return self._phases.read()
        if port == Port.DIR:
            return regs.DIR_FLOATING | (regs.DIR_CHANGED if self.cable.changed else 0)
        return regs.FLOATING

    def io_write(self, port: int, value: int) -> None:
        """Write a register."""
        if port == Port.DOR:
            self._write_dor(value)
        elif port == Port.TDR:
            self._tdr = value & regs.TDR_SELECT
        elif port == Port.DSR:
            self._write_dsr(value)
        elif port == Port.FIFO:
            self._phases.write(value)
        elif port == Port.CCR:
            self.registers.rate_bits = value & Dsr.RATE

    def _write_dor(self, value: int) -> None:
        before, self._dor = self._dor, value
        self._gate = bool(value & Dor.DMA_GATE)
        if not self._gate and self._phases.execution is not None:
            self._phases.execution.gate_closed()
        if not value & Dor.NOT_RESET:
            self._enter_reset()
        self.cable.drive_lines(value)
        if value & ~before & Dor.NOT_RESET:
            self._leave_reset()
        if self.ready_wired:
            # READY comes when the motor is at speed, whatever resets there are until then.
            self._motors.after(self.hz * SPIN_UP_MS // 1000, self._poll)
        self._update_lines()

    def _write_dsr(self, value: int) -> None:
        self.registers.rate_bits = value & Dsr.RATE
        if value & Dsr.RESET and self._dor & Dor.NOT_RESET:
            self._enter_reset()
            self._leave_reset()

    # What commands tell

    def result(self, results: Sequence[int]) -> None:
        """Enter the result phase of a command with an execution phase; it interrupts."""
        self._counted = False
        self._loaded_until = self.lines.clock + self.registers.unload_clocks(self.hz)
        self._phases.result(results)

    def take_status(self) -> int | None:
        """Lower the interrupt line, and return ST0 of the next interrupt; None without any."""
        self.interrupt(False)
        return self.attention.take()

    def open_host(self, *, to_host: bool) -> None:
        """Begin moving data between disk and host."""
        depth, threshold = self.registers.fifo
        self.host.start(to_host=to_host, depth=depth, threshold=threshold)

    def dma_read(self) -> int:
        """Hand a byte to the DMA controller."""
        return self.host.take() if self._serves else regs.FLOATING

    def dma_write(self, value: int) -> None:
        """Take a byte from the DMA controller."""
        if self._serves:
            self.host.give(value)
            self._phases.serviced()
        else:
            self.host.dropped += 1

    @property
    def _serves(self) -> bool:
        """Whether a DMA cycle is the controller's: the gate is open, or was when it asked."""
        return self._gate or self.host.owed.cycle

    @property
    def dropped(self) -> int:
        """Bytes that came by DMA and went nowhere: a reset or an error had ended the command meanwhile."""
        return self.host.dropped

    def tc(self) -> None:
        """Terminal count: it takes effect when this service ends."""
        self._counted = self._serves and self.host.acknowledged

    def dack(self, active: bool) -> None:
        """Note that a service begins or ends; one without a strobe (verify) counts as well."""
        if active and not (self._serves and self.host.open):
            return
        self.host.dack(active)
        if active:
            return
        self.host.owed.service_over(self._dreq)
        counted, self._counted = self._counted, False
        if counted and self._phases.execution is not None and self.host.open:
            self._phases.execution.terminal_count()
        else:
            self._phases.serviced()

    # Lines

    def interrupt(self, level: bool) -> None:
        """Set or clear the interrupt of a result or a status; data requests of non-DMA mode come on top."""
        self._interrupt = level
        self._update_lines()

    def _update_lines(self) -> None:
        """Drive INT and DRQ, which DOR bit 3 lets through."""
        executing = self._phases.phase is Phase.EXECUTION
        dma = not self.registers.non_dma
        irq = self._interrupt or (executing and not dma and self.host.wants(dma=False))
        dreq = executing and dma and self.host.wants(dma=True)
        irq, dreq = irq and self._gate, dreq and self._gate
        if irq != self._irq:
            self._irq = irq
            self.lines.irq(irq)
        if dreq != self._dreq:
            self._dreq = dreq
            self.host.owed.asked(dreq)
            self.lines.dreq(dreq)
