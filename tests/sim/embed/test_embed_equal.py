"""The C library beside the Python machine: the same programs, bytes and clocks."""

import random
from functools import partial

import pytest

from isadma_sim import PC, Device

SIZE = 1 << 17
PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}


def port_writes(channel, mode, address, count):
    """Mask, mode, address, count and page of a channel, and the mask off; address in the chip's own units."""
    base, mask, clear, mode_port = (
        (2 * channel, 0x0A, 0x0C, 0x0B) if channel < 4 else (0xC0 + 4 * (channel - 4), 0xD4, 0xD8, 0xD6)
    )
    step, low = (1, channel) if channel < 4 else (2, channel - 4)
    yield from ((mask, 4 | low), (clear, 0), (mode_port, mode | low))
    yield from ((base, address & 0xFF), (base, address >> 8 & 0xFF))
    yield from ((base + step, count & 0xFF), (base + step, count >> 8), (PAGES[channel], address >> 16), (mask, low))


class Script:
    """A device on every channel, the same for both machines: what it drives and when it lets go is seeded."""

    def __init__(self, seed, channels):
        self.dice = {channel: random.Random(f"{seed} {channel}") for channel in channels}
        self.log = []
        self.drop = None  # lowers a channel's DREQ

    def dma_read(self, channel):
        value = self.dice[channel].randrange(1 << (8 if channel < 4 else 16))
        self.log.append(("read", channel, value))
        self.answered(channel)
        return value

    def dma_write(self, channel, value):
        self.log.append(("write", channel, value))
        self.answered(channel)

    def answered(self, channel):
        if self.dice[channel].random() < 0.2:
            self.drop(channel)

    def dack(self, channel, active):
        self.log.append(("dack", channel, bool(active)))

    def tc(self, channel):
        self.log.append(("tc", channel))
        self.drop(channel)

    def block_over(self, channel, moved, counted):
        self.log.append(("over", channel, moved, bool(counted)))


class Card(Device):
    """One channel's end of a script on the Python machine."""

    def __init__(self, script, channel):
        self.name, self.script, self.channel = f"card {channel}", script, channel
        self.ports = (0x300 + channel,)

    def dma_read(self):
        return self.script.dma_read(self.channel)

    def dma_write(self, value):
        self.script.dma_write(self.channel, value)

    def dack(self, active):
        self.script.dack(self.channel, active)

    def tc(self):
        self.script.tc(self.channel)

    def io_read(self, port):
        return port & 0x5A

    def io_write(self, port, value):
        self.script.log.append(("out", port, value))


class InPython:
    """The Python machine, driven as the C one."""

    def __init__(self, engine, board, script, channels, memory, **options):
        self.pc = PC(engine=engine, board=board, memory=memory, post=False, **options)
        self.cards = {channel: Card(script, channel) for channel in channels}
        self.script = script
        for channel, card in self.cards.items():
            self.pc.attach(card, dma=channel)
        script.drop = lambda channel: self.cards[channel].lines.dreq(False)
        self.outb, self.inb, self.run, self.close = self.pc.outb, self.pc.inb, self.pc.run, self.pc.close

    def raise_dreq(self, channel):
        self.cards[channel].lines.dreq(True)

    def start_block(self, channel, data, to_memory):
        over = partial(self.script.block_over, channel)
        self.cards[channel].lines.start_block(data, to_host=to_memory, done=over)

    @property
    def clocks(self):
        return self.pc.clocks

    def figures(self):
        stats = self.pc.stats
        return stats.dma_clocks, stats.accesses, stats.mem_to_mem, list(stats.transfers), list(stats.bytes)


