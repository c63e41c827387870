"""A PC with an EtherLink, programmed by hand: every register value is written out."""

import random

import pytest

from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink

BASE = 0x300
STATION = bytes.fromhex("02608c123456")
AT = 0x20000


class Rig:
    def __init__(self, pc, **options):
        self.pc = pc
        self.card = EtherLink(**options)
        pc.attach(self.card)
        pc.outb(0x21, 0)
        for offset, value in enumerate(STATION):
            self.out(offset, value)

    def out(self, offset, value):
        self.pc.outb(BASE + offset, value)

    def inp(self, offset):
        return self.pc.inb(BASE + offset)

    def point(self, at):
        self.out(0x8, at & 0xFF)
        self.out(0x9, at >> 8)

    def pointer(self, offset=0x8):
        return self.inp(offset) | self.inp(offset + 1) << 8

    def load(self, frame):
        """Put a frame at the end of the buffer, byte by byte, and point at it."""
        self.out(0xE, 0x00)
        self.point(2048 - len(frame))
        for value in frame:
            self.out(0xF, value)
        self.point(2048 - len(frame))

    def unload(self, count):
        self.out(0xE, 0x00)
        self.point(0)
        return bytes(self.inp(0xF) for _ in range(count))

    def program(self, channel, length, mode):
        """Single mode 48h, memory to card, or 44h, card to memory; the memory is at 20000h."""
        self.pc.outb(0x0A, 4 | channel)
        self.pc.outb(0x0C, 0)
        self.pc.outb(0x0B, mode | channel)
        for value in (0, 0):
            self.pc.outb(2 * channel, value)
        self.pc.outb({1: 0x83, 2: 0x81, 3: 0x82}[channel], 2)
        for value in ((length - 1) & 0xFF, (length - 1) >> 8):
            self.pc.outb(2 * channel + 1, value)
        self.pc.outb(0x0A, channel)

    def wait(self, irq=3, seconds=0.1):
        self.pc.wait_irq(irq, seconds=seconds)
        self.pc.outb(0x20, 0x20)


@pytest.fixture
def rig():
    """Make a rig: `rig(engine=.., dma=.., frames_in=.., ..)`."""
    machines = []

    def make(engine="reference", **options):
        machines.append(PC(engine=engine))
        return Rig(machines[-1], **options)

    yield make
    for pc in machines:
        pc.close()


@pytest.fixture
def frame(request):
    """Make a frame of random bytes for the station, or for another address."""
    dice = random.Random(request.node.name)
    print("seed", request.node.name)
    return lambda size, to=STATION: to + dice.randbytes(size - len(to))
