"""The 8237A on Wishbone: its registers, its transfers, and the bus it shares with the program."""

import gc

import pytest

from isadma.soc import Wishbone, WishboneDma

PAGE, ERROR = 0x10, 0x14
BUSES = pytest.mark.parametrize("shared", [True, False], ids=["one-bus", "two-buses"])


@BUSES
def test_the_chips_registers_are_a_word_each(on_soc, shared):
    async def scenario(soc):
        for register in range(8):
            await soc.write(register, 0xABCDEF10 + register)
            await soc.write(register, 0xFFFFFF20 + register)
        for register in range(8):
            assert await soc.read(register) == 0x10 + register
            assert await soc.read(register) == 0x20 + register
        assert await soc.read(0x08) == 0x00
        assert await soc.read(0x0F) == 0xFF

    on_soc(scenario, shared=shared)


def test_page_registers_hold_sixteen_bits_and_read_back(on_soc):
    async def scenario(soc):
        for channel in range(4):
            await soc.write(PAGE + channel, 0xFFFF1230 + channel)
        assert [await soc.read(PAGE + channel) for channel in range(4)] == [0x1230, 0x1231, 0x1232, 0x1233]
        assert [await soc.read(adr) for adr in range(0x15, 0x20)] == [0] * 11

    on_soc(scenario)


@BUSES
@pytest.mark.parametrize("latency", [0, 1, 5])
def test_memory_to_memory_copies_a_buffer_between_two_memories(on_soc, shared, latency):
    async def scenario(soc):
        source, destination, size = 0x0FFE1, 0x20003, 0x1F
        wanted = bytes(soc.memory[source : source + 0x1F])
        before = bytes(soc.memory)
        await soc.write(0x08, 0x01)
        await soc.program(0, mode=0x88, address=source, count=size - 1)
        await soc.program(1, mode=0x84, address=destination, count=size - 1)
        await soc.write(0x09, 0x04)
        await soc.idle()
        assert soc.memory[destination : destination + size] == wanted
        soc.memory[destination : destination + size] = before[destination : destination + size]
        assert soc.memory == before, "a byte beside the buffer changed"
        assert await soc.read(0x08) == 0x02
        assert await soc.read(ERROR) == 0

    on_soc(scenario, shared=shared, latency=latency)


def test_memory_to_memory_stays_inside_both_pages(on_soc):
    async def scenario(soc):
        soc.memory[0x1FFFF], soc.memory[0x10000] = 0xA1, 0xA2
        await soc.write(0x08, 0x01)
        await soc.program(0, mode=0x88, address=0x1FFFF, count=1)
        await soc.program(1, mode=0x84, address=0x2FFFF, count=1)
        await soc.write(0x09, 0x04)
        await soc.idle()
        assert (soc.memory[0x2FFFF], soc.memory[0x20000]) == (0xA1, 0xA2)

    on_soc(scenario)


@BUSES
@pytest.mark.parametrize("latency", [0, 3])
@pytest.mark.parametrize("mode", [0x04, 0x44, 0x84], ids=["demand", "single", "block"])
@pytest.mark.parametrize("command", [0x00, 0x08, 0x20], ids=["normal", "compressed", "extended"])
def test_a_device_on_channel_1_fills_a_buffer(on_soc, shared, latency, mode, command):
    async def scenario(soc):
        data = [0x30 + i for i in range(9)]
        soc.gives[1].extend(data)
        await soc.write(0x08, command)
        await soc.program(1, mode=mode, address=0x100FD, count=8)
        soc.dreq = 0x02
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert list(soc.memory[0x100FD:0x10106]) == data
        assert soc.memory[0x10106] == 0x06
        assert soc.tc[0][0] == 1
        assert await soc.read(0x08) == 0x02

    on_soc(scenario, shared=shared, latency=latency)


@BUSES
@pytest.mark.parametrize("latency", [0, 3])
@pytest.mark.parametrize("command", [0x00, 0x08, 0x20], ids=["normal", "compressed", "extended"])
@pytest.mark.parametrize("slow", [0, 1, 6])
def test_a_device_on_channel_3_takes_a_buffer(on_soc, shared, latency, command, slow):
    async def scenario(soc):
        soc.slow = slow
        await soc.write(0x08, command)
        await soc.program(3, mode=0x88, address=0x000F8, count=15)
        soc.dreq = 0x08
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert soc.takes[3] == [*range(0xF8, 0x100), *range(0, 8)]

    on_soc(scenario, shared=shared, latency=latency)


