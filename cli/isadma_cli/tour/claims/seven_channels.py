"""Eight channels, of which drivers get seven."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pumped
from isadma_driver import Kernel
from isadma_driver.channels.board import AT, CASCADE_CHANNEL
from isadma_driver.errors import ChannelBusyError
from isadma_sim import PC

DATA = b"a channel of its own, and memory of its own: "


def measure(engine: str) -> Finding:
    """Claim all eight, and move data through those that were given."""
    with PC(engine=engine) as pc:
        kernel, right, refusal = Kernel(pc), [], ""
        for channel in range(AT.channels):
            address = 0x200000 + channel * AT.span(channel)
            data = DATA + b"%d" % channel
            try:
                bench = Pumped(pc, channel, data, kernel=kernel)
                bench.run(address)
            except (ChannelBusyError, ValueError) as error:  # from the driver, or from the board's empty slot pin
                refusal = refusal or str(error)
                continue
            if pc.memory[address : address + len(data)] == data:
                right.append(channel)
        try:
            kernel.dma.request_dma(CASCADE_CHANNEL, "one too many")
        except ChannelBusyError as error:
            refusal = str(error)
        taken = kernel.proc_dma()
    return Finding(
        measured=f"channels {', '.join(map(str, right))} moved data; channel 4: {refusal}",
        expected="channels 0, 1, 2, 3, 5, 6, 7; channel 4 is held by 'cascade', through which DMA 1 reaches the bus",
        passed=right == [0, 1, 2, 3, 5, 6, 7] and "'cascade'" in refusal and " 4: cascade\n" in taken,
        figures={"channels": right, "proc_dma": taken.splitlines()},
    )


CLAIM = Claim(
    name="seven-channels",
    sentence="A PC has eight DMA channels, and drivers can have seven of them.",
    lesson="The AT's first controller asks the second one for the bus, through channel 4. A driver that took it would"
    " cut four channels off.",
    measure=measure,
)
