"""One DMA channel's registers in words: those the chip tells, and those it only takes, as last written."""

# Ref: Intel 8237A data sheet 231466-005, figures 5 to 7 and pages 8 to 9.

from __future__ import annotations

from isadma_cli.machine import WatchedMachine
from isadma_driver.channels.board import AT, Board
from isadma_driver.channels.controller import CHIP_CHANNELS
from isadma_driver.kernel import Kernel

__all__ = ["read_registers"]


def read_registers(kernel: Kernel, machine: WatchedMachine, channel: int) -> dict[str, str]:
    """Read a channel's registers by port accesses, and return them by name.

    The current address and count, the page and the status are read; mode and mask cannot be read from an 8237A, nor a
    page from a PC/XT, and are shown as the driver last wrote them. Reading the status clears its terminal count bits.

    Parameters
    ----------
    kernel
        Whose channels.
    machine
        Where the driver's port writes were noted.
    channel
        0 to 3.
    """
    chip = kernel.dma.chip(channel)
    chip.clear_flip_flop()
    address, count = chip.read_address(channel), chip.read_count(channel)
    return {
        "current address": f"{address:04X}h",
        "current count": f"{count:04X}h",
        **_page(kernel.dma.board, machine, channel),
        "status": f"{chip.read_status():02X}h",
        "mode, as written": _written(machine, chip.ports.MODE, channel),
        "mask, as written": _written(machine, chip.ports.SINGLE_MASK, channel),
    }


def _page(board: Board, machine: WatchedMachine, channel: int) -> dict[str, str]:
    port = board.pages[channel]
    if board is AT:
        return {"page": f"{machine.inb(port):02X}h"}
    value = machine.written.get(port)  # a 74LS670 does not read
    return {"page, as written": "not by the driver" if value is None else f"{value & 0xF:X}h"}


def _written(machine: WatchedMachine, port: int, channel: int) -> str:
    value = machine.written.get(port)
    if value is None or value % CHIP_CHANNELS != channel % CHIP_CHANNELS:
        return "not by the driver"
    return f"{value:02X}h"
