"""Random services with bursts: every byte against memory as it is then, and everything against the same without."""

import random

import pytest

ERROR = 0x14
DEMAND, SINGLE, BLOCK = 0x00, 0x40, 0x80
WRITE, READ, DECREMENT, AUTOINITIALIZE = 0x04, 0x08, 0x20, 0x10
CLASSIC = 0b000
#: Where buffers lie: around the edges of lines and pages of a few hundred bytes that buffers share.
BASES = (0x10000, 0x1FFF0, 0x20000, 0x10040, 0x100F8)
SEEDS = 6


def _buffer(draw):
    """Draw an address in a page, a size, and a way."""
    base = draw.choice(BASES)
    return (
        base & ~0xFFFF | base + draw.randrange(-20, 20) & 0xFFFF,
        draw.randrange(1, 45),
        draw.choice([0, 0, DECREMENT]),
    )


def _addresses(address, size, way):
    """Return the byte addresses of a service: sixteen bits count, and the page stays."""
    return [address & ~0xFFFF | address + (-n if way else n) & 0xFFFF for n in range(size)]


def _memory(draw, burst_memory, *, fails):
    """Draw a memory's manners: one wait for all words, or one for a burst's first and few for the others."""
    slow, knows, most = draw.randrange(10), draw.random() < 0.6, draw.choice([0, 0, 1, 3])
    return burst_memory(
        wait=lambda beat: draw.randrange(most + 1) if knows and beat else draw.randrange(slow + 1),
        fails=fails,
        idle=lambda: draw.choice([(0, 0), (0, 0), (1, 0), (0, 1)]),
    )


class Coherence:
    """
    Compares each byte that a device takes, and each that a copy writes, with memory as it is in that clock.

    While nobody has the bus, somebody writes a byte here and there.
    """

    def __init__(self, soc, memory, draw):
        self.soc, self.memory, self.draw = soc, memory, draw
        self.expects, self.takes, self.compared, self.changed = [], soc.takes[1], 0, 0

    def __call__(self, soc):
        self.memory(soc)
        while len(self.takes) > self.compared:
            address = self.expects[self.compared]
            assert self.takes[self.compared] == soc.memory[address], f"byte {self.compared}, from {address:05X}h"
            self.compared += 1
        if self.memory.free > 3 and self.draw.random() < 0.5:
            base = self.draw.choice(BASES) & ~0xF
            soc.memory[base + self.draw.randrange(-16, 32)] = self.draw.randrange(256)
            self.changed += 1

    async def service(self):
        """Let channel 1 read a buffer, with a device that comes and goes."""
        address, size, way = _buffer(self.draw)
        self.expects += _addresses(address, size, way)
        mode = self.draw.choice([DEMAND, DEMAND, SINGLE, BLOCK])
        self.soc.slow = self.draw.choice([0, 0, 2])
        await self.soc.write(0x08, self.draw.choice([0x00, 0x08, 0x20]))
        await self.soc.program(1, mode=mode | READ | way, address=address, count=size - 1)
        ended = len(self.soc.tc)
        for _ in range(3000):
            if len(self.soc.tc) > ended:
                break
            if self.draw.random() < 0.1:
                self.soc.dreq ^= 2
            await self.soc.clock()
        else:
            raise AssertionError("the service never ends")
        self.soc.dreq = 0
        await self.soc.idle()
        await self.soc.clock(self.draw.randrange(6))
        assert self.compared == len(self.expects)


def _coherent(on_soc, burst_memory, seed, services):
    async def scenario(soc):
        draw = random.Random(f"coherent {seed}")
        # Any word of a burst may fail: nobody is to notice.
        memory = _memory(draw, burst_memory, fails=lambda adr, cti: cti != CLASSIC and draw.random() < 0.1)
        soc.slave = world = Coherence(soc, memory, draw)
        for _ in range(services):
            await world.service()
        assert await soc.read(ERROR) == 0
        assert world.changed

    on_soc(scenario, shared=False, bursts=True)


