"""A PC with a Sound Blaster, programmed by hand: every register value is written out."""

import random

import pytest

from isadma_sim import PC
from isadma_sim.devices.sound import SoundBlaster16

BASE = 0x220
#: Page register of each channel.
PAGES = {0: 0x87, 1: 0x83, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}


class Rig:
    """The machine and its card; the PC is closed by the fixture."""

    def __init__(self, pc, card, **options):
        self.pc = pc
        self.card = card(**options)
        pc.attach(self.card)
        for port in (0x21, 0xA1) if pc.board == "at" else (0x21,):
            pc.outb(port, 0)

    def out(self, offset, value):
        self.pc.outb(BASE + offset, value)

    def inp(self, offset):
        return self.pc.inb(BASE + offset)

    def reset(self):
        self.out(0x6, 1)
        self.pc.delay(3e-6)
        self.out(0x6, 0)
        self.pc.delay(110e-6)
        assert self.inp(0xE) & 0x80
        assert self.inp(0xA) == 0xAA

    def dsp(self, *command):
        for value in command:
            for _ in range(100):
                if not self.inp(0xC) & 0x80:
                    break
            else:
                raise AssertionError("the DSP stays busy")
            self.out(0xC, value)

    def answer(self):
        for _ in range(100):
            if self.inp(0xE) & 0x80:
                return self.inp(0xA)
        raise AssertionError("the DSP says nothing")

    def mixer(self, index, value=None):
        self.out(0x4, index)
        if value is not None:
            self.out(0x5, value)
        return self.inp(0x5)

    def program(self, channel, address, length, mode):
        """Set a channel up: `mode` 58h is single, memory to device, autoinitialize; 54h the other way."""
        step, base, width = (1, 0x00, 1) if channel < 4 else (2, 0xC0, 2)
        local = channel & 3
        count = length // width - 1
        word = address >> (width - 1) & 0xFFFF
        self.pc.outb(base + 0xA * step, 4 | local)
        self.pc.outb(base + 0xC * step, 0)
        self.pc.outb(base + 0xB * step, mode | local)
        for value in (word & 0xFF, word >> 8):
            self.pc.outb(base + 2 * local * step, value)
        self.pc.outb(PAGES[channel], address >> 16)
        for value in (count & 0xFF, count >> 8):
            self.pc.outb(base + (2 * local + 1) * step, value)
        self.pc.outb(base + 0xA * step, local)

    def left(self, channel):
        """Read what the count register says."""
        step, base = (1, 0x00) if channel < 4 else (2, 0xC0)
        self.pc.outb(base + 0xC * step, 0)
        port = base + (2 * (channel & 3) + 1) * step
        return self.pc.inb(port) | self.pc.inb(port) << 8

    def wait(self, irq=5, seconds=1.0):
        self.pc.wait_irq(irq, seconds=seconds)
        if irq >= 8:  # an AT's second 8259A
            self.pc.outb(0xA0, 0x20)
        self.pc.outb(0x20, 0x20)


@pytest.fixture
def rig():
    """Make a rig: `rig(engine=.., card=.., record_from=.., ..)`, its DSP reset unless `up=False`."""
    machines = []

    def make(engine="reference", *, card=SoundBlaster16, board="at", up=True, clock_hz=4_000_000, **options):
        pc = PC(engine=engine, board=board, clock_hz=None if board == "xt" else clock_hz)
        machines.append(pc)
        made = Rig(pc, card, **options)
        if up:
            made.reset()
        return made

    yield make
    for pc in machines:
        pc.close()


@pytest.fixture
def rng(request):
    print("seed", request.node.name)
    return random.Random(request.node.name)
