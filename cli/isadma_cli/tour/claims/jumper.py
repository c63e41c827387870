"""Cards whose channel a jumper sets: a conflict is named before anything moves, and a wrong jumper is found out."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_driver import Kernel
from isadma_driver.errors import ChannelBusyError, EthernetError
from isadma_driver.ethernet import EtherLinkDriver
from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink

#: The jumper, and the channels that others hold or that the driver is wrongly told.
JUMPER, WRONG = 3, 1
IRQ = 3
FRAME = b"\xff" * 6 + b"\x02\x60\x8c\x12\x34\x56" + b"\x08\x00" + bytes(46)


def measure(engine: str) -> Finding:
    """Load the network driver for a channel that is taken, for the wrong one, and for the jumper's."""
    with PC(engine=engine) as pc:
        kernel, card = Kernel(pc), EtherLink(dma=JUMPER, irq=IRQ)
        pc.attach(card)
        other = kernel.dma.request_dma(JUMPER, "tape")
        conflict = mistake = ""
        try:
            EtherLinkDriver(kernel, irq=IRQ, dma=JUMPER)
        except ChannelBusyError as error:
            conflict = str(error)
        untouched = "etherlink" not in kernel.proc_dma() + kernel.proc_iomem()
        kernel.dma.free_dma(other)
        with EtherLinkDriver(kernel, irq=IRQ, dma=WRONG) as driver:
            try:
                driver.send(FRAME)
            except EthernetError as error:
                mistake = str(error)
        silent = not card.sent
        with EtherLinkDriver(kernel, irq=IRQ, dma=JUMPER) as driver:
            driver.send(FRAME)
        right = [bytes(packet.frame) for packet in card.sent] == [FRAME]
    return Finding(
        measured=f"taken: {conflict}; wrong: {mistake}; right: the frame is on the wire",
        expected="an error that names channel, both drivers and the free channels; for a wrong jumper one that names"
        " both channels, and nothing sent; nothing kept by a driver that failed",
        passed=right
        and silent
        and untouched
        and all(word in conflict for word in ("channel 3", "'etherlink'", "'tape'", "jumper", "0, 1, 2, 5, 6, 7"))
        and all(word in mistake for word in ("channel 3", "told 1", "jumper")),
        figures={"conflict": conflict, "mistake": mistake},
    )


CLAIM = Claim(
    name="jumper",
    sentence="On some devices the channel is set by jumpers, and two of them can be set to the same one.",
    lesson="A network card of 1983. The driver must be told what its jumper says. If another driver has that channel,"
    " only a screwdriver helps, and the error names the channels that are free. If the driver is told another channel"
    " than the jumper's, the card asks on a line that nobody serves: the driver sees it in the controller's status.",
    measure=measure,
)
