"""The power-on self test: the port writes a BIOS makes before it hands over, and nothing else."""

# Ref: IBM PC AT Technical Reference (1502494), BIOS listing TEST1; IBM PC/XT Technical Reference, BIOS listing;
# Intel 8259A data sheet 231468-003, 8237A data sheet 231466-005 and 8254 data sheet 231164-005 for the codes.

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.machine.ports import REFRESH_PAGE, Dma, Pic, Pit

#: Vectors of IRQ 0 and IRQ 8.
MASTER_VECTOR = 0x08
SLAVE_VECTOR = 0x70

#: Port and value, in order: the AT.
AT_POST: tuple[tuple[int, int], ...] = (
    # Counter 1 asks for refresh; on a board without refresh only port 61h bit 4 tells of it.
    (Pit.CONTROL, 0x54),  # counter 1: low byte, mode 2
    (Pit.COUNTER_1, 18),  # 15.09 us
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
#: Of these, so many start counter 1.
REFRESH_COUNTER = 2
#: The same on a PC/XT: one 8237A, one 8259A without a cascade.
XT_POST: tuple[tuple[int, int], ...] = (
    (Dma.DMA1_COMMAND, 0x04),  # disabled
    (Dma.DMA1_MASTER_CLEAR, 0),
    (Dma.DMA1_COMMAND, 0x00),
    (Dma.DMA1_MODE, 0x41),  # channels 1 to 3: single mode, verify
    (Dma.DMA1_MODE, 0x42),
    (Dma.DMA1_MODE, 0x43),
    (Pic.MASTER_COMMAND, 0x13),  # ICW1: edge triggered, single, ICW4 follows
    (Pic.MASTER_DATA, MASTER_VECTOR),  # ICW2
    (Pic.MASTER_DATA, 0x09),  # ICW4: 8086 mode, buffered
    (Pic.MASTER_DATA, 0xBC),  # OCW1: timer, keyboard and floppy may interrupt
)

#: What refresh needs beside: ahead of the rest on the AT, after it on the PC/XT, where Master Clear masks channel 0.
AT_REFRESH: tuple[tuple[int, int], ...] = ((REFRESH_PAGE, 0x00),)
XT_REFRESH: tuple[tuple[int, int], ...] = (
    (Dma.DMA1_CLEAR_FLIP_FLOP, 0),
    (Dma.DMA1_COUNT_0, 0xFF),  # 64K cycles
    (Dma.DMA1_COUNT_0, 0xFF),
    (Dma.DMA1_MODE, 0x58),  # channel 0: single mode, autoinitialize, memory is read
    (Dma.DMA1_MASK, 0x00),  # unmask it
    (Pit.CONTROL, 0x54),
    (Pit.COUNTER_1, 18),
)

#: By board, and whether refresh is turned on.
POST = {
    ("at", False): AT_POST,
    ("at", True): AT_REFRESH + AT_POST,
    ("xt", False): XT_POST,
    ("xt", True): XT_POST + XT_REFRESH,
}

#: OCW2, specific EOI of level 0.
SPECIFIC_EOI = 0x60


def post(outb: Callable[[int, int], None], board: str = "at", *, refresh: bool = False) -> None:
    """Make a board's writes through `outb(port, value)`; with `refresh`, also those that turn its refresh on."""
    for port, value in POST[board, refresh]:
        outb(port, value)


def send_eoi(outb: Callable[[int, int], None], irq: int) -> None:
    """End one interrupt by specific EOI, on both controllers for IRQ 8..15."""
    if irq >= 8:
        outb(Pic.SLAVE_COMMAND, SPECIFIC_EOI | irq & 7)
        outb(Pic.MASTER_COMMAND, SPECIFIC_EOI | 2)
    else:
        outb(Pic.MASTER_COMMAND, SPECIFIC_EOI | irq)
