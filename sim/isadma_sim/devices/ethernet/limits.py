"""What an EtherLink's jumpers and its address PROM can be."""

from __future__ import annotations

from isadma_sim.devices.ethernet import regs


def check(port: int, dma: int | None, irq: int | None, station: bytes) -> None:
    """Raise ValueError for what `isadma_sim.devices.ethernet.EtherLink` cannot have."""
    for value, known, what in (
        (port, regs.BASES, "address"),
        (dma, (None, *regs.CHANNELS), "DMA channel"),
        (irq, (None, *regs.IRQS), "interrupt"),
    ):
        if value not in known:
            choice = ", ".join(f"{n:X}h" if n and n > 0xFF else str(n) for n in known)
            raise ValueError(f"an EtherLink has no jumper for {what} {value!r}: use {choice}")
    if len(station) != regs.ADDRESS or station[0] & 1:
        raise ValueError(f"station address {station.hex(':')}: give six bytes, the first of them even")
