"""A memory transfer that ends in err: the service ends, the channel's bit and the interrupt say so, memory is safe."""

import pytest

ERROR = 0x14
BUSES = pytest.mark.parametrize("shared", [True, False], ids=["one-bus", "two-buses"])
DEMAND, SINGLE, BLOCK = 0x00, 0x40, 0x80
WRITE, READ, AUTOINITIALIZE = 0x04, 0x08, 0x10


@BUSES
@pytest.mark.parametrize("kind", [DEMAND, SINGLE, BLOCK], ids=["demand", "single", "block"])
@pytest.mark.parametrize("command", [0x00, 0x08, 0x20], ids=["normal", "compressed", "extended"])
def test_a_failed_write_ends_the_service_and_nothing_behind_it_is_written(on_soc, shared, kind, command):
    async def scenario(soc):
        soc.faulty = range(0x20004, 0x20008)
        soc.gives[2].extend(range(0x61, 0x69))
        before = bytes(soc.memory)
        await soc.write(0x08, command)
        await soc.program(2, mode=kind | WRITE, address=0x20002, count=7)
        assert soc.ctx.get(soc.dma.irq) == 0
        soc.dreq = 0x04
        await soc.until(lambda: not soc.gives[2] or soc.ctx.get(soc.dma.irq))
        await soc.idle()
        soc.dreq = 0
        # Two bytes arrived, the third failed, the fourth went into nothing; channel 2 is masked, with its TC bit on.
        assert list(soc.gives[2]) == [0x65, 0x66, 0x67, 0x68]
        assert soc.memory == before[:0x20002] + b"\x61\x62" + before[0x20004:]
        assert soc.tc == []
        assert await soc.read(ERROR) == 0b0100
        assert await soc.read(0x08) & 0x0F == 0x04
        assert [await soc.read(5) for _ in range(2)] == [3, 0]
        await soc.write(ERROR, 0b1011)
        assert await soc.read(ERROR) == 0b0100
        assert soc.ctx.get(soc.dma.irq) == 1
        await soc.write(ERROR, 0b0100)
        assert await soc.read(ERROR) == 0
        assert soc.ctx.get(soc.dma.irq) == 0

    on_soc(scenario, shared=shared)


def test_after_the_bit_is_cleared_the_channel_works_again(on_soc):
    async def scenario(soc):
        soc.faulty = range(0x20000, 0x20004)
        soc.gives[1].extend(range(1, 20))
        await soc.program(1, mode=BLOCK | WRITE, address=0x20000, count=3)
        soc.dreq = 0x02
        await soc.until(lambda: soc.ctx.get(soc.dma.irq))
        await soc.idle()
        await soc.write(ERROR, 0xF)
        await soc.program(1, mode=BLOCK | WRITE, address=0x20010, count=3)
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert list(soc.memory[0x20010:0x20014]) == [3, 4, 5, 6]

    on_soc(scenario)


def test_a_failed_read_gives_ffh_and_the_channel_stops(on_soc):
    async def scenario(soc):
        soc.faulty = range(0x20004, 0x20008)
        await soc.program(3, mode=BLOCK | READ, address=0x20002, count=7)
        soc.dreq = 0x08
        await soc.until(lambda: soc.ctx.get(soc.dma.irq))
        await soc.idle()
        soc.dreq = 0
        assert soc.takes[3] == [2, 3, 0xFF, 0xFF]
        assert await soc.read(ERROR) == 0b1000

    on_soc(scenario)


def test_an_autoinitializing_channel_touches_no_memory_until_its_bit_is_cleared(on_soc):
    async def scenario(soc):
        soc.faulty = range(0x20000, 0x20004)
        await soc.program(0, mode=SINGLE | READ | AUTOINITIALIZE, address=0x20003, count=7)
        soc.dreq = 0x01
        await soc.until(lambda: len(soc.takes[0]) == 6)
        assert soc.takes[0] == [0xFF] * 6
        soc.faulty = range(0)
        await soc.write(ERROR, 1)
        seen = len(soc.takes[0])
        await soc.until(lambda: len(soc.takes[0]) >= seen + 4)
        soc.dreq = 0
        assert soc.takes[0][-2:] != [0xFF, 0xFF]

    on_soc(scenario)


def test_another_channel_is_not_stopped(on_soc):
    async def scenario(soc):
        soc.faulty = range(0x20000, 0x20004)
        soc.gives[1].extend(range(0x31, 0x3A))
        await soc.program(0, mode=BLOCK | READ, address=0x20003, count=7)
        await soc.program(1, mode=BLOCK | WRITE, address=0x10000, count=8)
        soc.dreq = 0x03
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert list(soc.memory[0x10000:0x10009]) == list(range(0x31, 0x3A))
        assert await soc.read(ERROR) == 0b0001

    on_soc(scenario)


@pytest.mark.parametrize("faulty", [0x10004, 0x20004], ids=["source", "destination"])
def test_memory_to_memory_stops_whichever_half_fails(on_soc, faulty):
    async def scenario(soc):
        soc.faulty = range(faulty, faulty + 4)
        before = bytes(soc.memory)
        await soc.write(0x08, 0x01)
        await soc.program(0, mode=BLOCK | READ, address=0x10002, count=7)
        await soc.program(1, mode=BLOCK | WRITE, address=0x20002, count=7)
        await soc.write(0x09, 0x04)
        await soc.until(lambda: soc.ctx.get(soc.dma.irq))
        await soc.idle()
        assert soc.memory == before[:0x20002] + before[0x10002:0x10004] + before[0x20004:]
        assert await soc.read(ERROR) == 0b0001

    on_soc(scenario)
