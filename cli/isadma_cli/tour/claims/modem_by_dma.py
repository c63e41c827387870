"""The modem's data rate by DMA: the processor hears of it once."""

from __future__ import annotations

from isadma_cli.tour.bench import percent, run_disk, run_modem
from isadma_cli.tour.claim import Claim, Finding
from isadma_driver.ports import Mode

#: Bytes a second of 9600 baud with ten bits a character.
RATE = 960.0
#: Clocks that a single transfer of a byte on DMA 1 may hold the bus: S1 to S4 with a wait state, and the cascade.
MOST_CLOCKS = 12


def measure(engine: str) -> Finding:
    """Read a sector at the modem's rate by DMA channel 3, and compare."""
    dma = run_disk(engine, rate=RATE, sectors=1, dma=3, kind=Mode.SINGLE)
    modem = run_modem(engine, latency=2e-6, characters=100)
    held = dma.usage.stolen / dma.size
    return Finding(
        measured=f"{percent(dma.share)} of the processor, {held:.1f} clocks of bus a byte, {dma.interrupts} interrupt;"
        f" by interrupts {percent(modem.share)}",
        expected=f"one interrupt, at most {MOST_CLOCKS} clocks of bus a byte, a tenth of the interrupts' share or less",
        passed=dma.intact
        and not dma.lost
        and dma.interrupts == 1
        and 0 < held <= MOST_CLOCKS
        and dma.share <= modem.share / 10,
        figures={"share": dma.share, "bus_clocks_per_byte": held, "interrupt_share": modem.share},
    )


CLAIM = Claim(
    name="modem-by-dma",
    sentence="By DMA the same data cost a tenth or less, and one interrupt.",
    lesson="The fast disk turned down to 960 bytes a second stands for the modem: one byte at a time through channel 3,"
    " in single mode. Each byte holds the bus for a handful of clocks, which a processor without a cache loses. There"
    " is one interrupt, at the end of the sector.",
    measure=measure,
)
