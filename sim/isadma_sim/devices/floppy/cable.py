"""The cable between controller and drives: selection, motors, and the signals of the selected drive.

# Ref: Intel 82077AA, order 290166, section 2.1.3 (DOR); IBM PC AT Technical Reference, diskette adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from isadma_sim.devices.floppy import regs
from isadma_sim.devices.floppy.drive import SPIN_UP_MS, Drive
from isadma_sim.devices.floppy.image import Image
from isadma_sim.devices.floppy.regs import Dor
from isadma_sim.machine.checks import as_kind, one_of
from isadma_sim.machine.device import Device

_MOTORS = (Dor.MOTOR0, Dor.MOTOR1, Dor.MOTOR2, Dor.MOTOR3)


class Cable:
    """Up to four drives, one of them selected.

    Parameters
    ----------
    device : Device
        The controller, whose lines tell the time.
    drives : iterable of Drive, Image or None
        The units from 0 on; an image gets the drive it was made for.
    instant : bool
        Whether motors are at speed at once.
    disturbed : callable
        Called when what the selected drive shows has changed: another drive, disk, or motor state.
    """

    def __init__(
        self,
        device: Device,
        drives: Iterable[Drive | Image | None],
        *,
        instant: bool,
        disturbed: Callable[[], None],
    ) -> None:
        text = "drive {}: give drives or disks, or None where there is none"
        wanted = list(as_kind(text, drives, Iterable))
        if len(wanted) > regs.UNITS:
            raise ValueError(f"{len(wanted)} drives on one floppy controller: {regs.UNITS} at most")
        fitted = [
            Drive.for_image(drive) if isinstance(drive, Image) else as_kind(text, drive, (Drive, type(None)))
            for drive in wanted
        ]
        self.drives: list[Drive | None] = fitted + [None] * (regs.UNITS - len(fitted))
        self._device = device
        self._instant = instant
        self._disturbed = disturbed
        self.unit = 0
        self._scene = self._look()
        for drive in fitted:
            if drive is not None:
                drive.on_change = self.refresh

    def close(self) -> None:
        """Close the image files that the drives opened."""
        for drive in self.drives:
            if drive is not None:
                drive.close()

    def at(self, unit: int) -> Drive:
        """Return drive `unit`; ValueError names the units there are."""
        there = [number for number, each in enumerate(self.drives) if each is not None]
        way_out = ", ".join(map(str, there)) or "FloppyController(drives=[...])"
        drive = self.drives[one_of(f"no floppy drive {{}}: use {way_out}", unit, there)]
        assert drive is not None
        return drive

    @property
    def selected(self) -> Drive | None:
        """The selected drive, None where none is connected."""
        return self.drives[self.unit]

    @property
    def changed(self) -> bool:
        """The disk change line."""
        return self.selected is not None and self.selected.changed

    @property
    def track0(self) -> bool:
        """The TRK0 line; silent without a drive."""
        return self.selected is not None and self.selected.track0

    @property
    def write_protected(self) -> bool:
        """The WP line."""
        return self.selected is None or self.selected.write_protected

    def step(self, inward: bool) -> None:
        """Pulse STEP."""
        if self.selected is not None:
            self.selected.step(inward)

    def ready(self, unit: int) -> bool:
        """Whether a unit's disk turns at speed."""
        drive = self.drives[unit]
        return drive is not None and drive.turning(self._device.lines.clock)

    def drive_lines(self, dor: int) -> None:
        """Select a drive and switch the motors as DOR says."""
        self.unit = dor & Dor.SELECT
        start = 0 if self._instant else SPIN_UP_MS * self._device.lines.clock_hz // 1000
        for drive, bit in zip(self.drives, _MOTORS, strict=True):
            if drive is not None and drive.motor != bool(dor & bit):
                at_speed = self._device.lines.clock + start
                drive.switch_motor(bool(dor & bit), at_speed)
        self.refresh()

    def refresh(self) -> None:
        """Compare what the selected drive shows with what it showed before."""
        scene, self._scene = self._scene, self._look()
        if any(before is not now for before, now in zip(scene, self._scene, strict=True)):
            self._disturbed()

    def _look(self) -> tuple[object, ...]:
        drive = self.selected
        return (drive, drive and drive.image, drive and drive.motor)
