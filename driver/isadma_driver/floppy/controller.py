"""The floppy controller as its driver sees it: bytes in, bytes out, and a time limit on every wait."""

# Ref: Intel 82077AA data sheet, order 290166, sections 2.1.5 (MSR), 3 (reset), 5 (commands), 5.2.4 (sense interrupt).

from __future__ import annotations

from collections.abc import Callable

from isadma_driver.errors import DmaTimeoutError, FloppyError, NoDiskError
from isadma_driver.floppy.codes import (
    CONFIGURE_BYTES,
    DIR_CHANGED,
    DRIVES,
    HEAD_SHIFT,
    PERPENDICULAR_OFF,
    PERPENDICULAR_ON,
    VERSION_ENHANCED,
    Code,
    Dor,
    Msr,
    St0,
    St3,
)
from isadma_driver.floppy.formats import RATE_CODES, Format
from isadma_driver.interrupts import InterruptLine
from isadma_driver.machines.machine import Machine
from isadma_driver.ports import Fdc

#: Time limits in seconds: one byte of the handshake, reset, a seek over all cylinders, the motor.
BYTE_SECONDS, RESET_SECONDS, SEEK_SECONDS, SPIN_UP_SECONDS = 0.1, 1.0, 3.0, 0.5
#: How long the reset bit is held (data sheet: 500 ns), and the head settles after a seek.
RESET_PULSE_SECONDS, SETTLE_SECONDS = 20e-6, 0.015
#: Step rate, head load and head unload times in milliseconds.
STEP_MS, LOAD_MS, UNLOAD_MS = 3, 16, 240
#: SPECIFY counts these units at 500 kbit/s: 1 ms a step (from 16 down), 2 ms head load, 16 ms head unload.
UNIT_KBPS, STEP_UNIT_MS, LOAD_UNIT_MS, UNLOAD_UNIT_MS = 500, 1, 2, 16


