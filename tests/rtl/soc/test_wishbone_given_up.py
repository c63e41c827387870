"""Accesses that the master gives up before their ack, after 1 to 9 clocks; pages that move under a transfer; STALL."""

import pytest

PAGE, ERROR, MODE, FLIP_FLOP, COUNT_3 = 0x10, 0x14, 0x0B, 0x0C, 0x07
PATIENCE = range(1, 10)


async def give_up(soc, adr, we, data, clocks, lines):
    """Ask for an access for that many clocks, then for none; return in which clock it was acknowledged, or 0."""
    await soc.clock(4)  # a write acknowledged before is done by then
    soc.lines = lines
    answered = 0
    for clock in range(1, clocks + 1):
        soc.cpu = adr, we, data
        await soc.clock()
        if soc.acked:
            answered = clock
            break
    soc.cpu = None
    await soc.clock()
    soc.lines = ("cyc", "stb")
    return answered


@pytest.mark.parametrize("lines", [("cyc", "stb"), ("stb",), ("cyc",)], ids=["both", "stb", "cyc"])
@pytest.mark.parametrize("clocks", PATIENCE)
def test_a_page_write_is_done_when_it_is_acknowledged_and_only_then(on_soc, clocks, lines):
    async def scenario(soc):
        await soc.write(PAGE + 2, 0x1111)
        await soc.write(PAGE + 3, 0x3333)
        answered = await give_up(soc, PAGE + 2, 1, 0x2222, clocks, lines)
        assert answered == (0 if clocks == 1 else 2)
        # The next access at once: neither swallowed nor answered for the one before.
        await soc.write(PAGE + 3, 0x4444)
        assert await soc.read(PAGE + 2) == (0x2222 if answered else 0x1111)
        assert await soc.read(PAGE + 3) == 0x4444

    on_soc(scenario, shared=False)


@pytest.mark.parametrize("clocks", PATIENCE)
@pytest.mark.parametrize("next_one", ["write", "read"])
def test_a_write_to_the_chip_likewise(on_soc, clocks, next_one):
    async def scenario(soc):
        await soc.write(FLIP_FLOP, 0)
        await soc.write(COUNT_3, 0x11)
        await soc.write(COUNT_3, 0x22)
        answered = await give_up(soc, COUNT_3, 1, 0x99, clocks, ("cyc", "stb"))
        assert answered == (0 if clocks == 1 else 2)
        if next_one == "write":
            await soc.write(FLIP_FLOP, 0)
            assert [await soc.read(COUNT_3) for _ in range(2)] == [0x99 if answered else 0x11, 0x22]
        else:  # the flip-flop moved with the write, or did not
            assert await soc.read(COUNT_3) == (0x22 if answered else 0x11)

    on_soc(scenario, shared=False)


@pytest.mark.parametrize("clocks", PATIENCE)
def test_a_read_of_the_chip_has_its_side_effect_with_its_ack(on_soc, clocks):
    async def scenario(soc):
        await soc.write(FLIP_FLOP, 0)
        await soc.write(COUNT_3, 0x11)
        await soc.write(COUNT_3, 0x22)
        answered = await give_up(soc, COUNT_3, 0, 0, clocks, ("cyc", "stb"))
        assert answered == (0 if clocks < 6 else 6)
        assert await soc.read(COUNT_3) == (0x22 if answered else 0x11)

    on_soc(scenario, shared=False)


@pytest.mark.parametrize("clocks", PATIENCE)
def test_while_the_chip_is_busy_an_access_may_be_given_up_at_any_time(on_soc, clocks):
    async def scenario(soc):
        soc.gives[1].extend([7] * 100)
        await soc.program(3, mode=0x44, address=0, count=0x2211)
        await soc.program(1, mode=0x84, address=0x20000, count=99)
        soc.dreq = 0x02
        await soc.until(lambda: soc.ctx.get(soc.dma.dack) == 0b1101)
        assert await give_up(soc, COUNT_3, 1, 0x99, clocks, ("cyc", "stb")) == 0
        assert await give_up(soc, COUNT_3, 0, 0, clocks, ("cyc", "stb")) == 0
        await soc.write(PAGE, 0x5A5A)  # answered meanwhile
        assert await soc.read(PAGE) == 0x5A5A
        assert not soc.tc
        assert await soc.read(COUNT_3) == 0x11
        soc.dreq = 0
        assert soc.tc
        assert await soc.read(COUNT_3) == 0x22

    on_soc(scenario, shared=False)


@pytest.mark.parametrize("clocks", PATIENCE)
def test_an_error_bit_goes_with_the_ack_and_only_then(on_soc, clocks):
    async def scenario(soc):
        soc.faulty = range(0x20000, 0x20004)
        await soc.program(0, mode=0x88, address=0x20000, count=0)
        soc.dreq = 1
        await soc.until(lambda: soc.ctx.get(soc.dma.irq))
        soc.dreq = 0
        await soc.idle()
        answered = await give_up(soc, ERROR, 1, 1, clocks, ("cyc", "stb"))
        assert soc.ctx.get(soc.dma.irq) == (not answered)

    on_soc(scenario, shared=False)


@pytest.mark.parametrize("latency", [1, 2, 5, 9])
@pytest.mark.parametrize("mode", [0x84, 0x88], ids=["to memory", "from memory"])
def test_the_address_stands_still_when_a_page_is_written_under_a_transfer(on_soc, latency, mode):
    async def scenario(soc):
        soc.gives[1].extend(range(0x41, 0x45))
        await soc.program(1, mode=mode, address=0x20000, count=3)
        soc.dreq = 0x02
        moved = False
        for n in range(100):  # the bench's memory watches every transfer
            await soc.write(PAGE + 1, 2 + n % 2)
            moved = moved or soc.ctx.get(soc.dma.memory.stb)
            if soc.tc:
                break
        soc.dreq = 0
        assert soc.tc
        assert moved

    on_soc(scenario, shared=False, latency=latency)


@pytest.mark.parametrize("shared", [True, False], ids=["one-bus", "two-buses"])
@pytest.mark.parametrize("latency", [0, 1, 4])
def test_pipelined_buses_move_the_same_bytes(on_soc, shared, latency):
    async def scenario(soc):
        wanted = bytes(soc.memory[0x0FFE1:0x10000])
        await soc.write(0x08, 0x01)
        await soc.program(0, mode=0x88, address=0x0FFE1, count=0x1E)
        await soc.program(1, mode=0x84, address=0x20003, count=0x1E)
        await soc.write(0x09, 0x04)
        await soc.idle()
        assert soc.memory[0x20003:0x20022] == wanted
        assert await soc.read(0x08) == 0x02
        soc.gives[2].extend(range(9))
        await soc.write(0x08, 0)
        await soc.program(2, mode=0x04, address=0x100FD, count=8)
        soc.dreq = 0x04
        await soc.until(lambda: len(soc.tc) > 1)
        soc.dreq = 0
        await soc.idle()
        assert list(soc.memory[0x100FD:0x10106]) == list(range(9))

    on_soc(scenario, shared=shared, latency=latency, pipelined=True)
