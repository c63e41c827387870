"""The floppy disk controller of the PC/AT, its drives and its disk images."""

from isadma_sim.devices.floppy.controller import FloppyController
from isadma_sim.devices.floppy.drive import Drive
from isadma_sim.devices.floppy.geometry import Geometry
from isadma_sim.devices.floppy.image import Image
from isadma_sim.devices.floppy.regs import DMA, IRQ, PORTS
from isadma_sim.devices.floppy.track import Sector

__all__ = ["DMA", "IRQ", "PORTS", "Drive", "FloppyController", "Geometry", "Image", "Sector"]
