"""Memory read by bursts: which cycles the bus sees, what stands in the line, and when it is forgotten."""

import gc

import pytest

from isadma.soc import Wishbone, WishboneDma

ERROR, PAGE = 0x14, 0x10
DEMAND, SINGLE, BLOCK = 0x00, 0x40, 0x80
WRITE, READ, DECREMENT = 0x04, 0x08, 0x20
CLASSIC, NEXT, LAST = 0b000, 0b010, 0b111
LATENCIES = pytest.mark.parametrize("latency", [0, 1, 4])


def burst(first):
    """Return a whole burst from a word address on, as the memory saw it."""
    return [(first & ~3 | first + n & 3, LAST if n == 3 else NEXT, 0) for n in range(4)]


async def read_block(soc, channel, address, size, *, mode=BLOCK):
    await soc.program(channel, mode=mode | READ, address=address, count=size - 1)
    soc.dreq = 1 << channel
    ended = len(soc.tc)
    await soc.until(lambda: len(soc.tc) > ended)
    soc.dreq = 0
    await soc.idle()


async def copy(soc, source, destination, size, *, hold=False, step=0):
    await soc.write(0x08, 0x03 if hold else 0x01)
    await soc.program(0, mode=BLOCK | READ | step, address=source, count=size - 1)
    await soc.program(1, mode=BLOCK | WRITE | step, address=destination, count=size - 1)
    await soc.write(0x09, 0x04)
    await soc.idle()


@LATENCIES
def test_a_block_is_read_by_a_classic_cycle_and_a_burst_for_each_line_the_wanted_word_first(
    on_soc, burst_memory, latency
):
    async def scenario(soc):
        soc.slave = memory = burst_memory(wait=lambda beat: 0 if beat else latency)
        soc.memory[0x10000:0x10040] = bytes(range(0x80, 0xC0))
        await read_block(soc, 3, 0x10007, 0x12)
        assert soc.takes[3] == list(range(0x87, 0x99))
        # 10007h alone; 10008h begins a burst at the third word, which wraps; 10010h is in the next line.
        assert memory.seen == [
            (0x4001, CLASSIC, 0),
            *burst(0x4002),
            *burst(0x4004),
        ]
        assert burst(0x4002) == [(0x4002, 2, 0), (0x4003, 2, 0), (0x4000, 2, 0), (0x4001, 7, 0)]

    on_soc(scenario, shared=False, bursts=True)


@LATENCIES
def test_a_block_read_downwards_has_the_same_lines(on_soc, burst_memory, latency):
    async def scenario(soc):
        soc.slave = memory = burst_memory(wait=lambda beat: latency)
        soc.memory[0x10000:0x10040] = bytes(range(0x80, 0xC0))
        await read_block(soc, 2, 0x1001D, 0x10, mode=BLOCK | DECREMENT)
        assert soc.takes[2] == list(range(0x9D, 0x8D, -1))
        assert memory.seen == [(0x4007, CLASSIC, 0), *burst(0x4007), *burst(0x4003)]

    on_soc(scenario, shared=False, bursts=True)


def test_single_mode_never_reads_more_than_its_byte(on_soc, burst_memory):
    async def scenario(soc):
        soc.slave = memory = burst_memory()
        await read_block(soc, 1, 0x10100, 9, mode=SINGLE)
        assert soc.takes[1] == list(range(9))
        assert {cti for _, cti, _ in memory.seen} == {CLASSIC}

    on_soc(scenario, shared=False, bursts=True)


