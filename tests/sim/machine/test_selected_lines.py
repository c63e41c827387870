"""A card without jumpers: software selects which DMA channels and which interrupt line it drives."""

import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device


class End:
    """One of a card's two DMA parts: keeps what it is given, and asks for as many transfers as it is told."""

    def __init__(self):
        self.got = []
        self.wanted = 0
        self.line = None

    def ask(self, count):
        self.wanted = count
        self.line.dreq(True)

    def dma_read(self):
        return 0

    def dma_write(self, value):
        self.got.append(value)
        self.wanted -= 1

    def dack(self, active):
        if active and self.wanted <= 1:
            self.line.dreq(False)

    def tc(self):
        pass


class Card(Device):
    """Port 300h selects the byte channel, 301h the word channel, 302h the line; 303h drives it."""

    def __init__(self, name="card", base=0x300, *, start=()):
        self.name = name
        self.base = base
        self.ports = tuple(range(base, base + 4))
        self.ends = [End(), End()]
        self.start = start

    def reset(self):
        for offset, value in self.start:
            self.io_write(self.base + offset, value)

    def io_write(self, port, value):
        offset = port - self.base
        if offset < 2:
            end = self.ends[offset]
            if end.line is not None:
                end.line.free()
                end.line = None
            if value < 8:
                end.line = self.lines.take_dma(value, end)
        elif offset == 2:
            self.lines.select_irq(None if value == 0xFF else value)
        else:
            self.lines.irq(bool(value))


@pytest.fixture
def pc():
    with PC(engine="reference") as machine:
        yield machine


def send(pc, channel, data):
    """Memory to device on a byte channel (1, 3) or a word channel (5), single mode."""
    pc.memory[0x20000 : 0x20000 + len(data)] = data
    chip, step = (0xC0, 2) if channel > 3 else (0, 1)
    local = channel & 3
    width = step
    pc.outb(chip + 0xA * step, 4 | local)
    pc.outb(chip + 0xC * step, 0)
    pc.outb(chip + 0xB * step, 0x48 | local)
    for value in (0, 0):
        pc.outb(chip + 2 * local * step, value)
    pc.outb({1: 0x83, 3: 0x82, 5: 0x8B}[channel], 2)
    count = len(data) // width - 1
    for value in (count & 0xFF, count >> 8):
        pc.outb(chip + (2 * local + 1) * step, value)
    pc.outb(chip + 0xA * step, local)


def test_each_selected_channel_has_an_end_of_its_own(pc):
    card = Card()
    pc.attach(card)
    pc.outb(0x300, 1)
    pc.outb(0x301, 5)
    for channel, end, data in ((1, card.ends[0], b"\x11\x22"), (5, card.ends[1], b"\x34\x12\x78\x56")):
        send(pc, channel, data)
        end.ask(2)
        pc.run(clocks=100)
    assert card.ends[0].got == [0x11, 0x22]
    assert card.ends[1].got == [0x1234, 0x5678]


def test_another_channel_is_driven_after_a_new_choice_and_the_old_one_is_free(pc):
    card = Card()
    pc.attach(card)
    pc.outb(0x300, 1)
    pc.outb(0x300, 3)
    pc.attach(Card("other", 0x310), dma=1)
    send(pc, 3, b"\x5a")
    card.ends[0].ask(1)
    pc.run(clocks=100)
    assert card.ends[0].got == [0x5A]


def test_a_channel_that_another_device_drives_cannot_be_selected_and_its_owner_is_named(pc):
    pc.attach(Card("network", 0x310), dma=3)
    pc.attach(Card())
    with pytest.raises(ValueError, match="DMA channel 3 for card is taken by network: use a free channel"):
        pc.outb(0x300, 3)
    pc.outb(0x300, 1)
    with pytest.raises(ValueError, match="DMA channel 1 for late is taken by card"):
        pc.attach(Card("late", 0x320), dma=1)


def test_an_interrupt_comes_on_the_line_selected_last(pc):
    pc.attach(Card())
    for irq in (5, 10):
        pc.outb(0x302, irq)
        pc.outb(0x303, 1)
    pc.outb(0x21, pc.inb(0x21) & ~0x20)
    pc.outb(0xA1, pc.inb(0xA1) & ~0x04)
    pc.wait_irq(10, clocks=100)
    with pytest.raises(TimeoutError):
        pc.wait_irq(5, clocks=100)


def test_a_line_that_another_device_drives_cannot_be_selected(pc):
    pc.attach(Card("network", 0x310), irq=5)
    pc.attach(Card(), irq=7)
    with pytest.raises(ValueError, match="IRQ 5 for card is taken by network: use a free line"):
        pc.outb(0x302, 5)
    pc.outb(0x302, 0xFF)
    pc.outb(0x303, 1)
    pc.attach(Card("late", 0x320), irq=7)


def test_a_card_whose_power_up_choice_is_taken_is_not_attached(pc):
    pc.attach(Card("network", 0x310), dma=3)
    with pytest.raises(ValueError, match="DMA channel 3 for card is taken by network"):
        pc.attach(Card(start=((0, 1), (2, 5), (1, 3))))
    pc.attach(Card("next", 0x300, start=((0, 1), (2, 5))))
