"""One machine's driver software, assembled: channels, interrupts and memory, for the device drivers to share."""

from __future__ import annotations

from isadma_driver.channels.board import AT, Board
from isadma_driver.channels.ownership import Claim
from isadma_driver.channels.service import Dma
from isadma_driver.checks.values import as_int, as_kind, shown
from isadma_driver.interrupts import InterruptLine, Interrupts
from isadma_driver.machines.machine import Machine
from isadma_driver.memory.pages import PhysicalMemory
from isadma_driver.memory.space import AddressSpace
from isadma_driver.memory.swap import SwapFile
from isadma_driver.memory.vm import VirtualMemory
from isadma_driver.ports import Mode
from isadma_driver.transfers.bounce import BouncePool
from isadma_driver.transfers.buffers import Buffer
from isadma_driver.transfers.mapping import Bounce, Direction, Mapper
from isadma_driver.transfers.transfer import Go, Transfer

#: Pages of the swap file unless told otherwise: 16 MB.
SWAP_PAGES = 4096


class Kernel:
    """What device drivers are given.

    Parameters
    ----------
    machine : Machine
        The machine to drive; wrap it in `SharedMachine` first when several threads will use it.
    board : Board, optional
        `AT` or `XT`.
    swap_pages : int, optional
        Pages of the swap file, which is made with the first address space.
    pages : PhysicalMemory, optional
        What may be handed out; all of the machine's memory but the firmware's, unless told otherwise. Tell it where
        another system uses the memory, as on a real PC through `DevPort`.

    Attributes
    ----------
    dma : Dma
        Channels and their programming.
    interrupts : Interrupts
        Interrupt lines.
    pages : PhysicalMemory
        Physical memory.
    bounce : BouncePool
        Bounce buffers.
    mapper : Mapper
        Gives buffers DMA addresses.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        board: Board = AT,
        swap_pages: int = SWAP_PAGES,
        pages: PhysicalMemory | None = None,
    ) -> None:
        if any(not hasattr(machine, name) for name in ("inb", "outb", "memory", "wait_irq")):
            raise TypeError(f"machine {shown(machine)}: give a Machine, such as an isadma_sim.PC")
        self.machine = machine
        self.dma = Dma(machine, board=board)
        self.interrupts = Interrupts(machine)
        if pages is None:
            pages = PhysicalMemory(len(machine.memory), board=board)
        self.pages = as_kind("pages", pages, PhysicalMemory, "give a PhysicalMemory")
        self.bounce = BouncePool(self.pages, self.dma.channels)
        self.mapper = Mapper(machine.memory, self.dma.channels, self.bounce)
        self._swap_pages = as_int("swap_pages", swap_pages, 0, 1 << 20)
        self._vm: VirtualMemory | None = None

    @property
    def vm(self) -> VirtualMemory:
        """The pager."""
        if self._vm is None:
            self._vm = VirtualMemory(self.machine.memory, self.pages, SwapFile(self._swap_pages))
        return self._vm

    def address_space(self, name: str) -> AddressSpace:
        """Make an address space for a program."""
        return AddressSpace(self.vm, name)

    def transfer(
        self,
        claim: Claim,
        buffer: Buffer,
        direction: Direction,
        *,
        kind: Mode = Mode.SINGLE,
        go: Go | None = None,
        line: InterruptLine | None = None,
        split: bool = True,
        bounce: Bounce = Bounce.ALLOW,
    ) -> Transfer:
        """Make a transfer; parameters as of `Transfer`."""
        return Transfer(
            self.dma,
            self.mapper,
            claim,
            buffer,
            direction,
            kind=kind,
            go=go,
            line=line,
            split=split,
            bounce=bounce,
        )

    def proc_dma(self) -> str:
        """Return the text of /proc/dma."""
        return self.dma.proc_dma()

    def proc_iomem(self) -> str:
        """Return the memory map with owners, in the form of /proc/iomem: one line per range."""
        blocks = self.pages.memory_map()
        return "".join(f"{block.address:08x}-{block.end - 1:08x} : {block.owner}\n" for block in blocks)

    def proc_buddyinfo(self) -> str:
        """Return how whole free memory is, in the form of /proc/buddyinfo: free blocks of 4K, 8K ... 4M per zone."""
        return "".join(
            f"Node 0, zone {report.name:>8} " + " ".join(f"{count:6d}" for count in report.blocks) + " \n"
            for report in self.pages.reports()
        )

    def close(self) -> None:
        """Let go of the swap file."""
        if self._vm is not None:
            self._vm.swap.close()
            self._vm = None