@pytest.mark.parametrize("slow", [1, 4, 11])
def test_a_slow_device_holds_the_transfer_until_its_byte_is_there(on_soc, slow):
    async def scenario(soc):
        soc.slow = slow
        soc.gives[2].extend([0x51, 0x52, 0x53])
        await soc.program(2, mode=0x84, address=0x30000, count=2)
        soc.dreq = 0x04
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert list(soc.memory[0x30000:0x30003]) == [0x51, 0x52, 0x53]

    on_soc(scenario)


@BUSES
def test_a_program_can_poll_while_the_dma_works(on_soc, shared):
    async def scenario(soc):
        soc.gives[1].extend(range(200))
        await soc.program(1, mode=0x44, address=0x20000, count=199)
        soc.dreq = 0x02
        polls = 0
        while not await soc.read(0x08) & 0x02:
            polls += 1
            assert polls < 1000
        soc.dreq = 0
        assert polls > 5
        assert list(soc.memory[0x20000:0x200C8]) == list(range(200))

    on_soc(scenario, shared=shared)


def test_page_registers_answer_while_a_block_is_under_way(on_soc):
    async def scenario(soc):
        soc.gives[1].extend([7] * 300)
        await soc.program(1, mode=0x84, address=0x20000, count=299)
        await soc.write(PAGE + 3, 0x4321)
        soc.dreq = 0x02
        await soc.until(lambda: soc.ctx.get(soc.dma.dack) == 0b1101)
        soc.dreq = 0
        start = soc.clocks
        assert await soc.read(PAGE + 3) == 0x4321
        assert soc.clocks - start < 6
        assert not soc.tc
        await soc.read(0x08)  # a register of the chip waits for the block's end
        assert soc.tc

    on_soc(scenario, shared=False)


def test_the_bus_is_held_from_the_first_transfer_to_the_last(on_soc):
    async def scenario(soc):
        soc.gives[1].extend(range(5))
        await soc.program(1, mode=0x84, address=0x20000, count=4)
        soc.dreq = 0x02
        held = []
        for _ in range(80):
            await soc.clock()
            held.append(soc.ctx.get(soc.dma.memory.cyc))
        assert "".join(map(str, held)).strip("0").count("0") == 0
        assert sum(held) > 15

    on_soc(scenario)


def test_verify_touches_no_memory(on_soc):
    async def scenario(soc):
        before = bytes(soc.memory)
        await soc.program(2, mode=0x80, address=0x20000, count=9)
        soc.dreq = 0x04
        await soc.until(lambda: len(soc.tc) == 1)
        soc.dreq = 0
        await soc.idle()
        assert soc.memory == before
        assert await soc.read(0x08) == 0x04

    on_soc(scenario)


def test_master_clear_with_a_request_pending_lets_go_of_the_bus(on_soc):
    async def scenario(soc):
        await soc.program(1, mode=0x44, address=0, count=9)
        soc.dreq = 0x02
        for _ in range(6):
            await soc.write(0x0D, 0)
            await soc.idle()
            await soc.program(1, mode=0x44, address=0, count=9)
        soc.dreq = 0

    on_soc(scenario, shared=False)


def test_an_external_end_of_process_stops_a_block(on_soc):
    async def scenario(soc):
        soc.gives[1].extend([1] * 50)
        await soc.program(1, mode=0x84, address=0x20000, count=49)
        soc.dreq = 0x02
        await soc.until(lambda: len(soc.gives[1]) == 47)
        soc.ctx.set(soc.dma.eop_n, 0)
        await soc.idle()
        soc.ctx.set(soc.dma.eop_n, 1)
        assert 45 <= len(soc.gives[1]) <= 47
        assert await soc.read(0x08) == 0x22

    on_soc(scenario)


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_a_parameter_out_of_range_is_named():
    with pytest.raises(ValueError, match="bipolar"):
        WishboneDma(variant="bipolar")
    with pytest.raises(ValueError, match="address_width is 0"):
        Wishbone(0)
    gc.collect()
