"""A device that lets software choose gets free channels, whatever is taken already, and is told which."""

from __future__ import annotations

import random

from isadma_cli.tour.claim import Claim, Finding
from isadma_driver import Kernel, Kind
from isadma_driver.errors import ChannelBusyError
from isadma_driver.sound import SoundDriver
from isadma_sim import PC
from isadma_sim.devices.sound import SoundBlaster16

#: Held by others, and what a Sound Blaster 16 has left: bytes on 0, 1 or 3, words on 5, 6 or 7.
TAKEN, LEFT = ((0, "tape"), (1, "network"), (5, "scsi"), (7, "fast disk")), (3, 6)
RATE, FRAMES = 44_100, 256


def measure(engine: str) -> Finding:
    """Let the sound driver pick its channels, play over the one for words, and look for another word channel."""
    samples = random.Random("picked").randbytes(4 * FRAMES)
    with PC(engine=engine) as pc:
        kernel, card = Kernel(pc), SoundBlaster16(dma=None, hdma=None)
        pc.attach(card)
        for channel, owner in TAKEN:
            kernel.dma.request_dma(channel, owner)
        with SoundDriver(kernel, buffer_bytes=512) as driver:
            picked, told = (driver.dma, driver.hdma), (card.dma, card.hdma)
            driver.play(samples, rate=RATE, bits=16, channels=2)
            moved = pc.stats.bytes[LEFT[1]]
            refusal = ""
            try:
                kernel.dma.request_free(Kind.WORD, "one more")
            except ChannelBusyError as error:
                refusal = str(error)
        heard = b"".join(bytes(take.data) for take in card.takes)
    return Finding(
        measured=f"channels {picked[0]} and {picked[1]} were picked, the card was told {told[0]} and {told[1]}, and"
        f" {len(heard):,} bytes of sound went over {LEFT[1]},"
        f" {'every sample right' if heard == samples else 'and not as they were'}; the next one: {refusal}",
        expected="channels 3 and 6, the only ones left that the card has; then an error that names all owners",
        passed=picked == told == LEFT
        and heard == samples
        and moved >= len(samples)
        and all(word in refusal for word in ("5 by 'scsi'", "6 by 'sound'", "7 by 'fast disk'")),
        figures={"picked": picked, "told": told, "refusal": refusal},
    )


CLAIM = Claim(
    name="picked",
    sentence="The best devices let software pick: free channels are found, and the device is told.",
    lesson="A Sound Blaster 16 has two registers that connect it to a channel for bytes and one for words. Its driver"
    " asks for whatever is free among those the card has, and writes that in the card. Picking and taking are one"
    " step, so two drivers that are loaded at once cannot pick the same channel.",
    measure=measure,
)