@LATENCIES
@pytest.mark.parametrize(
    ("source", "destination", "step"),
    [
        (0x0FFE1, 0x20003, 0),
        (0x10000, 0x10003, 0),
        (0x10003, 0x10000, 0),
        (0x1FFF6, 0x2FFF1, 0),
        (0x10030, 0x10031, 0x20),
    ],
    ids=["apart", "over itself, up", "over itself, down", "round both pages", "downwards"],
)
def test_a_copy_reads_what_it_has_written(on_soc, burst_memory, latency, source, destination, step):
    async def scenario(soc):
        soc.slave = memory = burst_memory(wait=lambda beat: latency)
        wanted = bytearray(soc.memory)
        for n in range(0x1D):  # byte by byte, as the 8237A does, within the page of either channel
            way = -n if step else n
            target, origin = destination + way & 0xFFFF, source + way & 0xFFFF
            wanted[destination & 0xFF0000 | target] = wanted[source & 0xFF0000 | origin]
        await copy(soc, source, destination, 0x1D, step=step)
        assert soc.memory == wanted
        assert LAST in {cti for _, cti, _ in memory.seen}
        assert {cti for _, cti, we in memory.seen if we} == {CLASSIC}

    on_soc(scenario, shared=False, bursts=True)


def test_a_fill_reads_its_byte_once_more_and_then_no_more(on_soc, burst_memory):
    async def scenario(soc):
        soc.slave = memory = burst_memory()
        soc.memory[0x10006] = 0x5A
        await copy(soc, 0x10006, 0x20000, 40, hold=True)
        assert soc.memory[0x20000:0x20029] == b"\x5a" * 40 + b"\x28"
        assert [entry for entry in memory.seen if not entry[2]] == [(0x4001, CLASSIC, 0), *burst(0x4001)]

    on_soc(scenario, shared=False, bursts=True)


@LATENCIES
def test_a_word_that_fails_in_a_burst_counts_when_it_is_wanted_and_fails_again(on_soc, burst_memory, latency):
    async def scenario(soc):
        failing = {0x4002}
        soc.slave = memory = burst_memory(wait=lambda beat: latency, fails=lambda adr, cti: adr in failing)
        await read_block(soc, 3, 0x10001, 6)  # up to the word before it
        assert soc.takes[3] == [1, 2, 3, 4, 5, 6]
        assert (0x4002, NEXT, 0) in memory.seen
        assert await soc.read(ERROR) == 0
        await read_block(soc, 3, 0x1000C, 4)  # and behind it
        assert await soc.read(ERROR) == 0
        memory.seen.clear()
        await soc.program(3, mode=BLOCK | READ, address=0x10006, count=9)
        soc.dreq = 8
        await soc.until(lambda: soc.ctx.get(soc.dma.irq))
        soc.dreq = 0
        await soc.idle()
        assert soc.takes[3][10:] == [6, 7, 0xFF, 0xFF]
        assert await soc.read(ERROR) == 8
        # It failed in the burst, unasked; and then by itself.
        assert memory.seen[-1] == (0x4002, CLASSIC, 0)

    on_soc(scenario, shared=False, bursts=True)


@LATENCIES
def test_memory_that_refuses_bursts_is_read_word_by_word(on_soc, burst_memory, latency):
    async def scenario(soc):
        soc.slave = burst_memory(wait=lambda beat: latency, fails=lambda adr, cti: cti != CLASSIC)
        await read_block(soc, 3, 0x10001, 30)
        assert soc.takes[3] == list(range(1, 31))
        assert await soc.read(ERROR) == 0

    on_soc(scenario, shared=False, bursts=True)


@pytest.mark.parametrize("latency", [0, 1, 4, 9])
def test_a_burst_outlives_its_service_and_the_next_one_waits_for_its_end(on_soc, burst_memory, latency):
    async def scenario(soc):
        soc.slave = memory = burst_memory(wait=lambda beat: latency)
        await soc.program(1, mode=DEMAND | READ, address=0x10000, count=99)
        await soc.program(2, mode=DEMAND | READ, address=0x20000, count=99)
        soc.dreq = 2
        await soc.until(lambda: any(cti == NEXT for _, cti, _ in memory.seen))
        soc.dreq = 4  # the service of channel 1 ends with the byte that it waits for
        await soc.until(lambda: not soc.ctx.get(soc.dma.memory.cyc))
        assert memory.seen[-1][1] == LAST
        taken = len(soc.takes[1])
        assert taken in (2, 3)
        await soc.until(lambda: len(soc.takes[2]) > 5)
        soc.dreq = 0
        await soc.idle()
        assert len(soc.takes[1]) == taken
        assert soc.takes[2] == list(range(len(soc.takes[2])))

    on_soc(scenario, shared=False, bursts=True)


