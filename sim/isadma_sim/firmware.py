"""The power-on self test: the port writes a BIOS makes before it hands over, and nothing else."""

# Ref: IBM PC AT Technical Reference (1502494), BIOS listing TEST1; Intel 8259A data sheet 231468-003 and
# 8237A data sheet 231466-005 for the codes.

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.ports import Dma, Pic

#: Vectors of IRQ 0 and IRQ 8.
MASTER_VECTOR = 0x08
SLAVE_VECTOR = 0x70

#: Port and value, in order.
POST: tuple[tuple[int, int], ...] = (
    # Both 8237As: whatever ran is cleared, all channels masked; then DMA 2's channel 0 becomes the cascade.
    (Dma.DMA1_MASTER_CLEAR, 0),
    (Dma.DMA2_MASTER_CLEAR, 0),
    (Dma.DMA2_MODE, 0xC0),  # cascade mode, channel 4
    (Dma.DMA2_MASK, 0x00),  # unmask channel 4
    # Both 8259As: edge triggered, cascaded through IRQ 2, 8086 mode, normal EOI.
    (Pic.MASTER_COMMAND, 0x11),  # ICW1: cascade, ICW4 follows
    (Pic.MASTER_DATA, MASTER_VECTOR),  # ICW2
    (Pic.MASTER_DATA, 0x04),  # ICW3: a slave on IR2
    (Pic.MASTER_DATA, 0x01),  # ICW4: 8086 mode
    (Pic.SLAVE_COMMAND, 0x11),
    (Pic.SLAVE_DATA, SLAVE_VECTOR),
    (Pic.SLAVE_DATA, 0x02),  # ICW3: it answers to cascade code 2
    (Pic.SLAVE_DATA, 0x01),
    (Pic.MASTER_DATA, 0xB8),  # OCW1: timer, keyboard, cascade and floppy may interrupt
    (Pic.SLAVE_DATA, 0xFF),
)

#: OCW2, specific EOI of level 0.
SPECIFIC_EOI = 0x60


def post(outb: Callable[[int, int], None]) -> None:
    """Make the writes of `POST` through `outb(port, value)`."""
    for port, value in POST:
        outb(port, value)


def send_eoi(outb: Callable[[int, int], None], irq: int) -> None:
    """End one interrupt by specific EOI, on both controllers for IRQ 8..15."""
    if irq >= 8:
        outb(Pic.SLAVE_COMMAND, SPECIFIC_EOI | irq & 7)
        outb(Pic.MASTER_COMMAND, SPECIFIC_EOI | 2)
    else:
        outb(Pic.MASTER_COMMAND, SPECIFIC_EOI | irq)
