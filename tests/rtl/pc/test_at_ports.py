"""The AT's I/O ports: both controllers, the page registers, and everything that is not ours."""

import gc

import pytest

from isadma.pc import PcAt

PAGES = range(0x80, 0x90)


def test_registers_of_both_controllers_are_told_apart(at_board):
    async def scenario(pc):
        for base, step, salt in ((0x00, 1, 0x1100), (0xC0, 2, 0x2200)):
            for register in range(8):
                await pc.outb(base + step * register, (salt + register) & 0xFF)
                await pc.outb(base + step * register, (salt + register) >> 8)
        found = [await pc.inw2(0x00 + register) for register in range(8)]
        assert found == [0x1100, 0x1101, 0x1102, 0x1103, 0x1104, 0x1105, 0x1106, 0x1107]
        found = [await pc.inw2(0xC0 + 2 * register) for register in range(8)]
        assert found == [0x2200, 0x2201, 0x2202, 0x2203, 0x2204, 0x2205, 0x2206, 0x2207]

    at_board(scenario)


def test_flip_flop_of_one_controller_is_not_the_others(at_board):
    async def scenario(pc):
        await pc.outb(0x00, 0x11)  # DMA 1 expects the high byte now, DMA 2 still the low one
        await pc.outb(0xC0, 0x33)
        await pc.outb(0x00, 0x22)
        await pc.outb(0xC0, 0x44)
        assert await pc.inw2(0x00) == 0x2211
        assert await pc.inw2(0xC0) == 0x4433

    at_board(scenario)


def test_status_shows_the_drq_lines_of_each_controller(at_board):
    async def scenario(pc):
        pc.drq = 0b1010_0101
        pc.hold = set(range(8))
        assert await pc.inb(0x08) == 0x50
        assert await pc.inb(0xD0) == 0xA0

    at_board(scenario)


def test_channel_4_of_status_is_the_request_of_the_first_controller(at_board):
    async def scenario(pc):
        pc.drq = 0x10  # the bus has no DRQ4
        assert await pc.inb(0xD0) == 0x00
        await pc.program(2, mode=0x04, address=0, count=0, page=0)  # channel 4 is masked still, so HRQ of DMA 1 waits
        pc.drq = 0x04
        await pc.clock(4)
        assert await pc.inb(0xD0) == 0x10
        assert await pc.inb(0x08) == 0x40

    at_board(scenario)


@pytest.mark.parametrize("register", range(16))
def test_each_register_of_the_second_controller_is_at_an_even_port_and_the_odd_one_above(at_board, register):
    async def scenario(pc):
        await pc.outb(0xC0, 0x34)
        await pc.outb(0xC1, 0x12)
        assert await pc.inb(0xC1) == 0x34
        assert await pc.inb(0xC0) == 0x12
        assert await pc.inb(0xC0 + 2 * register) is not None
        assert await pc.inb(0xC1 + 2 * register) is not None

    at_board(scenario)


@pytest.mark.parametrize("above", [0x0400, 0x8000, 0xFC00])
def test_address_lines_above_a9_do_not_count(at_board, above):
    async def scenario(pc):
        await pc.outb(above + 0x02, 0x78)
        await pc.outb(0x02, 0x56)
        await pc.outb(above + 0x83, 0x9A)
        assert await pc.inw2(above + 0x02) == 0x5678
        assert await pc.inb(0x83) == 0x9A

    at_board(scenario)


@pytest.mark.parametrize(
    "port", [0x10, 0x1F, 0x20, 0x40, 0x61, 0x7F, 0x90, 0x9F, 0xA0, 0xBF, 0xE0, 0xFF, 0x100, 0x180, 0x2C0, 0x200, 0x3F5]
)
def test_a_port_of_something_else_is_not_driven(at_board, port):
    async def scenario(pc):
        assert await pc.inb(port) is None
        await pc.outb(port, 0x55)  # and not taken either
        assert [await pc.inb(0x00 + r) for r in (8, 15)] == [0x00, 0xFF]

    at_board(scenario)


