"""DMA reaches the first 16 MB; beyond them the data go through a bounce buffer."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pumped
from isadma_driver import Direction, PhysicalBuffer
from isadma_driver.channels.board import MB
from isadma_driver.errors import AddressLimitError
from isadma_sim import PC

DATA = b"the last sixteen bytes that a page register can name, and more beyond"
LIMIT = 16 * MB
BEYOND = 20 * MB


def measure(engine: str) -> Finding:
    """Move bytes to the end of the 16 MB, and to 20 MB: straight, which is refused, and with a bounce buffer."""
    with PC(engine=engine, memory=32 * MB) as pc:
        bench = Pumped(pc, 5, DATA + b".")
        size = len(bench.pump.data)
        bench.run(LIMIT - size)
        below = pc.memory[LIMIT - size : LIMIT] == bench.pump.data
        refusal = ""
        try:
            bench.run(BEYOND)
        except AddressLimitError as error:
            refusal = str(error)
        cycles = pc.trace()
        buffer = PhysicalBuffer(BEYOND, size)
        with bench.kernel.transfer(
            bench.claim, buffer, Direction.FROM_DEVICE, go=lambda offset, length: pc.outb(bench.pump.port, 1)
        ) as transfer:
            transfer.start()
            transfer.wait(seconds=0.01)
        bounced = pc.memory[BEYOND : BEYOND + size] == bench.pump.data
        highest = max(cycle.address for cycle in cycles if cycle.master == "dma")
    return Finding(
        measured=f"FFFFFFh is {'reached' if below else 'not reached'}; at 20 MB: {refusal or 'nothing said'};"
        f" through a bounce buffer at {highest & ~0xFFF:06X}h the bytes are"
        f" {'at 20 MB' if bounced else 'missing'}, and the bus saw no address above {highest:06X}h",
        expected="address lines A0 to A23 and an 8-bit page register: 1000000h is the first address out of reach",
        passed=below and bounced and highest < LIMIT and "16 MB" in refusal,
        figures={"highest_address": highest, "refusal": refusal, "bounced": bounced},
    )


CLAIM = Claim(
    name="sixteen-megabytes",
    sentence="DMA reaches only the bottom 16 Mbytes of memory.",
    lesson="The controller counts 16 address bits, and a page register gives eight more. A driver that wants its data"
    " elsewhere lets DMA fill a buffer below 16 MB, and the processor copies.",
    measure=measure,
)
