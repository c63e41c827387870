"""A SCSI host adapter of the AHA-1542's kind, and disks on image files."""

from isadma_sim.devices.scsi.adapter import HostAdapter
from isadma_sim.devices.scsi.disk import ScsiDisk
from isadma_sim.devices.scsi.regs import BASE, DMA, IRQ

__all__ = ["BASE", "DMA", "IRQ", "HostAdapter", "ScsiDisk"]
