"""The PC/XT's board: one controller, four-bit pages that do not read, refresh on channel 0."""

from itertools import pairwise

import pytest

# Columns: HRQ HLDA AEN DACK strobes TC address. Strobes R, W: IOR#, IOW#; r, w: MEMR#, MEMW#; -: driven high;
# .: floating.
REFRESH = [
    "0 0 0 - .  0 ......",  # OUT1 rises; the latch takes it
    "0 0 0 - .  0 ......",  # SI, samples DREQ0
    "1 0 0 - .  0 ......",  # SI, HRQ high
    "1 1 0 - .  0 ......",  # S0
    "1 1 1 - .  0 ......",  # S1: AEN, which is HLDA a state later; the DMA's drivers are still off
    "1 1 1 0 r  0 031234",  # S2; DACK0# clears the latch
    "1 1 1 0 Wr 0 031234",  # S3; no SW
    "0 1 1 0 -  0 031234",  # S4
    "0 0 1 - .  0 ......",  # SI
    "0 0 0 - .  0 ......",
]


def strobes(pc):
    return [row.strobes for row in pc.rows if row.strobes != "."]


async def program(pc, channel, *, mode, address, count, page=None):
    await pc.outb(0x0A, 4 | channel)
    await pc.outb(0x0B, mode | channel)
    await pc.outb(0x0C, 0)
    for port, value in ((2 * channel, address), (2 * channel + 1, count)):
        await pc.outb(port, value & 0xFF)
        await pc.outb(port, value >> 8)
    if page is not None:
        await pc.outb((0x83, 0x83, 0x81, 0x82)[channel], page)
    await pc.outb(0x0A, channel)


async def pulse(pc, width=2):
    """Let OUT1 go low for some states and high again: the rising edge is in the state that follows."""
    pc.ctx.set(pc.board.out1, 0)
    await pc.clock(width)
    pc.ctx.set(pc.board.out1, 1)


@pytest.mark.parametrize("ratio", [1, 2, 4])
def test_out1_rising_makes_one_refresh_of_four_states(xt_board, ratio):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0x1234, count=0xFFFF, page=0x3)
        await pulse(pc)
        pc.mark()
        await pc.clock(10)
        expected = REFRESH if ratio == 1 else REFRESH[1:]  # the latch is a fabric clock late, not a state
        assert pc.table()[: len(expected)] == expected
        await pc.clock(40)  # OUT1 stays high: nothing more
        assert strobes(pc) == ["r", "Wr", "-"]

    xt_board(scenario, ratio=ratio)


def test_refresh_walks_through_the_addresses_and_starts_again_by_itself(xt_board):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0xFFFE, count=0x0002, page=0x0)
        for _ in range(4):
            await pulse(pc)
            await pc.idle()
        assert [row.address for row in pc.rows if row.strobes == "Wr"] == [0x0FFFE, 0x0FFFF, 0x00000, 0x0FFFE]
        assert await pc.inb(0x08) == 0x01  # TC, and channel 0 is not masked: the fourth one came

    xt_board(scenario)


def test_status_shows_the_refresh_request_until_it_is_served(xt_board):
    async def scenario(pc):
        await pulse(pc)
        await pc.clock(20)
        assert await pc.inb(0x08) == 0x10
        await program(pc, 0, mode=0x58, address=0, count=0xFFFF)
        await pc.idle()
        assert await pc.inb(0x08) == 0x00

    xt_board(scenario)


def test_a_refresh_every_72_clocks_drives_the_bus_for_3_of_them(xt_board):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0, count=0xFFFF)
        pc.mark()
        for _ in range(10):
            await pulse(pc, width=1)
            await pc.clock(71)
        assert sum(row.strobes != "." for row in pc.rows) == 30  # S2 S3 S4
        assert sum(row.aen for row in pc.rows) == 50
        starts = [i for i, row in enumerate(pc.rows) if row.hrq and not pc.rows[i - 1].hrq]
        assert [b - a for a, b in pairwise(starts)] == [72] * 9

    xt_board(scenario)


def test_an_edge_while_its_refresh_is_acknowledged_is_lost(xt_board):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0, count=0xFFFF)
        await pulse(pc)
        await pc.until(lambda: pc.rows[-1].dack == "0")
        await pulse(pc, width=1)
        await pc.clock(30)
        assert strobes(pc) == ["r", "Wr", "-"]

    xt_board(scenario)


@pytest.mark.parametrize("channel", [1, 2, 3])
@pytest.mark.parametrize("ratio", [1, 2])
def test_the_other_channels_take_five_states(xt_board, channel, ratio):
    async def scenario(pc):
        await program(pc, channel, mode=0x44, address=0x0100, count=9, page=0x5)
        pc.device[channel].append(0x42)
        pc.mark()
        pc.drq = 1 << channel
        await pc.idle()
        assert strobes(pc) == ["R", "Rw", "Rw", "-"]
        assert pc.written == [(0x050100, 0x42)]

    xt_board(scenario, ratio=ratio)


@pytest.mark.parametrize("low", [1, 3, 20])
def test_iochrdy_adds_waits_to_a_devices_transfer(xt_board, low):
    async def scenario(pc):
        await program(pc, 2, mode=0x44, address=0, count=9, page=0)
        pc.device[2].append(0x42)
        pc.mark()
        pc.drq = 0x04
        await pc.until(lambda: strobes(pc) == ["R", "Rw"])  # the next state is the board's SW
        pc.ctx.set(pc.isa.iochrdy, 0)
        await pc.clock(low)
        pc.ctx.set(pc.isa.iochrdy, 1)
        await pc.idle()
        assert strobes(pc) == ["R", "Rw"] + ["Rw"] * (1 + low) + ["-"]

    xt_board(scenario)


