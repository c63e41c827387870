"""The golden model of the AT's refresh, clock by clock as the clock contract has it."""

# Ref: docs/decisions/0001-the-clock-contract.md, "The AT's refresh".

import pytest


@pytest.fixture
def at(make_board):
    board = make_board(refresh=True)
    board.outb(0x8F, 0xA5)
    return board


def pulse(board, clocks=1):
    board.pins.out1 = 0
    for _ in range(clocks):
        board.clock()
    board.pins.out1 = 1


def shown(out):
    """HRQ, REFRESH#, what is driven, MEMR# and the address of one clock."""
    driven = f"{out.a:06X}" if out.a_oe and out.strobes_oe else "------"
    return f"{out.hrq}{out.refresh_n} {'r' if not out.memr_n else '.'} {driven}"


CYCLE = [
    "01 . ------",  # OUT1 rises
    "01 . ------",  # the latch is set
    "11 . ------",  # HRQ, and HLDA at once
    "10 . A50000",  # R1
    "10 r A50000",  # R2
    "10 r A50000",  # R3
    "00 . A50000",  # R4
    "01 . ------",
]


def test_an_edge_of_out1_reads_one_row(at):
    pulse(at)
    rows = [at.clock() for _ in range(8)]
    assert [shown(row) for row in rows] == CYCLE
    assert {(row.aen, row.dack_n, row.ior_n, row.iow_n, row.memw_n) for row in rows} == {(0, 0xFF, 1, 1, 1)}
    assert not any(at.clock().hrq for _ in range(40))


def test_iochrdy_repeats_r3(at):
    pulse(at)
    for _ in range(5):
        at.clock()
    at.pins.iochrdy = 0
    low = [shown(at.clock()) for _ in range(3)]
    at.pins.iochrdy = 1
    assert low == ["10 r A50000"] * 3
    assert [shown(at.clock()) for _ in range(2)] == ["10 r A50000", "00 . A50000"]


def test_rows_step_by_one_and_give_sbhe_by_a0(at):
    seen = []
    for _ in range(258):
        pulse(at)
        out = at.until(lambda out: not out.memr_n)
        seen.append((out.a & 0xFFFF, out.sbhe_n))
        at.until(lambda out: out.refresh_n and not out.hrq)
        at.clock()
    assert seen == [(row, 1 ^ row & 1) for row in [*range(256), 0, 1]]


def test_dma_waits_for_the_refresh_and_gets_an_hlda_of_its_own(at):
    for port, value in ((0xD6, 0xC0), (0xD4, 0x00), (0x0B, 0x46), (0x0A, 0x02)):
        at.outb(port, value)
    pulse(at)
    at.clock()
    at.clock()
    at.pins.drq = 4
    rows = [at.clock() for _ in range(30)]
    aen = [row.aen for row in rows].index(1)
    last = max(n for n, row in enumerate(rows) if not row.refresh_n)
    assert last < aen
    assert not all(row.hrq for row in rows[last:aen])
    assert not any(row.aen and not row.refresh_n for row in rows)


def test_an_edge_in_the_cycle_is_lost_and_one_after_it_is_not(at):
    pulse(at)
    at.until(lambda out: not out.memr_n)
    pulse(at)
    at.until(lambda out: out.refresh_n)
    assert not any(at.clock().hrq for _ in range(30))
    pulse(at)
    at.until(lambda out: not out.memr_n)


@pytest.mark.parametrize("clocks", range(1, 8))
def test_reset_gives_the_bus_back_and_forgets_the_request(at, clocks):
    pulse(at)
    for _ in range(clocks):
        at.clock()
    at.pins.reset = 1
    at.clock()
    at.pins.reset = 0
    assert not any(at.clock().hrq for _ in range(30))


def test_without_refresh_out1_does_nothing(make_board):
    board = make_board()
    pulse(board)
    rows = [board.clock() for _ in range(20)]
    assert {(row.hrq, row.refresh_n) for row in rows} == {(0, 1)}
