"""The floppy's channel is 2 on every PC, and a second driver does not get it."""

from __future__ import annotations

from isadma_cli.fat12_format import make_image
from isadma_cli.files import fill, temporary_folder
from isadma_cli.tour.claim import Claim, Finding
from isadma_driver import Floppy, Kernel
from isadma_driver.channels.ownership import Wiring
from isadma_driver.errors import ChannelBusyError
from isadma_driver.floppy.codes import FLOPPY_DMA
from isadma_sim import PC

SECTOR = 512


def measure(engine: str) -> Finding:
    """Have the floppy driver hold channel 2 and read a sector through it while another driver asks for it."""
    with temporary_folder() as folder:
        image = folder / "tour.img"
        fill(image, make_image({}))
        with PC(engine=engine, floppy=image, floppy_speed="full") as pc:
            kernel = Kernel(pc)
            with Floppy(kernel, dma=True) as floppy:
                refusal = ""
                try:
                    kernel.dma.request_dma(FLOPPY_DMA, "tape", Wiring.FIXED)
                except ChannelBusyError as error:
                    refusal = str(error)
                right = floppy.read(0) == image.read_bytes()[:SECTOR]
                moved = pc.stats.bytes[FLOPPY_DMA]
            after = kernel.dma.request_dma(FLOPPY_DMA, "tape", Wiring.FIXED).channel
    return Finding(
        measured=f"{refusal}; the floppy read {moved} bytes through it; given back, it is free again",
        expected="refused, with the owner's name; the first driver's transfer is not disturbed",
        passed=right and moved == SECTOR and after == FLOPPY_DMA and "is held by 'floppy'" in refusal,
        figures={"refusal": refusal, "bytes": moved},
    )


CLAIM = Claim(
    name="fixed-channel",
    sentence="Some devices have a fixed channel: the floppy always uses channel 2, and nobody else gets it.",
    lesson="A driver asks for its channel by number and name. While the floppy driver holds channel 2, whoever else"
    " wants it is told by whom it is held.",
    measure=measure,
)
