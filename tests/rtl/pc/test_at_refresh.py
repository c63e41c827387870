"""The AT's refresh: cycles of its own, beside the DMA, and never at the same time."""

from itertools import product

import pytest

# Columns: HRQ HLDA AEN DACK strobes TC address. Strobes R, W: IOR#, IOW#; r, w: MEMR#, MEMW#; -: driven high;
# .: floating.
CYCLE = [
    "0 0 0 - .  0 ......",  # OUT1 rises; the latch takes it
    "0 0 0 - .  0 ......",  # the request is seen
    "1 0 0 - .  0 ......",  # HOLD
    "1 1 0 - .  0 ......",
    "1 1 0 - -  0 A50000",  # R1
    "1 1 0 - r  0 A50000",  # R2
    "1 1 0 - r  0 A50000",  # R3
    "0 1 0 - -  0 A50000",  # R4: HOLD low
    "0 0 0 - .  0 ......",
]


async def pulse(pc, width=2):
    pc.ctx.set(pc.board.out1, 0)
    await pc.clock(width)
    pc.ctx.set(pc.board.out1, 1)


def strobes(pc):
    return [row.strobes for row in pc.rows if row.strobes != "."]


@pytest.fixture
def board(at_hardware):
    def run(scenario, **parameters):
        at_hardware(scenario, refresh=True, **parameters)

    return run


def test_out1_rising_reads_one_row(board):
    async def scenario(pc):
        await pc.outb(0x8F, 0xA5)
        await pulse(pc)
        pc.mark()
        await pc.clock(9)
        assert pc.table() == CYCLE
        await pc.clock(50)  # OUT1 stays high: nothing more
        assert strobes(pc) == ["-", "r", "r", "-"]

    board(scenario)


def test_a_fabric_at_twice_the_clock_shows_the_same_cycle(board):
    async def scenario(pc):
        await pc.outb(0x8F, 0xA5)
        await pulse(pc)
        pc.mark()
        await pc.clock(9)
        assert pc.table()[:8] == CYCLE[1:]  # the latch is a fabric clock late, not a state

    board(scenario, ratio=2)


def test_refresh_low_means_a_refresh_cycle(board):
    async def scenario(pc):
        await pulse(pc)
        low = []
        for _ in range(20):
            await pc.clock()
            # the signal after this state's end is the next state's
            low.append(pc.ctx.get(pc.isa.refresh_n) == 0)
        assert low.count(True) == 4
        driven = [row.strobes != "." for row in pc.rows[-20:]]
        assert low[:-1] == driven[1:]

    board(scenario)


def test_rows_count_up_and_around(board):
    async def scenario(pc):
        pc.mark()
        for _ in range(258):
            await pulse(pc, width=1)
            await pc.clock(14)
        rows = [row.address & 0xFFFF for row in pc.rows if row.strobes == "r"][::2]
        assert rows == [*range(256), 0, 1]

    board(scenario)


@pytest.mark.parametrize("low", [1, 2, 17])
def test_iochrdy_makes_the_cycle_longer(board, low):
    async def scenario(pc):
        await pulse(pc)
        pc.mark()
        await pc.until(lambda: strobes(pc) == ["-", "r"])  # the next state is R3
        pc.ctx.set(pc.isa.iochrdy, 0)
        await pc.clock(low)
        pc.ctx.set(pc.isa.iochrdy, 1)
        await pc.idle()
        assert strobes(pc) == ["-", "r", "r"] + ["r"] * low + ["-"]

    board(scenario)


@pytest.mark.parametrize(
    ("channel", "release_delay"),
    [
        pytest.param(*each, marks=[] if each in ((2, 0), (6, 3)) else pytest.mark.long)
        for each in product((2, 6), (0, 1, 3))
    ],
)
def test_refresh_and_dma_take_turns_whenever_they_ask(board, channel, release_delay):
    async def scenario(pc):
        await pc.post()
        pc.release_delay = release_delay
        for apart in range(-16, 17):
            await pc.program(channel, mode=0x44, address=0x0400, count=0, page=0x12)
            await pc.outb(0x8F, 0xA4)
            pc.device[channel].append(0x5A)
            pc.written.clear()
            pc.mark()
            if apart < 0:
                pc.drq = 1 << channel
                await pc.clock(-apart)
            await pulse(pc, width=1)
            if apart >= 0:
                await pc.clock(apart)
                pc.drq = 1 << channel
            await pc.idle()
            assert [row.address >> 16 for row in pc.rows if row.strobes == "r"] == [0xA4] * 2
            assert pc.written == [(0x120400 if channel < 4 else 0x120800, 0x5A)]
            # Each of the two had its own HLDA.
            taken = [i for i, row in enumerate(pc.rows) if row.hlda and not pc.rows[i - 1].hlda]
            assert len(taken) == 2

    board(scenario)


def test_refresh_waits_for_a_long_service_and_comes_once(board):
    async def scenario(pc):
        await pc.post()
        await pc.program(5, mode=0x84, address=0, count=99, page=0)
        pc.device[5].extend(range(100))
        pc.drq = 0x20
        await pc.until(lambda: pc.rows[-1].dack == "5")
        pc.mark()
        for _ in range(3):
            await pulse(pc)
            await pc.clock(3)
        await pc.idle(1000)
        assert len(pc.written) == 100
        assert [row.strobes for row in pc.rows if "r" in row.strobes] == ["r", "r"]

    board(scenario)


def test_reset_in_a_refresh_gives_the_bus_back(board):
    async def scenario(pc):
        for states in range(1, 12):
            await pulse(pc)
            await pc.clock(states)
            await pc.reset()
            await pc.idle()
            pc.mark()
            await pc.clock(10)
            assert strobes(pc) == []
        await pulse(pc)
        await pc.idle()
        assert strobes(pc) == ["-", "r", "r", "-"]

    board(scenario)


def test_without_refresh_the_board_ignores_out1(at_hardware):
    async def scenario(pc):
        await pulse(pc)
        await pc.clock(30)
        assert not any(row.hrq for row in pc.rows)

    at_hardware(scenario)