class FloppyController:
    """A µPD765A or 82077AA at 3F0h.

    Parameters
    ----------
    machine : Machine
        Where it is.
    line : InterruptLine
        Its interrupt.
    """

    def __init__(self, machine: Machine, line: InterruptLine) -> None:
        self._machine = machine
        self._line = line
        self._dor = Dor(0)
        self._selected = 0
        self.enhanced = False

    # Handshake ------------------------------------------------------------------------------------------------------

    def send(self, *command: int) -> None:
        """Write a command's bytes.

        Raises
        ------
        FloppyError
            The controller takes none: it wants to say something first, or is stuck.
        """
        for byte in command:
            self._ready(Msr.REQUEST, f"command {command[0]:02X}h")
            self._machine.outb(Fdc.FIFO, byte)

    def result(self, count: int) -> bytes:
        """Read `count` bytes of a result phase."""
        return bytes(self._result_byte() for _ in range(count))

    def status(self) -> Msr:
        """Return the main status register."""
        return Msr(self._machine.inb(Fdc.MSR) & (Msr.BUSY | Msr.NON_DMA | Msr.TO_HOST | Msr.REQUEST))

    def in_result_phase(self) -> bool:
        """Return whether a command has ended and its result waits."""
        return self.status() == Msr.REQUEST | Msr.TO_HOST | Msr.BUSY

    def wait(self, *, seconds: float, done: Callable[[], bool], what: str) -> None:
        """Wait for the interrupt, and ask the controller itself should it be lost; see `InterruptLine.wait`."""
        self._line.wait(seconds=seconds, done=done, what=what)

    # Control --------------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Reset the controller, fetch the four reports of its drive polling, and set it up.

        Raises
        ------
        DmaTimeoutError
            There is no controller, or it does not come back.
        """
        motors = self._dor & ~(Dor.NOT_RESET | Dor.DMA_GATE)
        self._write_dor(motors)
        self._machine.delay(RESET_PULSE_SECONDS)
        self._write_dor(motors | Dor.NOT_RESET | Dor.DMA_GATE)
        self.wait(
            seconds=RESET_SECONDS,
            done=lambda: self.status() == Msr.REQUEST,
            what="reset of the floppy controller at 3F0h",
        )
        for _ in range(DRIVES):
            self.sense_interrupt()
        self.send(Code.VERSION)
        self.enhanced = self.result(1)[0] == VERSION_ENHANCED
        if self.enhanced:
            self.send(Code.CONFIGURE, *CONFIGURE_BYTES)

    def select(self, drive: int) -> None:
        """Select a drive and switch its motor on; wait until it turns."""
        wanted = Dor.NOT_RESET | Dor.DMA_GATE | Dor.MOTOR_0 << drive
        if self._dor == wanted and self._selected == drive:
            return
        self._selected = drive
        self._write_dor(Dor(wanted))
        self._machine.delay(SPIN_UP_SECONDS)

    def motors_off(self) -> None:
        """Switch all motors off."""
        self._write_dor(self._dor & (Dor.NOT_RESET | Dor.DMA_GATE))

    def specify(self, format: Format, *, dma: bool) -> None:
        """Set data rate, drive times, recording mode, and whether data goes by DMA or through the processor."""
        self._machine.outb(Fdc.CCR, RATE_CODES[format.kbps])
        scale = format.kbps / UNIT_KBPS
        step = 16 - min(max(-(-STEP_MS * scale // STEP_UNIT_MS), 1), 16)
        unload = min(-(-UNLOAD_MS * scale // UNLOAD_UNIT_MS), 15)
        load = min(-(-LOAD_MS * scale // LOAD_UNIT_MS), 127)
        self.send(Code.SPECIFY, int(step) << 4 | int(unload), int(load) << 1 | (not dma))
        if self.enhanced:
            vertical = format.kbps == max(RATE_CODES)
            self.send(Code.PERPENDICULAR_MODE, PERPENDICULAR_ON if vertical else PERPENDICULAR_OFF)

    def disk_changed(self) -> bool:
        """Return the selected drive's change line: set until a step with a disk in."""
        return bool(self._machine.inb(Fdc.DIR) & DIR_CHANGED)

    # Commands without data ------------------------------------------------------------------------------------------

    def sense_interrupt(self) -> tuple[St0, int]:
        """Return ST0 and the present cylinder; `St0.INVALID` alone when there was nothing to report."""
        self.send(Code.SENSE_INTERRUPT_STATUS)
        st0 = St0(self._result_byte())
        if st0 & St0.ENDED == St0.INVALID:
            return St0.INVALID, 0
        return st0, self._result_byte()

    def drive_status(self, drive: int, head: int = 0) -> St3:
        """Return ST3 of a drive."""
        self.send(Code.SENSE_DRIVE_STATUS, head << HEAD_SHIFT | drive)
        return St3(self._result_byte())

    def recalibrate(self, drive: int) -> None:
        """Move a drive's head to track 0.

        Raises
        ------
        NoDiskError
            Track 0 was not found: no drive there.
        """
        # One command gives up after 77 or 80 steps, and a head may stand further in than that.
        for _ in range(2):
            self.send(Code.RECALIBRATE, drive)
            st0, _ = self._seek_end(f"recalibrate of drive {drive}")
            if not st0 & (St0.EQUIPMENT_CHECK | St0.ENDED):
                self._machine.delay(SETTLE_SECONDS)
                return
        raise NoDiskError(f"drive {drive} finds no track 0 (ST0={st0:02X}h): is there a drive?")

    def seek(self, drive: int, track: int) -> None:
        """Move a drive's head to a physical track.

        Raises
        ------
        FloppyError
            The controller counts itself elsewhere afterwards.
        """
        self.send(Code.SEEK, drive, track)
        st0, at = self._seek_end(f"seek of drive {drive} to track {track}")
        if at != track or st0 & (St0.ENDED | St0.EQUIPMENT_CHECK):
            raise FloppyError(f"seek of drive {drive} to track {track} ended on {at} (ST0={st0:02X}h)")
        self._machine.delay(SETTLE_SECONDS)

    # Below ----------------------------------------------------------------------------------------------------------

    def _seek_end(self, what: str) -> tuple[St0, int]:
        ended: list[tuple[St0, int]] = []

        def done() -> bool:
            if self.status() & (Msr.REQUEST | Msr.BUSY) != Msr.REQUEST:
                return False
            report = self.sense_interrupt()
            if report[0] & (St0.SEEK_END | St0.EQUIPMENT_CHECK):
                ended.append(report)
            return bool(ended)

        self.wait(seconds=SEEK_SECONDS, done=done, what=what)
        return ended[0]

    def _write_dor(self, value: Dor) -> None:
        self._dor = value
        self._machine.outb(Fdc.DOR, value | self._selected)

    def _result_byte(self) -> int:
        self._ready(Msr.REQUEST | Msr.TO_HOST, "result")
        return self._machine.inb(Fdc.FIFO)

    def _ready(self, wanted: Msr, what: str) -> None:
        """Wait until the data register can be accessed in the direction wanted."""
        waited, pause = 0.0, 1e-6
        while (status := self.status()) & (Msr.REQUEST | Msr.TO_HOST) != wanted:
            if waited > BYTE_SECONDS:
                raise DmaTimeoutError(
                    f"floppy controller does not take part in {what}: MSR={status:02X}h for {BYTE_SECONDS:g} s"
                )
            self._machine.delay(pause)
            waited += pause
            pause = min(2 * pause, 1e-3)