@pytest.mark.parametrize("low", [1, 3, 20])
def test_iochrdy_adds_waits_to_refresh(xt_board, low):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0, count=0xFFFF)
        await pulse(pc)
        pc.mark()
        await pc.until(lambda: strobes(pc) == ["r"])  # the next state is S3
        pc.ctx.set(pc.isa.iochrdy, 0)
        await pc.clock(low)
        pc.ctx.set(pc.isa.iochrdy, 1)
        await pc.idle()
        assert strobes(pc) == ["r", "Wr"] + ["Wr"] * low + ["-"]

    xt_board(scenario)


def test_channels_0_and_1_share_a_page_and_the_first_register_never_comes_out(xt_board):
    async def scenario(pc):
        for port, value in ((0x80, 0x8), (0x81, 0x1), (0x82, 0x2), (0x83, 0x3)):
            await pc.outb(port, value)
        for channel in range(4):
            await program(pc, channel, mode=0x48, address=0x4000 + channel, count=9)
        for channel in (1, 2, 3):
            pc.drq = 1 << channel
            await pc.idle()
        await pulse(pc)
        await pc.idle()
        found = [row.address for row in pc.rows if row.strobes == "r"]
        assert found == [0x034001, 0x014002, 0x024003, 0x034000]

    xt_board(scenario)


def test_page_registers_have_four_bits(xt_board):
    async def scenario(pc):
        await program(pc, 2, mode=0x48, address=0xFFFF, count=9, page=0xFA)
        pc.drq = 0x04
        await pc.idle()
        assert {row.address for row in pc.rows if row.strobes == "r"} == {0x0AFFFF}

    xt_board(scenario)


def test_a_transfer_wraps_inside_its_page(xt_board):
    async def scenario(pc):
        await program(pc, 1, mode=0x84, address=0xFFFF, count=1, page=0x1)
        pc.device[1].extend([7, 8])
        pc.drq = 0x02
        await pc.idle()
        assert pc.written == [(0x01FFFF, 7), (0x010000, 8)]

    xt_board(scenario)


@pytest.mark.parametrize("port", [*range(0x80, 0xA0), 0x20, 0x40, 0x60, 0xC0, 0xDF, 0x180, 0x210])
def test_no_port_but_the_controllers_reads(xt_board, port):
    async def scenario(pc):
        assert await pc.inb(port) is None

    xt_board(scenario)


def test_the_controller_is_at_00_to_0f_and_again_at_10_to_1f(xt_board):
    async def scenario(pc):
        for register in range(8):
            await pc.outb(0x10 + register, 0x40 + register)
            await pc.outb(0x00 + register, 0x50 + register)
        assert [await pc.inw2(0x10 + r) for r in range(8)] == [0x5040 + 0x101 * r for r in range(8)]
        assert [await pc.inb(port) for port in (0x08, 0x18)] == [0x00, 0x00]
        await pc.outb(0x418, 0x04)  # A10-A15 do not count
        assert await pc.inb(0x408) == 0x00

    xt_board(scenario)


@pytest.mark.parametrize("port", [0x83, 0x87, 0x8B, 0x8F, 0x93, 0x97, 0x9B, 0x9F, 0x483])
def test_page_ports_repeat_each_four_through_9f(xt_board, port):
    async def scenario(pc):
        await program(pc, 1, mode=0x48, address=0x2000, count=9, page=0x0)
        await pc.outb(port, 0x6)
        pc.drq = 0x02
        await pc.idle()
        assert {row.address for row in pc.rows if row.strobes == "r"} == {0x062000}

    xt_board(scenario)


def test_there_is_no_drq0_on_the_bus(xt_board):
    async def scenario(pc):
        await program(pc, 0, mode=0x58, address=0, count=9)
        pc.drq = 0xF1
        await pc.clock(30)
        assert not any(row.hrq for row in pc.rows)

    xt_board(scenario)


def test_pc_self_test_finds_a_working_controller(xt_board):
    # IBM PC, BIOS version 3: patterns with no flip-flop write, then channel 0 for refresh and the modes of the others.
    async def scenario(pc):
        await pc.outb(0x08, 0x04)
        await pc.outb(0x0D, 0x04)
        for pattern in (0xFF, 0x00):
            for port in range(8):
                await pc.outb(port, pattern)
                await pc.outb(port, pattern)
                assert await pc.inw2(port) == pattern << 8 | pattern
        await pc.outb(0x01, 0xFF)
        await pc.outb(0x01, 0xFF)
        await pc.outb(0x0B, 0x58)
        await pc.outb(0x08, 0x00)
        await pc.outb(0x0A, 0x00)
        for mode in (0x41, 0x42, 0x43):
            await pc.outb(0x0B, mode)
        # IBM PC/XT: the timer's edges came before; one refresh runs at once, and bit 4 is low when the program looks.
        await pulse(pc)
        await pc.clock(60)
        assert await pc.inb(0x08) & 0x10 == 0
        assert strobes(pc) == ["r", "Wr", "-"]

    xt_board(scenario)
