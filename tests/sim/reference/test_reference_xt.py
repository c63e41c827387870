"""The golden model of the PC/XT board: port aliases, 4-bit pages, the refresh latch, the wait state."""

# Ref: facts 6.1, 6.2 and 6.3, 8 row 24, 9.

import pytest


def program(board, channel, mode, address, count):
    board.outb(0x0C, 0)
    board.outb(0x0B, mode | channel)
    for port, word in ((2 * channel, address), (2 * channel + 1, count)):
        board.outb(port, word & 0xFF)
        board.outb(port, word >> 8)
    board.outb(0x0A, channel)


def test_the_controller_answers_again_at_10_to_1f(xt):
    xt.outb(0x02, 0x34)
    xt.outb(0x12, 0x12)
    assert (xt.inb(0x12), xt.inb(0x02)) == (0x34, 0x12)


@pytest.mark.parametrize("port", [0x20, 0x7F, 0x80, 0x81, 0x83, 0x9F, 0xA0, 0xC0])
def test_page_registers_and_other_ports_do_not_read(xt, port):
    xt.outb(port, 0x05)
    assert xt.inb(port) == 0xFF


@pytest.mark.parametrize(("channel", "address"), [(1, 0x31234), (2, 0x11234), (3, 0x21234)])
def test_pages_come_from_the_74ls670_by_dack(xt, channel, address):
    for port, value in ((0x80, 0xF0), (0x81, 0xF1), (0x82, 0xF2), (0x83, 0xF3)):  # only four bits are kept
        xt.outb(port, value)
    program(xt, channel, 0x48, 0x1234, 9)
    xt.pins.drq = 1 << channel
    assert xt.service()[2].a == address


def test_page_registers_repeat_every_four_ports(xt):
    xt.outb(0x95, 0x07)
    program(xt, 2, 0x48, 0x1234, 9)
    xt.pins.drq = 4
    assert xt.service()[2].a == 0x71234


def test_a_transfer_of_channels_1_to_3_takes_five_clocks(xt):
    program(xt, 1, 0x48, 0, 9)
    xt.pins.drq = 2
    assert [row.state1 for row in xt.service()] == ["S0", "S1", "S2", "S3", "SW", "S4"]  # AEN: HLDA a clock later


def test_refresh_takes_four_clocks_reads_memory_and_shows_on_refresh(xt):
    xt.outb(0x83, 0x5)
    program(xt, 0, 0x58, 0x0100, 0xFFFF)
    xt.pins.out1 = 1
    rows = xt.service()
    assert [row.state1 for row in rows] == ["S0", "S1", "S2", "S3", "S4"]
    assert [row.a_oe for row in rows] == [0, 1, 1, 1, 1]
    assert [row.refresh_n for row in rows] == [1, 1, 0, 0, 0]
    assert [row.memr_n for row in rows] == [1, 1, 0, 0, 1]
    assert rows[2].a == 0x50100


def test_one_edge_of_out1_is_one_refresh(xt):
    program(xt, 0, 0x58, 0, 0xFFFF)
    xt.pins.out1 = 1
    xt.service()
    assert not any(xt.clock().hrq for _ in range(40))
    xt.pins.out1 = 0
    xt.clock()
    xt.pins.out1 = 1
    assert xt.service()[2].a == 0x00001


def test_drq0_of_the_bus_does_not_exist(xt):
    program(xt, 0, 0x58, 0, 0xFFFF)
    xt.pins.drq = 1
    assert not any(xt.clock().hrq for _ in range(20))


def test_xt_post_sees_the_refresh_request_before_unmasking_and_not_after(xt):
    for port, value in ((0x08, 0x04), (0x0D, 0), (0x01, 0xFF), (0x01, 0xFF), (0x0B, 0x58), (0x08, 0x00)):
        xt.outb(port, value)
    xt.pins.out1 = 1
    xt.clock()
    assert xt.inb(0x08) & 0x10 == 0x10
    xt.outb(0x0A, 0x00)
    xt.service()
    assert xt.inb(0x08) & 0x10 == 0x00


def test_a_refresh_every_72_clocks_takes_four_of_them(xt):
    program(xt, 0, 0x58, 0, 0xFFFF)
    busy = 0
    for n in range(7200):
        xt.pins.out1 = int(n % 72 < 36)
        busy += xt.clock().a_oe
    assert busy == 400  # 5.6 % of the bus


def test_reset_does_not_reach_the_refresh_latch(xt):
    xt.clock()
    xt.pins.out1 = 1
    xt.clock()
    xt.pins.reset = 1
    xt.clock()
    xt.pins.reset = 0
    assert xt.inb(0x08) == 0x10
