"""Two cards set to one channel: the second driver's error says who has it and where to move the jumper."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_driver import Kernel
from isadma_driver.errors import ChannelBusyError
from isadma_driver.fastdisk import FastDisk
from isadma_sim import PC
from isadma_sim.devices import fastdisk

SECTOR = bytes(range(256)) * 2
TAKEN, FREE = 6, 7


def measure(engine: str) -> Finding:
    """Load the fast disk's driver for a channel that is taken, then with the card's jumper moved."""
    with PC(engine=engine) as pc:
        kernel = Kernel(pc)
        kernel.dma.request_dma(TAKEN, "scsi")
        pc.attach(fastdisk.FastDisk(bytearray(SECTOR), rate=100_000), dma=FREE, irq=fastdisk.IRQ)
        refusal = ""
        try:
            FastDisk(kernel, dma=TAKEN)
        except ChannelBusyError as error:
            refusal = str(error)
        untouched = "fast disk" not in kernel.proc_dma() + kernel.proc_iomem()
        with FastDisk(kernel, dma=FREE) as disk:
            right = disk.read(0, 1) == SECTOR
    return Finding(
        measured=f"{refusal}; with the jumper at {FREE} the sector is read",
        expected="an error with channel, both names, 'jumper' and the free channels; nothing kept by the loser",
        passed=right
        and untouched
        and all(word in refusal for word in ("channel 6", "'fast disk'", "'scsi'", "jumper", "0, 1, 2, 3, 5, 7")),
        figures={"refusal": refusal},
    )


CLAIM = Claim(
    name="jumper",
    sentence="On some devices the channel is set by jumpers, and two of them can be set to the same one.",
    lesson="The driver must be told what the jumpers say. If another driver has that channel, only a screwdriver"
    " helps: the error names the channels that are free.",
    measure=measure,
)
