"""The data phase of a floppy command: by DMA, or byte by byte through the processor."""

# Ref: Intel 82077AA data sheet, order 290166, sections 4.2 (execution phase) and 5.1 (READ DATA, WRITE DATA).

from __future__ import annotations

from isadma_driver.channels.ownership import Claim
from isadma_driver.channels.service import Dma
from isadma_driver.errors import DmaTimeoutError, FloppyError
from isadma_driver.floppy.codes import Msr
from isadma_driver.floppy.controller import FloppyController
from isadma_driver.floppy.status import Result
from isadma_driver.machines.machine import Machine
from isadma_driver.ports import Fdc, Mode

#: Time limit of one data command: two turns to find the first sector, and a cylinder's worth of turns.
COMMAND_SECONDS = 3.0
#: Result bytes of a data command.
RESULT_BYTES = 7
#: Looks at MSR between two bytes before the processor sleeps until the next interrupt, and for how long it sleeps.
SPINS, NAP_SECONDS = 8, 0.002


class DmaPhase:
    """Data by DMA.

    Parameters
    ----------
    dma : Dma
        The DMA core.
    claim : Claim
        The channel that the controller is wired to.
    """

    uses_dma = True

    def __init__(self, dma: Dma, claim: Claim) -> None:
        self._dma = dma
        self._claim = claim

    def run(
        self, fdc: FloppyController, command: tuple[int, ...], mode: Mode, address: int, length: int, what: str
    ) -> Result:
        """Send a command and let the channel move its data.

        Parameters
        ----------
        fdc : FloppyController
            Where the command goes.
        command : tuple of int
            Its bytes.
        mode : Mode
            DMA mode byte: device to memory, memory to device, or verify.
        address, length : int
            Physical address and bytes; the channel must be able to do it in one piece.
        what : str
            What is being done, for errors.

        Raises
        ------
        DmaTimeoutError
            Neither interrupt nor result came in time.
        FloppyError
            The controller says all is well, yet the channel has bytes left.
        """
        self._dma.start_dma(self._claim, address, length, mode)
        try:
            fdc.send(*command)
            fdc.wait(seconds=COMMAND_SECONDS, done=fdc.in_result_phase, what=what)
            result = Result.of(fdc.result(RESULT_BYTES))
            left = self._dma.get_dma_residue(self._claim)
        finally:
            self._dma.disable_dma(self._claim)
        if result.good and left:
            raise FloppyError(f"{what}: the controller is done, but {left} of {length} bytes did not move")
        return result


class PioPhase:
    """Data through the processor, for when there is no channel to be had. There is no terminal count then.

    Parameters
    ----------
    machine : Machine
        Where the data register and the memory are.
    """

    uses_dma = False

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def run(
        self, fdc: FloppyController, command: tuple[int, ...], mode: Mode, address: int, length: int, what: str
    ) -> Result:
        """Send a command and move its data byte by byte; parameters as in `DmaPhase.run`.

        Raises
        ------
        DmaTimeoutError
            The controller asked for nothing for too long.
        FloppyError
            It ended well with bytes left over.
        """
        to_memory = bool(mode & Mode.WRITE)
        verify = not mode & (Mode.WRITE | Mode.READ)
        data = bytearray(length) if to_memory or verify else bytearray(self._machine.memory[address : address + length])
        fdc.send(*command)
        moved = 0
        while self._next_byte(fdc, what):
            if moved == length:
                raise FloppyError(f"{what}: the controller wants more than {length} bytes")
            if to_memory or verify:
                data[moved] = self._machine.inb(Fdc.FIFO)
            else:
                self._machine.outb(Fdc.FIFO, data[moved])
            moved += 1
        if to_memory:
            self._machine.memory[address : address + moved] = bytes(data[:moved])
        result = Result.of(fdc.result(RESULT_BYTES))
        if (result.good or result.stopped_at_end) and moved != length:
            raise FloppyError(f"{what}: the controller is done, but {length - moved} of {length} bytes did not move")
        return result

    def _next_byte(self, fdc: FloppyController, what: str) -> bool:
        """Wait for the next byte; return False when the command has ended."""
        waited = 0.0
        while waited < COMMAND_SECONDS:
            for _ in range(SPINS):
                status = fdc.status()
                if status & Msr.REQUEST:
                    return bool(status & Msr.NON_DMA)
            try:
                # Every byte raises the interrupt, so this sleeps only while there is none.
                fdc.wait(seconds=NAP_SECONDS, done=lambda: bool(fdc.status() & Msr.REQUEST), what=what)
            except DmaTimeoutError:
                waited += NAP_SECONDS
        raise DmaTimeoutError(f"{what}: the controller asked for no byte for {COMMAND_SECONDS:g} s")
