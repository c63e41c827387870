"""The golden model of the AT board: decode, pages, addresses, cascade, the wait state, the bus."""

# Ref: facts 6.1 to 6.4; the clock contract, "The AT board".

import pytest

PAGE = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}
SINGLE, BLOCK = 0x40, 0x80
WRITE, READ = 0x04, 0x08


def program(board, channel, mode, address, count, page):
    """Load one channel as a PC's software does: words at C0h-DEh, bytes at 00h-0Fh."""
    base, step = (0xC0, 2) if channel > 3 else (0x00, 1)
    n = channel & 3
    board.outb(base + 12 * step, 0)
    board.outb(base + 11 * step, mode | n)
    for port, word in ((2 * n, address), (2 * n + 1, count)):
        board.outb(base + port * step, word & 0xFF)
        board.outb(base + port * step, word >> 8)
    board.outb(PAGE[channel], page)
    board.outb(base + 10 * step, n)


@pytest.mark.parametrize("port", range(0x80, 0x90))
def test_each_page_register_is_a_byte_that_reads_back(board, port):
    for value in (0x00, 0xFF, 0x5A):
        board.outb(port, value)
        assert board.inb(port) == value


def test_the_sixteen_page_registers_are_separate(board):
    for port in range(0x80, 0x90):
        board.outb(port, port ^ 0x33)
    assert [board.inb(port) for port in range(0x80, 0x90)] == [port ^ 0x33 for port in range(0x80, 0x90)]


def test_dma_2_decodes_its_register_from_a4_to_a1(board):
    for port in range(0xC0, 0xD0, 2):
        board.outb(port, port)
        board.outb(port, port + 1)
    for port in range(0xC0, 0xD0, 2):
        assert (board.inb(port), board.inb(port + 1)) == (port, port + 1)


@pytest.mark.parametrize("port", [0x10, 0x1F, 0x20, 0x7F, 0x90, 0xBF, 0xE0, 0x100, 0x3FF])
def test_other_ports_are_not_answered(board, port):
    board.outb(0, 0x12)
    assert board.inb(port) == 0xFF


@pytest.mark.parametrize("channel", [0, 1, 2, 3])
@pytest.mark.parametrize(("low", "sbhe_n"), [(0x5678, 1), (0x5679, 0)])
def test_byte_channels_take_their_page_as_a16_to_a23(board, channel, low, sbhe_n):
    program(board, channel, SINGLE | READ, low, 9, 0xA1)
    board.pins.drq = 1 << channel
    row = board.service()[1]
    assert row.a == 0xA10000 | low
    assert row.sbhe_n == sbhe_n
    assert row.dack_n == 0xFF ^ 1 << channel
    assert (row.memr_n, row.iow_n, row.ior_n, row.memw_n) == (0, 1, 1, 1)


@pytest.mark.parametrize("channel", [5, 6, 7])
@pytest.mark.parametrize(("page", "address", "bus"), [(0xA1, 0x8001, 0xA10002), (0xA0, 0x7FFF, 0xA0FFFE)])
def test_word_channels_shift_and_drop_page_bit_0(board, channel, page, address, bus):
    program(board, channel, SINGLE | WRITE, address, 9, page)
    board.pins.drq = 1 << channel
    row = board.service()[1]
    assert row.a == bus
    assert row.sbhe_n == 0
    assert row.dack_n == 0xFF ^ 1 << channel


@pytest.mark.parametrize(
    ("channel", "mode", "page", "address", "first", "second"),
    [
        (1, 0, 0x01, 0xFFFF, 0x01FFFF, 0x010000),
        (1, 0x20, 0x02, 0x0000, 0x020000, 0x02FFFF),
        (5, 0, 0x00, 0xFFFF, 0x01FFFE, 0x000000),
        (5, 0x20, 0x02, 0x0000, 0x020000, 0x03FFFE),
    ],
)
def test_addresses_wrap_in_their_page(board, channel, mode, page, address, first, second):
    program(board, channel, BLOCK | READ | mode, address, 1, page)
    board.pins.drq = 1 << channel
    addresses = [row.a for row in board.service() if not row.memr_n]
    assert addresses[0] == first
    assert addresses[-1] == second


