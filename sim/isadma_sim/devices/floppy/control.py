"""The commands without an execution phase: they set or show registers, or start a seek.

# Ref: Intel 82077AA, order 290166, section 5.2; NEC uPD765A (ST3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from isadma_sim.devices.floppy import regs, seek
from isadma_sim.devices.floppy.fdc import Fdc
from isadma_sim.devices.floppy.regs import Code, Option, Perpendicular, St0, St3, Unit

#: A command that is done at once: takes its bytes, returns its result bytes.
Control = Callable[[Fdc, Sequence[int]], list[int]]


def _specify(fdc: Fdc, command: Sequence[int]) -> list[int]:
    _, fdc.registers.srt_hut, fdc.registers.hlt_nd = command
    return []


def _sense_drive_status(fdc: Fdc, command: Sequence[int]) -> list[int]:
    st3 = command[1] & int(St3.DRIVE | St3.HEAD)
    drive = fdc.selected
    if fdc.cable.write_protected:
        st3 |= St3.WRITE_PROTECTED
    if fdc.cable.track0:
        st3 |= St3.TRACK0
    if not fdc.ready_wired:
        return [st3 | St3.READY | St3.TWO_SIDE]
    if not fdc.not_ready:
        st3 |= St3.READY
    if drive is not None and drive.image is not None and drive.image.geometry.heads > 1:
        st3 |= St3.TWO_SIDE
    return [st3]


def _sense_interrupt_status(fdc: Fdc, command: Sequence[int]) -> list[int]:
    status = fdc.take_status()
    if status is None:
        return [int(St0.INVALID)]
    return [status, fdc.registers.pcn[status & St0.DRIVE]]


def _recalibrate(fdc: Fdc, command: Sequence[int]) -> list[int]:
    unit = command[1] & Unit.DRIVE
    fdc.attention.begin(unit, seek.recalibrate(fdc, unit))
    return []


def _seek(fdc: Fdc, command: Sequence[int]) -> list[int]:
    unit = command[1] & Unit.DRIVE
    fdc.attention.begin(unit, seek.seek(fdc, unit, command[2]))
    return []


def _relative_seek(fdc: Fdc, command: Sequence[int]) -> list[int]:
    unit = command[1] & Unit.DRIVE
    inward = bool(command[0] & Option.INWARD)
    fdc.attention.begin(unit, seek.relative_seek(fdc, unit, command[2], inward=inward))
    return []


def _version(fdc: Fdc, command: Sequence[int]) -> list[int]:
    return [regs.VERSION_ENHANCED]


def _configure(fdc: Fdc, command: Sequence[int]) -> list[int]:
    config = regs.Config.FIFO_THRESHOLD | regs.Config.NO_POLLING | regs.Config.NO_FIFO | regs.Config.IMPLIED_SEEK
    fdc.registers.config = command[2] & int(config)
    fdc.registers.pretrk = command[3]
    return []


def _dumpreg(fdc: Fdc, command: Sequence[int]) -> list[int]:
    return fdc.registers.dump()


def _perpendicular_mode(fdc: Fdc, command: Sequence[int]) -> list[int]:
    kept = 0 if command[1] & Perpendicular.OVERWRITE else fdc.registers.perpendicular & Perpendicular.DRIVES
    taken = Perpendicular.GAP | Perpendicular.WGATE
    if command[1] & Perpendicular.OVERWRITE:
        taken |= Perpendicular.DRIVES
    fdc.registers.perpendicular = int(kept | (command[1] & taken))
    return []


def _lock(fdc: Fdc, command: Sequence[int]) -> list[int]:
    fdc.registers.lock = bool(command[0] & Option.LOCK)
    return [regs.LOCK_SHOWN if fdc.registers.lock else 0]


CONTROLS: Final[dict[Code, Control]] = {
    Code.SPECIFY: _specify,
    Code.SENSE_DRIVE_STATUS: _sense_drive_status,
    Code.SENSE_INTERRUPT_STATUS: _sense_interrupt_status,
    Code.RECALIBRATE: _recalibrate,
    Code.SEEK: _seek,
    Code.RELATIVE_SEEK: _relative_seek,
    Code.VERSION: _version,
    Code.CONFIGURE: _configure,
    Code.DUMPREG: _dumpreg,
    Code.PERPENDICULAR_MODE: _perpendicular_mode,
    Code.LOCK: _lock,
}
