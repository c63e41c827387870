"""One floppy drive on its controller: bring it to the cylinder, run a command, and try again when that fails."""

# Ref: Linux 6.1 drivers/block/floppy.c (behaviour only): recalibrate and reset between tries.

from __future__ import annotations

from isadma_driver.errors import FloppyError, NoDiskError, SectorError
from isadma_driver.floppy.codes import St3
from isadma_driver.floppy.controller import FloppyController
from isadma_driver.floppy.formats import Format
from isadma_driver.floppy.status import Result
from isadma_driver.floppy.transfer import DmaPhase, PioPhase
from isadma_driver.ports import Mode

#: Tries of one command: before each of `REPOSITION` the head is recalibrated, before `RESET` the controller reset.
TRIES, REPOSITION, RESET = 6, (2, 4), (4,)


class Unit:
    """One drive.

    Parameters
    ----------
    fdc : FloppyController
        Its controller.
    phase : DmaPhase or PioPhase
        How data moves.
    drive : int
        0 to 3.
    format : Format
        Of the disk.

    Attributes
    ----------
    retries : int
        Commands repeated so far.
    """

    def __init__(self, fdc: FloppyController, phase: DmaPhase | PioPhase, drive: int, format: Format) -> None:
        self._fdc = fdc
        self._phase = phase
        self.drive = drive
        self.format = format
        self.retries = 0
        self._set_up = False
        self._at: int | None = None

    def run(
        self, command: tuple[int, ...], mode: Mode, address: int, length: int, *, cylinder: int, what: str
    ) -> Result:
        """Run a data command on a cylinder, and again when it fails: head moved anew, then controller reset.

        Parameters
        ----------
        command : tuple of int
            Its bytes.
        mode : Mode
            DMA mode byte.
        address, length : int
            Physical address and bytes of the data.
        cylinder : int
            Where the head must be.
        what : str
            What is being done, for errors.

        Raises
        ------
        FloppyError
            Write protected, no disk, or still failing at the last try.
        DmaTimeoutError
            Still no answer at the last try.
        """
        for attempt in range(TRIES):
            self._recover(attempt)
            try:
                self.prepare()
                self._move(cylinder)
                result = self._phase.run(self._fdc, command, mode, address, length, what)
            except NoDiskError:
                raise
            except (FloppyError, TimeoutError) as error:
                # The controller is somewhere inside a command: only a reset gets it out.
                self._set_up = False
                if attempt == TRIES - 1:
                    raise
                failure: Exception = error
                continue
            if result.good or (not self._phase.uses_dma and result.stopped_at_end):
                return result
            failure = result.error(what)
            if not isinstance(failure, SectorError):
                break
        raise failure

    def prepare(self) -> None:
        """Set the controller up, start the motor, and see that a disk is in.

        Raises
        ------
        NoDiskError
            There is none.
        DmaError
            No controller answers.
        """
        if not self._set_up:
            self._at = None
            self._fdc.reset()
            self._fdc.specify(self.format, dma=self._phase.uses_dma)
            self._set_up = True
        self._fdc.select(self.drive)
        if self._fdc.disk_changed():
            # Only a step clears the change line, and only with a disk in.
            self._fdc.recalibrate(self.drive)
            self._fdc.seek(self.drive, 1)
            self._fdc.recalibrate(self.drive)
            self._at = 0
            if self._fdc.disk_changed():
                raise NoDiskError(f"no disk in floppy drive {self.drive}: put one in")

    def write_protected(self) -> bool:
        """Return whether the disk in the drive is write protected."""
        self.prepare()
        return bool(self._fdc.drive_status(self.drive) & St3.WRITE_PROTECTED)

    def rest(self) -> None:
        """Switch the motor off."""
        if self._set_up:
            self._fdc.motors_off()

    def _move(self, cylinder: int) -> None:
        if self._at is None:
            self._fdc.recalibrate(self.drive)
            self._at = 0
        if self._at != cylinder:
            self._at = None
            self._fdc.seek(self.drive, cylinder * self.format.stretch)
            self._at = cylinder

    def _recover(self, attempt: int) -> None:
        self.retries += attempt > 0
        if attempt in REPOSITION:
            self._at = None
        if attempt in RESET:
            self._set_up = False
