"""What scenes are made of: a channel programmed through its ports, and a device that gives or takes bytes."""

from __future__ import annotations

from isadma_sim import PC, Device

__all__ = ["Feeder", "command", "program", "software_request"]

_PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}
_COMMAND, _REQUEST, _SINGLE_MASK, _MODE, _FLIP_FLOP = 0x8, 0x9, 0xA, 0xB, 0xC


def _port(channel: int, register: int) -> int:
    return 0xC0 + 2 * register if channel >= 4 else register


def command(pc: PC, byte: int, *, second: bool = False) -> None:
    """Write a command register: of DMA 1, or of DMA 2."""
    pc.outb(_port(4 if second else 0, _COMMAND), byte)


def software_request(pc: PC, channel: int) -> None:
    """Set a channel's request bit."""
    pc.outb(_port(channel, _REQUEST), 0x04 | channel & 3)


def program(pc: PC, channel: int, mode: int, address: int, transfers: int, *, unmask: bool = True) -> None:
    """Load a channel: mode without its channel bits, physical address, how many bytes or words."""
    register, words = channel & 3, channel >= 4
    offset, count = address >> words & 0xFFFF, transfers - 1
    pc.outb(_port(channel, _SINGLE_MASK), 0x04 | register)
    pc.outb(_port(channel, _FLIP_FLOP), 0)
    pc.outb(_port(channel, _MODE), mode | register)
    for port, word in ((2 * register, offset), (2 * register + 1, count)):
        pc.outb(_port(channel, port), word & 0xFF)
        pc.outb(_port(channel, port), word >> 8)
    pc.outb(_PAGES[channel], address >> 16)
    if unmask:
        pc.outb(_port(channel, _SINGLE_MASK), register)


class Feeder(Device):
    """A device that gives 40h, 41h, 42h … and takes what it is given, until terminal count.

    Parameters
    ----------
    at_once : int
        Transfers that it asks for at once; then its request falls for some clocks.
    """

    name = "feeder"

    def __init__(self, at_once: int = 1 << 30) -> None:
        self.given = 0
        self.taken: list[int] = []
        self._at_once, self._left = at_once, at_once

    def ask(self) -> None:
        """Raise the request."""
        self._left = self._at_once
        self.lines.dreq(True)

    def dma_read(self) -> int:
        """Give the next one."""
        self.given += 1
        self._one_less()
        return 0x40 + self.given - 1 & 0xFF

    def dma_write(self, value: int) -> None:
        """Take one."""
        self.taken.append(value)
        self._one_less()

    def tc(self) -> None:
        """Let the request fall."""
        self.lines.dreq(False)
        self._left = 0

    def _one_less(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.lines.dreq(False)
