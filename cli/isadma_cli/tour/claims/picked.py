"""A device that lets software choose gets a free channel, whatever is taken already."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pump
from isadma_driver import Kernel, Kind
from isadma_driver.errors import ChannelBusyError
from isadma_driver.ports import Mode
from isadma_sim import PC

DATA = b"whatever is free"
#: Held by others, and what is left of the word channels.
TAKEN, LEFT = ((5, "sound"), (1, "sound"), (7, "fast disk")), 6


def measure(engine: str) -> Finding:
    """Pick word channels until there is none, and use the one that was picked."""
    with PC(engine=engine) as pc:
        kernel = Kernel(pc)
        for channel, owner in TAKEN:
            kernel.dma.request_dma(channel, owner)
        claim = kernel.dma.request_free(Kind.WORD, "scsi")
        device = Pump(claim.channel, DATA)
        pc.attach(device, dma=claim.channel)
        kernel.dma.start_dma(claim, 0x300000, len(DATA), Mode.SINGLE | Mode.WRITE)
        pc.outb(device.port, 1)
        pc.run(clocks=1000)
        right = pc.memory[0x300000 : 0x300000 + len(DATA)] == DATA
        refusal = ""
        try:
            kernel.dma.request_free(Kind.WORD, "network")
        except ChannelBusyError as error:
            refusal = str(error)
    return Finding(
        measured=f"channel {claim.channel} was picked and moved its data; the next one: {refusal}",
        expected=f"channel {LEFT}, the only word channel left; then an error that names all three owners",
        passed=claim.channel == LEFT
        and right
        and all(word in refusal for word in ("5 by 'sound'", "6 by 'scsi'", "7 by 'fast disk'")),
        figures={"channel": claim.channel, "refusal": refusal},
    )


CLAIM = Claim(
    name="picked",
    sentence="The best devices let software pick: a free channel is found.",
    lesson="Picking and taking are one step, so two drivers that are loaded at once cannot pick the same channel.",
    measure=measure,
)
