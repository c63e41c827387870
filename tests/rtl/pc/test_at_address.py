"""The AT's address formation: pages, sixteen-bit channels, and what happens at their edges."""

import pytest

SINGLE_WRITE, BLOCK_WRITE, BLOCK_WRITE_DOWN = 0x44, 0x84, 0xA4


def transfers(at_board, channel, *, address, count, page, mode=BLOCK_WRITE, pages=None):
    """Run one block from a device to memory; return the rows in which memory's write strobe is low, one a transfer."""
    rows = []

    async def scenario(pc):
        await pc.post()
        for port, value in (pages or {}).items():
            await pc.outb(port, value)
        await pc.program(channel, mode=mode, address=address, count=count, page=page)
        pc.device[channel].extend(range(1, count + 2))
        pc.drq = 1 << channel
        pc.mark()
        await pc.idle()
        rows.extend(row for row in pc.rows if row.strobes == "Rw")
        assert pc.written == [(row.address, i + 1) for i, row in enumerate(rows)]

    at_board(scenario, wait_states=0)
    return rows


@pytest.mark.parametrize(
    ("channel", "page", "address", "expected"),
    [
        (0, 0x12, 0x3456, 0x123456),
        (1, 0xA5, 0xFFFE, 0xA5FFFE),
        (2, 0x02, 0x0000, 0x020000),
        (3, 0xFF, 0x8001, 0xFF8001),
        (5, 0x12, 0x1A2B, 0x123456),  # A16-A1 = 1A2Bh
        (5, 0x12, 0x8000, 0x130000),  # the chip's A15 is A16
        (6, 0xFE, 0x7FFF, 0xFEFFFE),
        (7, 0x80, 0x0001, 0x800002),
    ],
)
def test_page_and_chip_make_the_address(at_board, channel, page, address, expected):
    (row,) = transfers(at_board, channel, address=address, count=0, page=page)
    assert row.address == expected


@pytest.mark.parametrize("channel", [5, 6, 7])
def test_page_bit_0_does_not_count_on_a_word_channel(at_board, channel):
    rows = [transfers(at_board, channel, address=0x8123, count=0, page=page) for page in (0x2A, 0x2B)]
    assert [row.address for (row,) in rows] == [0x2B0246, 0x2B0246]


@pytest.mark.parametrize(
    ("channel", "mode", "page", "address", "expected"),
    [
        (1, BLOCK_WRITE, 0x01, 0xFFFE, [0x01FFFE, 0x01FFFF, 0x010000, 0x010001]),
        (1, BLOCK_WRITE_DOWN, 0x02, 0x0001, [0x020001, 0x020000, 0x02FFFF, 0x02FFFE]),
        (6, BLOCK_WRITE, 0x00, 0xFFFE, [0x01FFFC, 0x01FFFE, 0x000000, 0x000002]),
        (6, BLOCK_WRITE_DOWN, 0x02, 0x0001, [0x020002, 0x020000, 0x03FFFE, 0x03FFFC]),
    ],
)
def test_a_transfer_wraps_inside_its_page(at_board, channel, mode, page, address, expected):
    rows = transfers(at_board, channel, address=address, count=3, page=page, mode=mode)
    assert [row.address for row in rows] == expected


def test_a_block_carries_from_a7_to_a8_and_on(at_board):
    rows = transfers(at_board, 3, address=0x12FE, count=3, page=0x40)
    assert [row.address for row in rows] == [0x4012FE, 0x4012FF, 0x401300, 0x401301]
    rows = transfers(at_board, 7, address=0x12FE, count=3, page=0x40)
    assert [row.address for row in rows] == [0x4025FC, 0x4025FE, 0x402600, 0x402602]


def test_sbhe_is_low_for_odd_bytes_and_for_words(at_board):
    rows = transfers(at_board, 2, address=0x0010, count=3, page=0x05)
    assert [(row.address, row.sbhe_n) for row in rows] == [
        (0x050010, 1),
        (0x050011, 0),
        (0x050012, 1),
        (0x050013, 0),
    ]
    rows = transfers(at_board, 5, address=0x0010, count=1, page=0x05)
    assert [(row.address, row.sbhe_n) for row in rows] == [(0x040020, 0), (0x040022, 0)]


@pytest.mark.parametrize(
    ("channel", "port"), [(0, 0x87), (1, 0x83), (2, 0x81), (3, 0x82), (5, 0x8B), (6, 0x89), (7, 0x8A)]
)
def test_each_channel_has_its_own_page_register(at_board, channel, port):
    others = {p: 0xFE - 2 * (p & 0xF) for p in range(0x80, 0x90)}
    (row,) = transfers(at_board, channel, address=0, count=0, page=None, pages=others)
    assert row.address >> 16 == 0xFE - 2 * (port & 0xF)


def test_the_page_stands_from_dack_to_the_end_of_the_transfer(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=SINGLE_WRITE, address=0x5678, count=0, page=0x34)
        pc.device[2].append(0x77)
        pc.drq = 4
        pc.mark()
        await pc.idle()
        assert {row.address for row in pc.rows if row.dack == "2"} == {0x345678}
        assert {row.address for row in pc.rows if not row.aen} == {None}

    at_board(scenario)


def test_a_page_written_between_two_services_counts_from_the_next_one(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(1, mode=SINGLE_WRITE, address=0x0100, count=3, page=0x0A)
        pc.device[1].extend([1, 2])
        pc.drq = 2
        await pc.idle()
        await pc.outb(0x83, 0x0B)
        pc.drq = 2
        await pc.idle()
        assert pc.written == [(0x0A0100, 1), (0x0B0101, 2)]

    at_board(scenario)