async def _services(soc, program):
    """Play services one after the other; return all that can be told from outside but the time that they took."""
    told = []
    for kind, command, mode, (address, size, way), (target, _, other), data in program:
        soc.takes[3].clear()
        soc.gives[2].clear()
        soc.gives[2].extend(data)
        await soc.write(0x08, command | (kind in ("copy", "fill")) | (kind == "fill") << 1)
        if kind in ("copy", "fill"):
            await soc.program(0, mode=BLOCK | READ | way, address=address, count=size - 1)
            await soc.program(1, mode=BLOCK | WRITE | other, address=target, count=size - 1)
            await soc.write(0x09, 0x04)
        else:
            channel = 3 if kind == "read" else 2
            await soc.program(
                channel, mode=mode | way | (READ if kind == "read" else WRITE), address=address, count=size - 1
            )
            soc.dreq = 1 << channel
            ended = len(soc.tc)
            await soc.until(lambda ended=ended: len(soc.tc) > ended or soc.ctx.get(soc.dma.irq))
            soc.dreq = 0
        await soc.idle()
        counts = []
        await soc.write(0x0C, 0)
        for register in range(8):
            counts.append(await soc.read(register) | await soc.read(register) << 8)
        told.append(
            (
                kind,
                bytes(soc.takes[3]),
                bytes(soc.gives[2]),
                counts,
                await soc.read(0x08),
                await soc.read(ERROR),
                bytes(soc.memory),
            )
        )
        await soc.write(ERROR, 0xF)
        await soc.write(0x0D, 0)
    return told


def _program(draw, services):
    for _ in range(services):
        kind = draw.choice(["read", "read", "write", "copy", "fill"])
        command = draw.choice([0x00, 0x08, 0x20]) if kind in ("read", "write") else 0
        mode = draw.choice([DEMAND, SINGLE, BLOCK])
        yield kind, command, mode, _buffer(draw), _buffer(draw), draw.randbytes(50)


def _as_without(on_soc, burst_memory, seed, services, failing):
    told = []
    for bursts in (False, True):

        async def scenario(soc, bursts=bursts):
            draw = random.Random(f"as without {seed}")
            program = list(_program(draw, services))
            faulty = {draw.choice(BASES) // 4 + draw.randrange(-8, 8) for _ in range(3)} if failing else set()
            soc.memory[:] = draw.randbytes(len(soc.memory))
            if bursts:
                fails = lambda adr, cti: adr in faulty or (cti != CLASSIC and draw.random() < 0.05)  # noqa: E731
                soc.slave = _memory(draw, burst_memory, fails=fails)
            else:
                soc.faulty = {4 * adr for adr in faulty}
            told.append(await _services(soc, program))

        on_soc(scenario, shared=False, bursts=bursts)
    for plain, burst in zip(*told, strict=True):
        assert burst[:-1] == plain[:-1]
        assert burst[-1] == plain[-1], "memory"
    return told[0]


@pytest.mark.parametrize("seed", range(2))
def test_a_byte_is_never_older_than_its_service(on_soc, burst_memory, seed):
    _coherent(on_soc, burst_memory, seed, 3)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_a_byte_is_never_older_than_its_service_in_many(on_soc, burst_memory, seed):
    _coherent(on_soc, burst_memory, seed, 60)


@pytest.mark.parametrize("failing", [False, True], ids=["sound", "failing"])
def test_with_bursts_all_is_as_without_but_for_the_time(on_soc, burst_memory, failing):
    told = _as_without(on_soc, burst_memory, 3, 4, failing)
    assert failing == any(service[5] for service in told)


@pytest.mark.long
@pytest.mark.parametrize("failing", [False, True], ids=["sound", "failing"])
@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_with_bursts_all_is_as_without_in_many(on_soc, burst_memory, seed, failing):
    _as_without(on_soc, burst_memory, seed, 50, failing)
