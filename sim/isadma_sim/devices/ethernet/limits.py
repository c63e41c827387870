"""What an EtherLink's jumpers and its address PROM can be."""

from __future__ import annotations

from isadma_sim.devices.ethernet import regs
from isadma_sim.machine.checks import as_data, one_of


def check(port: int, dma: int | None, irq: int | None, station: bytes) -> None:
    """Raise ValueError for what `isadma_sim.devices.ethernet.EtherLink` cannot have."""
    for value, known, what in (
        (port, regs.BASES, "address"),
        (dma, (None, *regs.CHANNELS), "DMA channel"),
        (irq, (None, *regs.IRQS), "interrupt"),
    ):
        choice = ", ".join(f"{n:X}h" if n and n > 0xFF else str(n) for n in known)
        one_of(f"an EtherLink has no jumper for {what} {{}}: use {choice}", value, known)
    address = as_data("station address {}: give six bytes", station)
    if len(address) != regs.ADDRESS or address[0] & 1:
        raise ValueError(f"station address {address[:20].hex(':')}: give six bytes, the first of them even")
