"""One machine's driver software, assembled: channels, interrupts and memory, for the device drivers to share."""

from __future__ import annotations

from isadma_driver.board import AT, Board
from isadma_driver.dma import Dma
from isadma_driver.interrupts import Interrupts
from isadma_driver.machine import Machine
from isadma_driver.pages import PhysicalMemory


class Kernel:
    """What device drivers are given.

    Parameters
    ----------
    machine : Machine
        The machine to drive; wrap it in `SharedMachine` first when several threads will use it.
    board : Board, optional
        `AT` or `XT`.

    Attributes
    ----------
    dma : Dma
        Channels and their programming.
    interrupts : Interrupts
        Interrupt lines.
    pages : PhysicalMemory
        Physical memory.
    """

    def __init__(self, machine: Machine, *, board: Board = AT) -> None:
        self.machine = machine
        self.dma = Dma(machine, board=board)
        self.interrupts = Interrupts(machine)
        self.pages = PhysicalMemory(len(machine.memory), board=board)

    def proc_dma(self) -> str:
        """Return the text of /proc/dma."""
        return self.dma.proc_dma()
