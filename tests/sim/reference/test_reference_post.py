"""Port sequences of real firmware and drivers, run on the golden model."""

# Ref: facts 9 (IBM PC V3, XT V1 and AT power-on tests, BIOS diskette, SeaBIOS, Linux).

import pytest


def test_ibm_pc_pattern_test_passes_without_clearing_the_flip_flop(bench):
    bench.write(8, 0x04)
    bench.write(0xD, 0x5A)
    for pattern in (0xFF, 0x00):
        for port in range(8):
            bench.write(port, pattern)
            bench.write(port, pattern)
            assert bench.read(port) == pattern
            assert bench.read(port) == pattern


def test_xt_refresh_runs_after_unmasking_and_status_bit_4_follows_dreq(bench):
    bench.write(8, 0x04)
    bench.write(0xD, 0)
    bench.write(1, 0xFF)
    bench.write(1, 0xFF)
    bench.write(0xB, 0x58)
    bench.write(8, 0x00)
    bench.pins.dreq = 1  # the DREQ0 latch, set by the timer before
    assert bench.read(8) & 0x10 == 0x10
    bench.write(0xA, 0x00)
    out = bench.wait("S2")
    assert (out.dack, out.memr_n, out.iow_n, out.a) == (0b1110, 0, 1, 0x00)
    bench.pins.dreq = 0  # cleared by DACK0#
    bench.wait("SI")
    assert bench.read(8) & 0x10 == 0x00


def test_refresh_autoinitializes_for_ever_and_its_mask_stays_clear(make_bench):
    bench = make_bench(variant="cmos")
    bench.write_word(1, 0x0002)
    bench.write(0xB, 0x58)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    addresses = [bench.wait("S4").a for _ in range(7)]
    assert addresses == [0, 1, 2, 0, 1, 2, 0]
    bench.pins.dreq = 0
    bench.trace(3)
    assert bench.read(0xF) == 0xFE


def at_post(board):
    for port in (0x08, 0xD0):
        board.outb(port, 0x04)
    for port in (0x0D, 0xDA):
        board.outb(port, 0)


@pytest.mark.parametrize("pattern", [0xFF, 0x00, 0x55, 0xAA])
def test_at_pattern_test_passes_on_both_controllers(make_board, pattern):
    board = make_board()
    at_post(board)
    for port in [*range(0x00, 0x08), *range(0xC0, 0xD0, 2)]:
        board.outb(port, pattern)
        board.outb(port, pattern)
        assert (board.inb(port), board.inb(port)) == (pattern, pattern)


def test_at_page_test_reads_back_rising_values(make_board):
    board = make_board()
    for start in (0x01, 0x7F, 0xF0):
        for n, port in enumerate(range(0x81, 0x8F)):
            board.outb(port, start + n & 0xFF)
        assert [board.inb(port) for port in range(0x81, 0x8F)] == [start + n & 0xFF for n in range(14)]
    for value in (0xCC, 0x33, 0x00):
        board.outb(0x8F, value)
        assert board.inb(0x8F) == value


@pytest.mark.parametrize(("mode", "strobes"), [(0x46, ("ior_n", "memw_n")), (0x4A, ("memr_n", "iow_n")), (0x42, ())])
def test_bios_diskette_transfer_moves_512_bytes_and_reaches_tc(make_board, mode, strobes):
    board = make_board()
    at_post(board)
    for port, value in ((0x08, 0), (0xD0, 0), (0x0B, 0x40), (0xD6, 0xC0), (0xD2, 0x00), (0xD4, 0x00)):
        board.outb(port, value)
    board.outb(0x0C, 0)
    board.outb(0x0B, mode)
    for port, value in ((0x04, 0x00), (0x04, 0xE0), (0x81, 0x02), (0x05, 0xFF), (0x05, 0x01), (0x0A, 0x02)):
        board.outb(port, value)
    board.pins.drq = 4
    for n in range(512):
        rows = board.service()
        low = {name for row in rows for name in ("ior_n", "iow_n", "memr_n", "memw_n") if not getattr(row, name)}
        assert low == set(strobes)
        assert rows[1].a == 0x02E000 + n
        assert any(row.tc for row in rows) == (n == 511)
    assert not any(board.clock().aen for _ in range(40))
    assert board.inb(0x08) == 0x44
    assert board.inb(0x08) == 0x40


def test_seabios_clears_the_flip_flop_before_each_register(make_board):
    board = make_board()
    for port, value in ((0x0D, 0), (0xDA, 0), (0xD6, 0xC0), (0xD4, 0x00), (0x0A, 0x06)):
        board.outb(port, value)
    for port, value in ((0x0C, 0xFF), (0x04, 0x34), (0x04, 0x12), (0x0C, 0xFF), (0x05, 0x00), (0x05, 0x00)):
        board.outb(port, value)
    for port, value in ((0x0B, 0x46), (0x81, 0x0F), (0x0A, 0x02)):
        board.outb(port, value)
    board.pins.drq = 4
    assert board.service()[1].a == 0x0F1234


def test_linux_reads_the_residue_of_a_masked_channel(board):
    for port, value in ((0x0A, 0x05), (0x0C, 0), (0x0B, 0x59), (0x02, 0), (0x02, 0), (0x03, 0x0F), (0x03, 0x00)):
        board.outb(port, value)
    board.outb(0x0A, 0x01)
    board.pins.drq = 2
    for _ in range(5):
        board.service()
    board.pins.drq = 0
    board.until(lambda out: not out.hrq and out.state2 == "SI")
    board.outb(0x0A, 0x05)
    board.outb(0x0C, 0)
    assert board.inb(0x03) | board.inb(0x03) << 8 == 0x000A
