"""The software: a driver that owns the DMA channels as an operating system would. Standard library only."""

from isadma_driver.channels.board import AT, XT, Board
from isadma_driver.channels.ownership import Channels, Claim, Kind, Wiring
from isadma_driver.channels.service import Dma, Phase
from isadma_driver.errors import DmaError
from isadma_driver.ethernet import EtherLinkDriver
from isadma_driver.floppy import Floppy
from isadma_driver.interrupts import Interrupts
from isadma_driver.kernel import Kernel
from isadma_driver.machines.devport import DevPort
from isadma_driver.machines.machine import Machine, SharedMachine
from isadma_driver.machines.recording import RecordingMachine
from isadma_driver.memory.pages import Block, PhysicalMemory
from isadma_driver.memory.space import AddressSpace
from isadma_driver.modem import Modem
from isadma_driver.ports import (
    DMA_AUTOINIT,
    DMA_MODE_CASCADE,
    DMA_MODE_READ,
    DMA_MODE_VERIFY,
    DMA_MODE_WRITE,
)
from isadma_driver.scsi import ScsiDriver
from isadma_driver.sound import SoundDriver
from isadma_driver.transfers.buffers import PhysicalBuffer, UserBuffer
from isadma_driver.transfers.mapping import Bounce, Direction, Mapping
from isadma_driver.transfers.transfer import State, Transfer

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
