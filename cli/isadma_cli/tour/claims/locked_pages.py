"""DMA knows physical addresses only: what becomes of data for a page that was swapped out meanwhile."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pumped
from isadma_driver import AddressSpace, Direction, Kernel, UserBuffer
from isadma_driver.memory.buddy import PAGE
from isadma_driver.memory.pagetable import ACCESSED
from isadma_sim import PC

NEWS = b"data from the device"
OLD = b"old contents"
SECRET = bytes(range(256)) * (PAGE // 256)


class Scene:
    """A program that waits for data, and another one that will want memory; one page is free."""

    def __init__(self, pc: PC) -> None:
        self.pc = pc
        self.bench = Pumped(pc, 1, NEWS)
        self.kernel: Kernel = self.bench.kernel
        self.waiting: AddressSpace = self.kernel.address_space("waiting")
        self.hungry: AddressSpace = self.kernel.address_space("hungry")
        self.buffer = self.waiting.map_region(PAGE)
        table = self.hungry.map_region(2 * PAGE)
        self.other = table + PAGE
        self.waiting.write(self.buffer, OLD)
        self.hungry.write(table, b"so that its page table is there")
        pages = self.kernel.pages
        while (zone := pages.reports()[0]).free > pages.reserve:
            pages.alloc(min(zone.free - pages.reserve, zone.largest), "everyone else", zone="normal")

    def take_memory(self) -> None:
        """Let nobody's pages count as used, and have the hungry program write a page."""
        for page in self.kernel.vm.resident.values():
            table = page.space.table
            table.set(page.address, table.get(page.address) & ~ACCESSED)
        self.hungry.write(self.other, SECRET)


def measure(engine: str) -> Finding:
    """Let data arrive for a page that is not held in place, and for one that is."""
    with PC(engine=engine, memory=2 << 20) as pc:
        scene = Scene(pc)
        where = scene.waiting.translate(scene.buffer)
        assert where is not None
        dma = scene.kernel.dma
        dma.start_dma(scene.bench.claim, where, len(NEWS))
        scene.take_memory()
        moved = scene.hungry.translate(scene.other) == where
        scene.bench.go()
        finished = dma.dma_finished(scene.bench.claim)
        overwritten = scene.hungry.read(scene.other, PAGE) == NEWS + SECRET[len(NEWS) :]
        missed = scene.waiting.read(scene.buffer, len(OLD)) == OLD
        scene.kernel.close()
    with PC(engine=engine, memory=2 << 20) as pc:
        scene = Scene(pc)
        where = scene.waiting.translate(scene.buffer)
        with scene.kernel.transfer(
            scene.bench.claim, UserBuffer(scene.waiting, scene.buffer, len(NEWS)), Direction.FROM_DEVICE
        ) as transfer:
            transfer.start()
            scene.take_memory()
            stayed = scene.waiting.translate(scene.buffer) == where
            scene.bench.go()
            transfer.wait(seconds=0.01)
        safe = scene.hungry.read(scene.other, PAGE) == SECRET
        arrived = scene.waiting.read(scene.buffer, len(NEWS)) == NEWS
        scene.kernel.close()
    unlocked = moved and finished and overwritten and missed
    locked = stayed and safe and arrived
    return Finding(
        measured=f"unlocked: the page moved, terminal count came, and {len(NEWS)} bytes of the other program were"
        f" {'overwritten' if overwritten else 'left alone'}; locked: the page stayed, the bytes"
        f" {'arrived' if arrived else 'are missing'}, the other program's are {'whole' if safe else 'damaged'}",
        expected="unlocked: the data are in the other program's page and nothing reports it; locked: all is right",
        passed=unlocked and locked,
        figures={"unlocked": unlocked, "locked": locked},
    )


CLAIM = Claim(
    name="locked-pages",
    sentence="The memory of a transfer must be locked: a page swapped out meanwhile takes someone else's data.",
    lesson="Two programs and one free page. A transfer is programmed with the physical address of the first program's"
    " buffer; then the second one needs memory, and gets that very page. The controller does what it was told. With"
    " the page pinned the pager takes another one.",
    measure=measure,
)
