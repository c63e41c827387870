"""The three phases of a command: its bytes come, it executes, its result is read.

# Ref: Intel 82077AA, order 290166, sections 2.1.5 (main status register) and 4 (controller phases).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.control import CONTROLS
from isadma_sim.devices.floppy.execution import Execution
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.formatting import FormatTrack
from isadma_sim.devices.floppy.read import Read, ReadTrack, Verify
from isadma_sim.devices.floppy.readid import ReadId
from isadma_sim.devices.floppy.regs import Code, Msr, St0
from isadma_sim.devices.floppy.scan import Scan
from isadma_sim.devices.floppy.write import Write

_EXECUTIONS: Final[dict[Code, type[Execution]]] = {
    Code.READ_DATA: Read,
    Code.READ_DELETED_DATA: Read,
    Code.WRITE_DATA: Write,
    Code.WRITE_DELETED_DATA: Write,
    Code.READ_TRACK: ReadTrack,
    Code.VERIFY: Verify,
    Code.READ_ID: ReadId,
    Code.FORMAT_TRACK: FormatTrack,
    Code.SCAN_EQUAL: Scan,
    Code.SCAN_LOW_OR_EQUAL: Scan,
    Code.SCAN_HIGH_OR_EQUAL: Scan,
}


class Phase(Enum):
    """What the controller is about."""

    RESET = auto()
    COMMAND = auto()
    EXECUTION = auto()
    RESULT = auto()


class Phases:
    """The sequence of phases, behind the data register.

    Parameters
    ----------
    fdc : Fdc
        The controller.

    Attributes
    ----------
    phase : Phase
        Where it stands.
    execution : Execution or None
        The command in its execution phase.
    """

    def __init__(self, fdc: Fdc) -> None:
        self._fdc = fdc
        self._command: list[int] = []
        self._coding: regs.Coding | None = None
        self._results: deque[int] = deque()
        self.phase = Phase.RESET
        self.execution: Execution | None = None

    def reset(self) -> None:
        """Drop everything."""
        if self.execution is not None:
            self.execution.stop()
        self.execution = None
        self._command.clear()
        self._results.clear()
        self.phase = Phase.RESET

    @property
    def in_pio(self) -> bool:
        """Whether the processor is to move data through the data register."""
        return self.phase is Phase.EXECUTION and self._fdc.registers.non_dma and self._fdc.host.open

    def status(self) -> int:
        """Return the main status register."""
        if self.phase is Phase.RESET:
            return 0
        msr = Msr(self._fdc.attention.busy)
        if self.phase is Phase.EXECUTION:
            msr |= Msr.BUSY
            if self._fdc.host.open and self._fdc.host.to_host:
                msr |= Msr.TO_HOST
            if self.in_pio:
                msr |= Msr.NON_DMA | (Msr.REQUEST if self._fdc.host.wants(dma=False) else Msr(0))
        elif self.phase is Phase.RESULT:
            msr |= Msr.BUSY | Msr.TO_HOST | Msr.REQUEST
        else:
            msr |= Msr.REQUEST | (Msr.BUSY if self._command else Msr(0))
        return int(msr)

    def read(self) -> int:
        """Read the data register."""
        if self.phase is Phase.RESULT:
            self._fdc.interrupt(False)
            value = self._results.popleft()
            if not self._results:
                self.phase = Phase.COMMAND
                # A seek that ended meanwhile still wants to be sensed.
                self._fdc.interrupt(self._fdc.attention.seek_ended)
            return value
        if self.in_pio:
            value = self._fdc.host.take()
            self.serviced()
            return value
        return regs.FLOATING

    def write(self, value: int) -> None:
        """Write the data register."""
        if self.phase is Phase.COMMAND:
            self._command_byte(value)
        elif self.in_pio:
            self._fdc.host.give(value)
            self.serviced()

    def serviced(self) -> None:
        """Tell the command that the host has moved something."""
        if self.execution is not None and self._fdc.host.open:
            self.execution.serviced()

    def _command_byte(self, value: int) -> None:
        if not self._command:
            self._coding = regs.decode(value, self._fdc.variant)
        self._command.append(value)
        if self._coding is None:
            self._end([int(St0.INVALID)])
        elif len(self._command) > self._coding.parameters:
            self._run(self._coding.code)

    def _run(self, code: Code) -> None:
        if code in CONTROLS:
            self._end(CONTROLS[code](self._fdc, self._command))
            return
        self.phase = Phase.EXECUTION
        self.execution = _EXECUTIONS[code](self._fdc, self._command)
        self._command = []
        self.execution.schedule.after(1, self.execution.begin)

    def _end(self, results: Sequence[int]) -> None:
        """Go to the result phase of a command that gives no interrupt, or to the next command."""
        self._command = []
        self._results.extend(results)
        self.phase = Phase.RESULT if results else Phase.COMMAND

    def result(self, results: Sequence[int]) -> None:
        """Enter the result phase of a command with an execution phase; it interrupts."""
        self.execution = None
        self._results.extend(results)
        self.phase = Phase.RESULT
        self._fdc.interrupt(True)
