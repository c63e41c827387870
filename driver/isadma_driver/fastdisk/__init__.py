"""The driver of the fast disk."""

from isadma_driver.fastdisk.codes import FASTDISK_DMA, FASTDISK_IRQ
from isadma_driver.fastdisk.disk import FastDisk

__all__ = ["FASTDISK_DMA", "FASTDISK_IRQ", "FastDisk"]
