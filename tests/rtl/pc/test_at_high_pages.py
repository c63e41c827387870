"""Thirty-two address bits: the high page registers at 480h-48Fh."""

import pytest

HIGH = {0: 0x487, 1: 0x483, 2: 0x481, 3: 0x482, 5: 0x48B, 6: 0x489, 7: 0x48A}
LOW = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}


@pytest.fixture
def board(at_hardware):
    def run(scenario):
        at_hardware(scenario, high_pages=True)

    return run


@pytest.mark.parametrize("channel", sorted(HIGH))
def test_each_channel_has_a_high_page(board, channel):
    async def scenario(pc):
        await pc.post()
        for number, port in enumerate(HIGH.values()):
            await pc.outb(port, 0x70 + number)
        await pc.program(channel, mode=0x44, address=0x0001, count=5)
        await pc.outb(LOW[channel], 0x22)
        await pc.outb(HIGH[channel], 0xC5)
        pc.device[channel].append(9)
        pc.drq = 1 << channel
        await pc.idle()
        assert pc.written == [(0xC5220001 if channel < 4 else 0xC5220002, 9)]

    board(scenario)


def test_a_low_page_write_clears_the_channels_high_page_and_no_other(board):
    async def scenario(pc):
        for port in HIGH.values():
            await pc.outb(port, 0x99)
        await pc.outb(0x82, 0x11)
        found = {channel: await pc.inb(port) for channel, port in HIGH.items()}
        assert found == {0: 0x99, 1: 0x99, 2: 0x99, 3: 0x00, 5: 0x99, 6: 0x99, 7: 0x99}

    board(scenario)


def test_low_and_high_pages_read_back_apart(board):
    async def scenario(pc):
        for offset in range(16):
            await pc.outb(0x80 + offset, 0x10 + offset)
            await pc.outb(0x480 + offset, 0xE0 + offset)
        assert [await pc.inb(0x80 + offset) for offset in range(16)] == list(range(0x10, 0x20))
        assert [await pc.inb(0x480 + offset) for offset in range(16)] == list(range(0xE0, 0xF0))

    board(scenario)


def test_all_sixteen_address_lines_count(board):
    async def scenario(pc):
        for port in (0x400, 0x408, 0x4C0, 0x880, 0x1480, 0x8000, 0x8083):
            assert await pc.inb(port) is None

    board(scenario)


def test_an_address_still_wraps_inside_its_page(board):
    async def scenario(pc):
        await pc.post()
        await pc.program(3, mode=0x84, address=0xFFFF, count=1, page=0xFF)
        await pc.outb(HIGH[3], 0x01)
        pc.device[3].extend([1, 2])
        pc.drq = 0x08
        await pc.idle()
        assert pc.written == [(0x01FFFFFF, 1), (0x01FF0000, 2)]

    board(scenario)
