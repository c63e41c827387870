"""A plain fast disk: data at a rate of one's choice, by DMA or by interrupts, with all that is lost counted."""

from isadma_sim.devices.fastdisk.disk import FastDisk
from isadma_sim.devices.fastdisk.regs import BASE, DMA, IRQ, SECTOR_BYTES

__all__ = ["BASE", "DMA", "IRQ", "SECTOR_BYTES", "FastDisk"]