class InC:
    """The C machine."""

    def __init__(self, at, script, channels, memory, **options):
        binding, library = at
        calls = {
            "dma_read": lambda _, channel: script.dma_read(channel),
            "dma_write": lambda _, channel, value: script.dma_write(channel, value),
            "dack": lambda _, channel, active: script.dack(channel, active),
            "tc": lambda _, channel: script.tc(channel),
            "block_over": lambda _, channel, moved, counted: script.block_over(channel, moved, counted),
            "io_read": lambda _, port: port & 0x5A,
            "io_write": lambda _, port, value: script.log.append(("out", port, value)),
        }
        self.machine = binding.Machine(library, memory, callbacks=calls, **options)
        for channel in channels:
            self.machine.call("claim", 0x300 + channel, 1, 1)
        script.drop = lambda channel: self.machine.call("set_dreq", channel, 0)
        self.outb, self.inb, self.run, self.close = (
            self.machine.outb, self.machine.inb, self.machine.run, self.machine.close,
        )  # fmt: skip

    def raise_dreq(self, channel):
        self.machine.call("set_dreq", channel, 1)

    def start_block(self, channel, data, to_memory):
        self.machine.call("start_block", channel, self.machine.block(data), len(data), int(to_memory))

    @property
    def clocks(self):
        return self.machine.clocks

    def figures(self):
        stats = self.machine.stats
        return stats.dma_clocks, stats.accesses, stats.mem_to_mem, list(stats.transfers), list(stats.bytes)


def steps(dice, channels, board):
    """A seeded program: each step is a function of a machine that returns what it saw."""
    if board == "at":
        yield from (partial(out, 0xD6, 0xC0), partial(out, 0xD4, 0))
    yield partial(out, 0x08, dice.choice([0x00, 0x10, 0x20]))
    blocks = {}
    for _ in range(12):
        channel = dice.choice(channels)
        mode = dice.choice([0x40, 0x44, 0x48, 0x54, 0x64, 0x04, 0x08, 0x84, 0x88])
        for port, value in port_writes(
            channel, mode, dice.choice([0x4000, 0x40F8, 0xFFFA, 0x2001]), dice.randint(0, 20)
        ):
            yield partial(out, port, value)
        if dice.random() < 0.4 and channel not in blocks:
            blocks[channel] = dice.randbytes(2 * dice.randint(1, 12))
            yield partial(block, channel, blocks[channel], mode & 0xC == 4)
        elif channel not in blocks:
            yield partial(ask, channel)
        yield partial(go, dice.choice([1, 7, 90, 300]))
        yield partial(read, dice.choice([0x08, 0x02, 0x03, 0x300 + channel, 0x81, 0x350]))
        if dice.random() < 0.3:
            yield partial(out, 0x300 + channel, dice.randrange(256))
    yield partial(go, 4000)


def out(port, value, machine):
    machine.outb(port, value)


def read(port, machine):
    return machine.inb(port)


def ask(channel, machine):
    machine.raise_dreq(channel)


def block(channel, data, to_memory, machine):
    machine.start_block(channel, bytearray(data), to_memory)


def go(clocks, machine):
    return machine.run(clocks)


def played(machine, script, memory, seed, channels, board):
    """Play a program, and tell all there is to tell."""
    told = []
    for step in steps(random.Random(seed), channels, board):
        told.append((step(machine), machine.clocks, len(script.log)))
    told += [machine.figures(), script.log, bytes(memory)]
    machine.close()
    return told


def both(library, seed, board, engine, **options):
    channels = [1, 2, 3] if board == "xt" else [0, 1, 2, 3, 5, 6, 7]
    told = []
    for made in (partial(InPython, engine, board), partial(InC, library)):
        script, memory = Script(seed, channels), bytearray(random.Random(seed).randbytes(SIZE))
        told.append(played(made(script, channels, memory, **options), script, memory, seed, channels, board))
    return told


@pytest.mark.parametrize("seed", range(4))
def test_random_programs_end_alike_on_an_at(at, seed):
    python, c = both(at, seed, "at", "reference", hlda_delay=1 + seed % 3)
    assert c == python
    assert {entry[0] for entry in c[-2]} >= {"read", "dack"}
    assert any(c[-3][4]), "nothing was moved"


@pytest.mark.parametrize("seed", range(2))
def test_random_programs_end_alike_on_a_pc_xt(xt, seed):
    python, c = both(xt, seed, "xt", "reference")
    assert c == python


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_random_programs_end_alike(at, xt, seed):
    board, library = ("at", at) if seed % 3 else ("xt", xt)
    python, c = both(library, seed, board, "reference", hlda_delay=1 + seed % 4, skip_idle=bool(seed & 8))
    assert c == python
