"""While DMA moves data, the processor computes."""

from __future__ import annotations

import random

from isadma_cli.tour.bench import percent
from isadma_cli.tour.claim import Claim, Finding
from isadma_driver import Kernel
from isadma_driver.fastdisk import FastDisk
from isadma_driver.fastdisk.codes import Command
from isadma_sim import PC, Costs
from isadma_sim.devices import fastdisk

#: Bytes a second of a floppy with high density, and sectors that are read at it.
RATE, SECTORS = 62_500.0, 16
#: Page register of no channel: the program's scratch pad, so that its work is seen on the bus.
SCRATCH = 0x80


def measure(engine: str) -> Finding:
    """Count in a register of the board while a disk is read, and see that both come out right."""
    content = random.Random("free").randbytes(SECTORS * 512)
    with PC(engine=engine) as pc:
        pc.attach(fastdisk.FastDisk(bytearray(content), rate=RATE), dma=7, irq=fastdisk.IRQ)
        with FastDisk(Kernel(pc)) as disk:
            pc.on_irq(fastdisk.IRQ, disk.interrupt)
            account = pc.charge(Costs())
            assert account is not None
            disk.start(Command.READ, 0, SECTORS)
            stolen, start, rounds, wrong = account.usage.stolen, pc.clocks, 0, 0
            while not disk.finished and pc.clocks - start < 4_000_000:
                pc.outb(SCRATCH, rounds & 0xFF)
                wrong += pc.inb(SCRATCH) != rounds & 0xFF
                rounds += 1
                pc.serve(clocks=1)
            clocks = pc.clocks - start
            share = (account.usage.stolen - stolen) / clocks
            right = disk.result() == content
            free = 1 - share
    return Finding(
        measured=f"{len(content):,} bytes by DMA, and {rounds:,} rounds of a program meanwhile, {wrong} of them wrong;"
        f" {percent(free)} of the bus was the processor's, {disk.interrupts} interrupt",
        expected="every byte and every round right, one interrupt, the processor has nine tenths of the bus or more",
        passed=right and not wrong and disk.interrupts == 1 and free >= 0.9 and rounds > 1000,
        figures={"rounds": rounds, "wrong": wrong, "free": free, "bytes": len(content)},
    )


CLAIM = Claim(
    name="cpu-free",
    sentence="A DMA controller moves data without the processor, which does something else meanwhile.",
    lesson="A program writes numbers to a register of the board and reads them back, as fast as it can, while a disk"
    " with a floppy's data rate is read by DMA. The controller takes the bus between two of the program's cycles.",
    measure=measure,
)
