"""A floppy drive: motor, turning disk, head, and the signals it sends to the controller.

# Ref: TEAC FD-235HF / FD-55GFR specifications: motor start time, disk change and track 00 signals, step behaviour.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from isadma_sim.devices.floppy import geometry as formats
from isadma_sim.devices.floppy.geometry import DriveKind
from isadma_sim.devices.floppy.image import Image
from isadma_sim.devices.floppy.track import Sector
from isadma_sim.machine.checks import as_kind

#: What goes into a drive: a disk, or the path of its image file.
Disk = Image | str | os.PathLike[str]

#: Motor start time in milliseconds; drives promise 400 to 500.
SPIN_UP_MS: Final = 500


class Drive:
    """One drive, with or without a disk in it.

    Parameters
    ----------
    kind : str
        "360K", "720K", "1.2M", "1.44M" or "2.88M": its mechanics.
    image : Image or None
        The disk in it at power-up.

    Attributes
    ----------
    cylinder : int
        Where the head really stands, whatever the controller thinks.
    changed : bool
        The disk change signal: set by taking the disk out, and at power-up; cleared by a step with a disk in.
    """

    def __init__(self, kind: str = "1.44M", image: Image | None = None) -> None:
        self.kind: DriveKind = formats.drive_by_name(kind)
        self.image: Image | None = None
        self.cylinder = 0
        self.changed = True
        self.motor = False
        self.on_change: Callable[[], None] = lambda: None
        self._turning_from = 0
        self._opened: Image | None = None
        if image is not None:
            self.insert(image)

    @classmethod
    def for_image(cls, image: Image) -> Drive:
        """Make the drive an image's disk was made for, with the disk in it."""
        return cls(formats.drive_for(as_kind("image {}: give an Image", image, Image).geometry).name, image)

    def insert(self, disk: Disk, *, write_protected: bool = False) -> None:
        """Put a disk in, or an image file, which is opened here, and closed when the disk is taken out.

        The change signal stays as it is until the head steps, as on a real drive.

        Raises
        ------
        ValueError
            When the drive cannot read such a disk, or has a disk in it already.
        OSError
            When the file cannot be read.
        """
        if self.image is not None:
            raise ValueError(f"the {self.kind.name} drive has a disk in it: eject it first")
        image = disk if isinstance(disk, Image) else Image.open(disk, write_protected)
        try:
            self._check(image)
        except ValueError:
            if image is not disk:
                image.close()
            raise
        self._opened = None if image is disk else image
        self.image = image
        self.on_change()

    def _check(self, image: Image) -> None:
        if image.geometry.name not in self.kind.formats:
            takes = ", ".join(self.kind.formats)
            raise ValueError(
                f"a {image.geometry.name} disk does not go into a {self.kind.name} drive: it takes {takes}"
            )

    def eject(self) -> Image | None:
        """Take the disk out and return it, None when there was none; the change signal tells of it."""
        image, self.image = self.image, None
        self.changed = True
        self.on_change()
        self.close()
        return image

    def adopt(self) -> None:
        """Close the file of the disk that is in, too, when that is taken out."""
        self._opened = self.image

    def close(self) -> None:
        """Close the file that `insert` opened, or that was adopted."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    # The signals on its cable

    @property
    def track0(self) -> bool:
        """Whether the head stands on the outermost cylinder."""
        return self.cylinder == 0

    @property
    def write_protected(self) -> bool:
        """The write protect signal; an empty drive asserts it, too."""
        return self.image is None or self.image.write_protected

    def step(self, inward: bool) -> None:
        """Move the head one cylinder, as far as its stops; clears the change signal when a disk is in."""
        self.cylinder = min(max(self.cylinder + (1 if inward else -1), 0), self.kind.cylinders - 1)
        if self.image is not None:
            self.changed = False

    def switch_motor(self, on: bool, at_speed: int) -> None:
        """Switch the motor; when it goes on, the disk is at speed, index under the sensor, at clock `at_speed`."""
        if on and not self.motor:
            self._turning_from = at_speed
        self.motor = on

    def turning(self, now: int) -> bool:
        """Whether a disk turns at speed, so that index pulses come."""
        return self.motor and self.image is not None and now >= self._turning_from

    @property
    def turning_from(self) -> int:
        """Clock from which the disk turns at speed, if the motor is on."""
        return self._turning_from

    # The disk under the head

    def revolution(self, hz: int) -> int:
        """Return the clocks of one turn."""
        return hz * 60 // self.kind.rpm

    def index_before(self, now: int, hz: int) -> int:
        """Return the clock of the last index pulse up to `now`."""
        turn = self.revolution(hz)
        return now - (now - self._turning_from) % turn

    def bit_rate(self) -> int:
        """Return the MFM rate in bit/s at which the disk's bits pass the head, 0 without a disk."""
        if self.image is None:
            return 0
        known = self.image.geometry
        return known.kbps * 1000 * self.kind.rpm // known.rpm

    def track(self) -> int | None:
        """Return the disk's cylinder under the head, None between two of them."""
        if self.image is None:
            return None
        # A 40-track disk in an 80-track drive has its tracks under every second cylinder.
        pitch = max(self.kind.tracks // self.image.geometry.cylinders, 1)
        track, between = divmod(self.cylinder, pitch)
        return None if between else track

    def sectors(self, head: int, rate: int) -> list[Sector]:
        """Return what a controller that listens at `rate` bit/s makes out on the track under head `head`."""
        track = self.track()
        if self.image is None or track is None or rate != self.bit_rate():
            return []
        return self.image.track(track, head)
