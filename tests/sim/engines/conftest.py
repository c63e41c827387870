"""Programs and devices for tests of the engines, the same for each of them."""

import random

import pytest

from isadma_sim import PC, Device

#: Engine name and options of everything that must behave the same.
RUNNERS = {
    "reference": ("reference", {}),
    "amaranth": ("amaranth", {}),
    "native": ("native", {}),
}


class Card(Device):
    """A card on one channel, driven by its script: what comes, when, and how long DRQ stays, is all seeded."""

    def __init__(self, name, seed, *, word):
        self.name = name
        self._random = random.Random(seed)
        self._largest = 0xFFFF if word else 0xFF
        self.log = []
        self.left = 0

    def start(self, requests):
        """Ask for DMA so many times, with pauses between."""
        self.left = requests
        self.lines.after(self._random.randint(1, 40), self._ask)

    def _ask(self):
        self.lines.dreq(True)

    def _answered(self):
        # One out of three requests goes on without a pause: back-to-back services.
        self.left -= 1
        if self.left <= 0:
            self.lines.dreq(False)
        elif self._random.random() < 0.66:
            self.lines.dreq(False)
            self.lines.after(self._random.randint(1, 60), self._ask)

    def dma_read(self):
        value = self._random.randint(0, self._largest)
        self.log.append((self.lines.clock, "r", value))
        self._answered()
        return value

    def dma_write(self, value):
        self.log.append((self.lines.clock, "w", value))
        self._answered()

    def dack(self, active):
        self.log.append((self.lines.clock, "dack", active))

    def tc(self):
        self.log.append((self.lines.clock, "tc"))
        self.lines.dreq(False)
        self.left = 0
        self.lines.irq(True)
        self.lines.after(3, lambda: self.lines.irq(False))


def registers(channel):
    """Ports (mode, mask, flip-flop, address, count, page) of a channel; those of 1 to 3 are the same on both boards."""
    page = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}[channel]
    if channel < 4:
        return 0x0B, 0x0A, 0x0C, 2 * channel, 2 * channel + 1, page
    return 0xD6, 0xD4, 0xD8, 0xC0 + 4 * (channel - 4), 0xC2 + 4 * (channel - 4), page


def set_up(pc, channel, mode, address, count):
    """Write a channel's registers, and unmask it; address in the chip's own units."""
    mode_port, mask, flip_flop, address_port, count_port, page = registers(channel)
    pc.outb(mask, 4 | channel & 3)
    pc.outb(flip_flop, 0)
    pc.outb(mode_port, mode | channel & 3)
    for port, value in ((address_port, address), (count_port, count)):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8 & 0xFF)
    pc.outb(page, address >> 16 & 0xFF)
    pc.outb(mask, channel & 3)


def scenario(seed, engine, *, traced=True, board="at", **options):
    """A seeded program on three channels; returns everything that can be told from the outside.

    Without a trace the native engine never leaves its C++ loop.
    """
    dice = random.Random(seed)
    with PC(engine=engine, board=board, **options) as pc:
        pc.memory[0x10000:0x40000] = dice.randbytes(0x30000)
        channels = dice.sample([0, 1, 2, 3, 5, 6, 7] if board == "at" else [1, 2, 3], 3)
        cards = [Card(f"card{n}", dice.random(), word=n > 4) for n in channels]
        for card, channel, irq in zip(cards, channels, (6, 1, 5), strict=True):
            pc.attach(card, dma=channel, irq=irq)
        pc.outb(0x21, pc.inb(0x21) & ~0x20)  # IRQ 5 too
        pc.outb(0x08, dice.choice([0x00, 0x10, 0x20, 0x08]))
        pc.outb(0xD0, dice.choice([0x00, 0x10]))
        trace = pc.trace() if traced else ()
        for channel in channels:
            mode = dice.choice([0x40, 0x44, 0x48, 0x54, 0x58, 0x64, 0x04, 0x08])
            set_up(pc, channel, mode, dice.choice([0x10000, 0x100F8, 0x1FFFA, 0x20001]), dice.randint(0, 20))
        reads = []
        for _ in range(6):
            for card in cards:
                card.start(dice.randint(1, 8))
            pc.run(clocks=dice.choice([1, 7, 90, 700, 5000]))
            reads += [pc.inb(port) for port in (0x08, 0xD0, 0x21, 0x20, 0x02, 0x02)]
            pc.outb(0x0E, 0)
        try:
            pc.wait_irq(6, clocks=2000)
            reads.append(pc.clocks)
        except TimeoutError as error:
            reads.append(str(error))
        return {
            "clocks": pc.clocks,
            "reads": reads,
            "memory": bytes(pc.memory[0x10000:0x40000]),
            "cards": [card.log for card in cards],
            "trace": [str(cycle) for cycle in trace],
            "dma_clocks": pc.stats.dma_clocks,
            "shares": pc.stats.shares(),
            "refreshes": pc.stats.refreshes,
            "transfers": pc.stats.transfers,
            "stepped": pc.stats.stepped,
        }


@pytest.fixture
def run_scenario():
    return scenario


@pytest.fixture(params=list(RUNNERS))
def runner(request):
    """Engine name and options."""
    return RUNNERS[request.param]


@pytest.fixture
def program():
    """Writes a channel's registers: (pc, channel, mode, address, count)."""
    return set_up