def test_each_bit_of_a_port_tells_a_window_from_its_neighbour(at_board):
    windows = {0x00: 4, 0x80: 4, 0xC0: 5}
    near = {base ^ 1 << bit for base, lowest in windows.items() for bit in range(lowest, 10)} - set(windows)

    async def scenario(pc):
        for port in sorted(near):
            assert await pc.inb(port) is None, f"{port:X}h"

    assert len(near) == 12
    at_board(scenario)


def test_undefined_reads_of_the_chips_return_what_the_board_was_told(at_board):
    async def scenario(pc):
        assert await pc.inb(0x0F) == 0x5A
        assert await pc.inb(0xDE) == 0x5A

    at_board(scenario, undefined_read=0x5A)


def test_cmos_chips_read_back_their_mask(at_board):
    async def scenario(pc):
        await pc.outb(0x0F, 0x05)
        await pc.outb(0xDE, 0x0A)
        assert await pc.inb(0x0F) == 0xF5
        assert await pc.inb(0xDE) == 0xFA

    at_board(scenario, variant="cmos")


def test_sixteen_page_registers_hold_sixteen_bytes(at_board):
    async def scenario(pc):
        for pattern in (0x00, 0xF0):
            for port in PAGES:
                await pc.outb(port, (port + pattern) & 0xFF)
            found = [await pc.inb(port) for port in PAGES]
            assert found == [(port + pattern) & 0xFF for port in PAGES]

    at_board(scenario)


def test_at_self_test_walks_the_page_registers(at_board):
    async def scenario(pc):
        for first in (0x00, 0x55, 0xFE):  # three of the 255 rounds of the IBM AT's test: rising values to 81h-8Eh
            for port in range(0x81, 0x8F):
                await pc.outb(port, (first + port - 0x81) & 0xFF)
            for port in range(0x81, 0x8F):
                assert await pc.inb(port) == (first + port - 0x81) & 0xFF
        for value in (0xCC, 0x33, 0x00):
            await pc.outb(0x8F, value)
            assert await pc.inb(0x8F) == value

    at_board(scenario)


@pytest.mark.parametrize("base", [0x00, 0xC0])
@pytest.mark.parametrize("pattern", [0xFF, 0x00, 0x55, 0xAA])
def test_at_self_test_patterns_need_no_flip_flop_write(at_board, base, pattern):
    async def scenario(pc):
        step = 2 if base else 1
        await pc.outb(base + step * 13, 0)  # master clear
        for port in range(base, base + 8 * step, step):
            await pc.outb(port, pattern)
            await pc.outb(port, pattern)
        for port in range(base, base + 8 * step, step):
            assert await pc.inw2(port) == pattern << 8 | pattern

    at_board(scenario)


def test_reset_leaves_the_page_registers(at_board):
    async def scenario(pc):
        await pc.outb(0x82, 0x6B)
        await pc.reset()
        assert await pc.inb(0x82) == 0x6B

    at_board(scenario)


def test_reset_puts_both_controllers_into_their_first_state(at_board):
    async def scenario(pc):
        for port in (0x08, 0xD0):
            await pc.outb(port, 0x10)
        await pc.post()
        await pc.reset()
        pc.drq = 0xEF
        await pc.clock(20)
        assert not any(row.hrq for row in pc.rows[-20:]), "a masked channel asked for the bus"

    at_board(scenario)


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"wait_states": 8}, "wait_states is 8: give 0 to 7"),
        ({"wait_states": -1}, "wait_states is -1: give 0 to 7"),
        ({"wait_states": "1"}, "wait_states is '1': give 0 to 7"),
        ({"variant": "bipolar"}, "bipolar"),
        ({"undefined_read": 256}, "256"),
    ],
)
def test_a_parameter_out_of_range_is_named(parameters, message):
    with pytest.raises(ValueError, match=message):
        PcAt(**parameters)
    gc.collect()  # what was built before the error warns now, where it is expected
