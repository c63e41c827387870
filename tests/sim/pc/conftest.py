"""What the tests of an embedded machine use: a channel set up, and a card that gives bytes."""

import pytest

from isadma_sim.machine.device import Device


class Giver(Device):
    """Gives its bytes by DMA, one after the other, and raises its interrupt at terminal count."""

    name = "giver"

    def __init__(self, data, ports=()):
        self.data = list(data)
        self.ports = ports

    def go(self):
        self.lines.dreq(True)

    def dma_read(self):
        value = self.data.pop(0)
        if not self.data:
            self.lines.dreq(False)
        return value

    def tc(self):
        self.lines.dreq(False)
        self.lines.irq(True)


def channel1(pc, address, count, mode=0x45):
    """Program channel 1: single mode, device to memory, unless told."""
    for port, value in (
        (0x0A, 0x05), (0x0C, 0), (0x02, address & 0xFF), (0x02, address >> 8 & 0xFF), (0x03, count - 1 & 0xFF),
        (0x03, count - 1 >> 8), (0x83, address >> 16), (0x0B, mode), (0x0A, 0x01),
    ):  # fmt: skip
        pc.outb(port, value)


@pytest.fixture
def giver():
    return Giver


@pytest.fixture
def set_up_channel1():
    return channel1
