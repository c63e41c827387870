"""A machine with five channels busy, a bus master and refresh; what its cards saw is the independent count."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from isadma_sim import PC, Device

#: By channel: mode, and what the card does (to memory or not), words or bytes.
BUSY = {1: (0x55, True, 1), 2: (0x5A, False, 1), 3: (0x17, True, 1), 5: (0x55, True, 2), 6: (0x5A, False, 2)}
#: By channel: ports of address, count and page; and the chip's flip-flop, mode and mask.
PORTS = {
    **{c: (2 * c, 2 * c + 1, page, 0x0C, 0x0B, 0x0A) for c, page in {1: 0x83, 2: 0x81, 3: 0x82}.items()},
    **{
        c: (0xC0 + 4 * (c - 4), 0xC2 + 4 * (c - 4), page, 0xD8, 0xD6, 0xD4)
        for c, page in {5: 0x8B, 6: 0x89, 7: 0x8A}.items()
    },
}
#: Transfers until terminal count, by channel.
COUNTS = {1: 48, 2: 37, 3: 64, 5: 29, 6: 51}
MASTER, MASTERS_BYTES = 7, 24


class Card(Device):
    """Asks for DMA again and again, with seeded pauses; on channel 3 it holds its request for several transfers."""

    def __init__(self, channel, irq):
        mode, self.to_memory, width = BUSY[channel]
        self.name = f"card{channel}"
        self.demand = not mode >> 6
        self.irq = irq
        self._largest = 0xFFFF if width == 2 else 0xFF
        self._random = random.Random(channel)
        self.values, self.counts = [], []

    def begin(self):
        self.lines.after(self._random.randint(1, 50), lambda: self.lines.dreq(True))

    def _moved(self, value):
        self.values.append(value)
        if not self.demand or self._random.random() < 0.3:
            self.lines.dreq(False)
            self.begin()

    def dma_read(self):
        value = self._random.randint(0, self._largest)
        self._moved(value)
        return value

    def dma_write(self, value):
        self._moved(value)

    def tc(self):
        self.counts.append(len(self.values))
        if self.irq:
            self.lines.irq(True)

    def dack(self, active):
        if active and self.irq:
            self.lines.irq(False)


class Master(Device):
    """Moves a few bytes over the bus itself, again and again."""

    name = "master"

    def __init__(self):
        self.moved = 0

    def begin(self):
        self.lines.after(700, lambda: self.lines.dreq(True))

    def dack(self, active):
        if active:
            data = bytearray(range(MASTERS_BYTES))
            self.lines.master(0x70000, data, to_memory=True, done=self._done)

    def _done(self, moved):
        self.moved += moved
        self.lines.after(1, lambda: self.lines.dreq(False))
        self.begin()


@dataclass
class Run:
    """What a run left."""

    path: Any
    cards: dict[int, Card] = field(default_factory=dict)
    master: Master | None = None
    log: list[Any] = field(default_factory=list)
    before: Any = None
    stats: Any = None
    ports: list[tuple[int, int | None]] = field(default_factory=list)
    begin: int = 0
    end: int = 0


def program(pc, channel, mode, address, count):
    """Load a channel by its ports, and unmask it."""
    at, counter, page, flip_flop, modes, masks = PORTS[channel]
    word = channel > 4
    pc.outb(flip_flop, 0)
    for port, value in ((at, address >> word & 0xFFFF), (counter, count - 1)):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8 & 0xFF)
    pc.outb(page, address >> 16)
    pc.outb(modes, mode)
    pc.outb(masks, channel & 3)


def busy_run(path, engine, transfers, *, log=False, **options):
    """Record a run of so many transfers or more."""
    run = Run(path)
    with PC(engine=engine, refresh=True, memory=1 << 20, **options) as pc:
        for channel, irq in zip(BUSY, (5, 0, 7, 10, 0), strict=True):
            run.cards[channel] = Card(channel, irq)
            pc.attach(run.cards[channel], dma=channel, irq=irq or None)
        run.master = Master()
        pc.attach(run.master, dma=MASTER)
        if log:
            run.log = pc.trace(10_000_000)
        run.begin, run.before = pc.clocks, pc.stats.copy()
        with pc.timeline(path):
            for channel, (mode, _, _) in BUSY.items():
                program(pc, channel, mode, 0x10000 * channel, COUNTS[channel])
            pc.outb(0xD6, 0xC0 | MASTER & 3)
            pc.outb(0xD4, MASTER & 3)
            for card in (*run.cards.values(), run.master):
                card.begin()
            while sum(len(card.values) for card in run.cards.values()) < transfers:
                pc.run(clocks=500)
                run.ports.append((0x08, pc.inb(0x08)))
            run.end = pc.clocks
        run.stats = pc.stats.copy()
    return run


@pytest.fixture(scope="session")
def busy(tmp_path_factory):
    """Return a function that gives the recorded run of an engine, made once."""
    made: dict[Any, Run] = {}

    def of(engine, transfers=600, **options):
        key = (engine, transfers, *options.items())
        if key not in made:
            made[key] = busy_run(tmp_path_factory.mktemp("line") / "run.trace", engine, transfers, **options)
        return made[key]

    return of