def test_the_line_is_forgotten_with_the_service(on_soc, burst_memory):
    async def scenario(soc):
        soc.slave = burst_memory()
        await soc.program(1, mode=DEMAND | READ, address=0x10000, count=99)
        for n in range(5):
            soc.dreq = 2
            taken = len(soc.takes[1])
            await soc.until(lambda taken=taken: len(soc.takes[1]) >= taken + 3)
            soc.dreq = 0
            await soc.idle()
            here = len(soc.takes[1])
            assert soc.takes[1] == [*soc.takes[1][:taken], *soc.memory[0x10000 + taken : 0x10000 + here]]
            soc.memory[0x10000:0x10080] = bytes([0xC0 + n]) * 0x80  # somebody else has the bus

    on_soc(scenario, shared=False, bursts=True)


@pytest.mark.parametrize("clocks", range(1, 26, 3))
@pytest.mark.parametrize("how", ["RESET", "master clear"])
def test_reset_and_master_clear_at_any_time_leave_nothing_behind(on_soc, burst_memory, clocks, how):
    async def scenario(soc):
        soc.slave = memory = burst_memory(wait=lambda beat: 2)
        await soc.program(1, mode=DEMAND | READ, address=0x10000, count=99)
        soc.dreq = 2
        await soc.until(lambda: any(cti == NEXT for _, cti, _ in memory.seen))
        await soc.clock(clocks)
        soc.dreq = 0
        if how == "RESET":
            soc.slave = lambda soc: None  # what it answered last stays on its lines
            soc.ctx.set(soc.rst, 1)
            await soc.clock(2)
            soc.ctx.set(soc.rst, 0)
            assert not soc.ctx.get(soc.dma.memory.cyc)
        else:
            await soc.write(0x0D, 0)
            await soc.idle()
        soc.slave = burst_memory(wait=lambda beat: 2)
        soc.memory[0x10000:0x10080] = bytes(range(0x80, 0x100))
        soc.takes[1].clear()
        await read_block(soc, 1, 0x10001, 20)
        assert soc.takes[1] == list(range(0x81, 0x95))

    on_soc(scenario, shared=False, bursts=True)


@pytest.mark.parametrize("bursts", [False, True])
def test_the_registers_answer_a_burst_masters_transfers_one_by_one(on_soc, bursts):
    async def scenario(soc):
        # STB stays high from one transfer to the next, as in a burst of CTI 010, 010, 010, 111, round in four words.
        values = []
        for we in (1, 0):
            for n in (2, 3, 0, 1):
                soc.cpu = PAGE + n, we, 0x3330 + n
                await soc.until(lambda: soc.acked, 12)
                soc.acked = False
                if not we:
                    values.append(soc.ctx.get(soc.dma.registers.dat_r))
        soc.cpu = None
        await soc.clock()
        assert values == [0x3332, 0x3333, 0x3330, 0x3331]
        # The chip's registers likewise: a count is written and read through the flip-flop.
        await soc.write(0x0C, 0)
        values = []
        for we, data in ((1, 0x34), (1, 0x12), (0, 0), (0, 0)):
            soc.cpu = 7, we, data
            await soc.until(lambda: soc.acked, 12)
            soc.acked = False
            values += [] if we else [soc.ctx.get(soc.dma.registers.dat_r) & 0xFF]
        soc.cpu = None
        assert values == [0x34, 0x12]

    on_soc(scenario, shared=False, bursts=bursts)


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_pipelined_and_bursts_at_once_are_refused():
    with pytest.raises(ValueError, match="pipelined and bursts are both on: registered feedback is of standard mode"):
        WishboneDma(pipelined=True, bursts=True)
    with pytest.raises(ValueError, match="take one"):
        Wishbone(30, pipelined=True, bursts=True)
    gc.collect()