def test_one_wait_state_makes_a_transfer_five_clocks(board):
    program(board, 2, SINGLE | READ, 0, 9, 0)
    board.pins.drq = 4
    assert [row.state1 for row in board.service()] == ["S1", "S2", "S3", "SW", "S4"]


def test_every_transfer_of_a_block_gets_its_one_wait_state(board):
    program(board, 5, BLOCK | READ, 0, 1, 0)
    board.pins.drq = 0x20
    states = [row.state2 for row in board.service()]
    assert states == ["S1", "S2", "S3", "SW", "S4", "S2", "S3", "SW", "S4"]


def test_no_wait_state_when_built_without(make_board):
    board = make_board(wait_states=0)
    board.outb(0xD6, 0xC0)
    board.outb(0xD4, 0x00)
    program(board, 2, SINGLE | READ, 0, 9, 0)
    board.pins.drq = 4
    assert [row.state1 for row in board.service()] == ["S1", "S2", "S3", "S4"]


def test_iochrdy_low_adds_wait_states(board):
    program(board, 2, SINGLE | READ, 0, 9, 0)
    board.pins.drq = 4
    board.pins.iochrdy = 0
    board.until(lambda out: out.state1 == "SW")
    assert [board.clock().state1 for _ in range(4)] == ["SW"] * 4
    board.pins.iochrdy = 1
    assert [board.clock().state1 for _ in range(2)] == ["SW", "S4"]


def test_dma_1_goes_through_dma_2s_channel_4_and_one_flip_flop(board):
    program(board, 2, SINGLE | READ, 0, 0, 0)
    board.pins.drq = 4
    rows = [board.clock() for _ in range(14)]
    assert [(row.state1, row.state2) for row in rows] == [
        ("SI", "SI"),
        ("SI", "SI"),  # HRQ of DMA 1 is DREQ0 of DMA 2
        ("S0", "SI"),
        ("S0", "S0"),
        ("S0", "SC"),  # DACK0 of DMA 2, through the flip-flop
        ("S0", "SC"),
        ("S1", "SC"),
        ("S2", "SC"),
        ("S3", "SC"),
        ("SW", "SC"),
        ("S4", "SC"),  # HRQ of DMA 1 has fallen
        ("SI", "SI"),
        ("SI", "SI"),
        ("SI", "SI"),
    ]
    assert [row.hrq for row in rows] == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    assert [row.tc for row in rows] == [0] * 8 + [1, 1] + [0] * 4
    assert all(row.dack_n & 0x10 for row in rows)


def test_nothing_of_dma_1_is_granted_before_the_cascade_is_unmasked(make_board):
    board = make_board()
    program(board, 2, SINGLE | READ, 0, 0, 0)
    board.pins.drq = 4
    assert not any(board.clock().hrq for _ in range(20))


def test_the_cascade_is_above_channels_5_to_7(board):
    program(board, 3, SINGLE | READ, 0, 9, 0)
    program(board, 5, SINGLE | READ, 0, 9, 0)
    board.pins.drq = 0x28
    assert board.service()[1].dack_n == 0xDF  # channel 5: DMA 1's request reaches DMA 2 a clock too late for the first
    assert board.service()[1].dack_n == 0xF7


def test_a_bus_master_gets_dack_and_an_idle_bus(board):
    board.outb(0xD6, 0xC1)
    board.outb(0xD4, 0x01)
    board.pins.drq = 0x20
    row = board.until(lambda out: out.dack_n != 0xFF)
    assert row.dack_n == 0xDF
    assert (row.aen, row.a_oe, row.strobes_oe, row.d_oe, row.tc) == (0, 0, 0, 0, 0)
    board.pins.drq = 0
    board.until(lambda out: not out.hrq)


def test_a_dma_cycle_over_a_port_address_touches_no_register(board):
    program(board, 3, SINGLE | READ, 0x0083, 9, 0)
    board.outb(0x83, 0x55)
    board.pins.drq = 8
    board.pins.d = 0xEE
    row = board.until(lambda out: out.aen)
    while row.aen:  # what the board drives is what the bus carries
        board.pins.a, board.pins.iow_n = row.a, row.iow_n
        assert row.a & 0x3FF == 0x83
        row = board.clock()
    board.pins.iow_n = 1
    board.pins.drq = 0
    board.until(lambda out: not out.hrq and out.state2 == "SI")
    assert board.inb(0x83) == 0x55
