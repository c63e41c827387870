"""The PC as a program sees it: the lines of the design's example, on every engine there is."""

import pytest

from isadma_sim import PC
from isadma_sim.devices.base import Device


class Source(Device):
    """Gives rising bytes while its DREQ is on, and interrupts at terminal count."""

    name = "source"
    ports = (0x300, 0x301)

    def __init__(self):
        self.next = 0
        self.seen = []

    def io_write(self, port, value):
        self.seen.append((port, value))
        if port == 0x300:
            self.lines.dreq(bool(value))

    def io_read(self, port):
        return port & 0xFF

    def dma_read(self):
        self.next += 1
        return self.next & 0xFF

    def dma_write(self, value):
        self.seen.append(value)

    def dack(self, active):
        self.seen.append(active)

    def tc(self):
        self.seen.append("tc")
        self.lines.dreq(False)
        self.lines.irq(True)


def program(pc, channel, mode, address, count, *, page_port):
    pc.outb(0x0A, 4 | channel)
    pc.outb(0x0C, 0)
    pc.outb(0x0B, mode | channel)
    pc.outb(2 * channel, address & 0xFF)
    pc.outb(2 * channel, address >> 8 & 0xFF)
    pc.outb(page_port, address >> 16)
    pc.outb(2 * channel + 1, count & 0xFF)
    pc.outb(2 * channel + 1, count >> 8)
    pc.outb(0x0A, channel)


@pytest.fixture
def pc(engine):
    with PC(engine=engine) as machine:
        yield machine


def test_an_unattached_port_reads_ff(pc):
    assert pc.inb(0x3F4) == 0xFF
    assert pc.inw(0x220) == 0xFFFF


def test_page_registers_read_back(pc):
    pc.outb(0x81, 0x5A)
    assert pc.inb(0x81) == 0x5A


def test_post_leaves_the_masks_and_the_cascade_ready(pc):
    assert pc.inb(0x21) == 0xB8
    assert pc.inb(0xA1) == 0xFF
    assert pc.inb(0x08) == 0x00


def test_run_lets_exactly_that_many_clocks_go_by(pc):
    before = pc.clocks
    pc.run(clocks=1000)
    assert pc.clocks - before == 1000


def test_a_device_fills_memory_by_dma_and_interrupts(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    pc.memory[0x2E000:0x2E00B] = b"\xee" * 11
    program(pc, 2, 0x44, 0x2E000, 9, page_port=0x81)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=10)  # the interrupt came with TC, a few clocks before DACK# ends
    assert pc.memory[0x2E000:0x2E00B] == bytes(range(1, 11)) + b"\xee"
    assert source.seen[-3:] == [True, "tc", False]
    assert pc.inb(0x08) & 0x0F == 0x04
    assert pc.stats.transfers[2] == 10
    assert pc.stats.bytes[2] == 10


def test_memory_goes_to_a_device_by_dma(pc):
    source = Source()
    pc.attach(source, dma=1, irq=6)
    pc.memory[0x1FFFE:0x20000] = b"\x12\x34"
    pc.memory[0x10000:0x10002] = b"\x56\x78"
    program(pc, 1, 0x48, 0x1FFFE, 3, page_port=0x83)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    assert [x for x in source.seen if isinstance(x, int) and not isinstance(x, bool)] == [0x12, 0x34, 0x56, 0x78]


def test_verify_moves_nothing_and_reaches_terminal_count(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    program(pc, 2, 0x40, 0x2E000, 3, page_port=0x81)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=10)
    assert source.next == 0
    assert source.seen.count("tc") == 1
    assert pc.stats.transfers[2] == 4
    assert pc.stats.bytes[2] == 0
