"""The software: a driver that owns the DMA channels as an operating system would. Standard library only."""

from isadma_driver.board import AT, XT, Board
from isadma_driver.buffers import PhysicalBuffer, UserBuffer
from isadma_driver.channels import Channels, Claim, Kind, Wiring
from isadma_driver.devport import DevPort
from isadma_driver.dma import Dma, Phase
from isadma_driver.errors import DmaError
from isadma_driver.ethernet import EtherLinkDriver
from isadma_driver.floppy import Floppy
from isadma_driver.interrupts import Interrupts
from isadma_driver.kernel import Kernel
from isadma_driver.machine import Machine, SharedMachine
from isadma_driver.mapping import Bounce, Direction, Mapping
from isadma_driver.modem import Modem
from isadma_driver.pages import Block, PhysicalMemory
from isadma_driver.ports import (
    DMA_AUTOINIT,
    DMA_MODE_CASCADE,
    DMA_MODE_READ,
    DMA_MODE_VERIFY,
    DMA_MODE_WRITE,
)
from isadma_driver.recording import RecordingMachine
from isadma_driver.scsi import ScsiDriver
from isadma_driver.sound import SoundDriver
from isadma_driver.space import AddressSpace
from isadma_driver.transfer import State, Transfer

__all__ = [
    "AT",
    "DMA_AUTOINIT",
    "DMA_MODE_CASCADE",
    "DMA_MODE_READ",
    "DMA_MODE_VERIFY",
    "DMA_MODE_WRITE",
    "XT",
    "AddressSpace",
    "Block",
    "Board",
    "Bounce",
    "Channels",
    "Claim",
    "DevPort",
    "Direction",
    "Dma",
    "DmaError",
    "EtherLinkDriver",
    "Floppy",
    "Interrupts",
    "Kernel",
    "Kind",
    "Machine",
    "Mapping",
    "Modem",
    "Phase",
    "PhysicalBuffer",
    "PhysicalMemory",
    "RecordingMachine",
    "ScsiDriver",
    "SharedMachine",
    "SoundDriver",
    "State",
    "Transfer",
    "UserBuffer",
    "Wiring",
]
