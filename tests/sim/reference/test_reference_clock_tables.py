"""The golden model's pins, clock by clock, against the clock contract's tables."""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 to 14; facts 3.1 to 3.7.

import pytest

SINGLE, BLOCK, DEMAND = 0x40, 0x80, 0x00
WRITE, READ, VERIFY, ILLEGAL = 0x04, 0x08, 0x00, 0x0C
DECREMENT = 0x20
COMPRESSED, EXTENDED = 0x08, 0x20


def test_single_write_with_dreq_held_repeats_every_seven_clocks(bench):
    bench.program(2, SINGLE | WRITE, 0x12FF, 5)
    bench.write(0xA, 2)
    bench.pins.dreq = 0b0100
    once = [
        "SI",
        "SI hrq",
        "S0 hrq",
        "S1 hrq aen adstb a=ff db=12 high",
        "S2 hrq aen a=ff dack2 ior",
        "S3 hrq aen a=ff dack2 ior memw",
        "S4 aen a=ff dack2 high",
    ]
    again = [
        "SI",
        "SI hrq",
        "S0 hrq",
        "S1 hrq aen adstb a=00 db=13 high",
        "S2 hrq aen a=00 dack2 ior",
        "S3 hrq aen a=00 dack2 ior memw",
        "S4 aen a=00 dack2 high",
    ]
    assert bench.trace(14) == once + again


def test_single_read_uses_memr_and_iow(bench):
    bench.program(0, SINGLE | READ, 0x8001, 5)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    assert bench.trace(8)[3:] == [
        "S1 hrq aen adstb a=01 db=80 high",
        "S2 hrq aen a=01 dack0 memr",
        "S3 hrq aen a=01 dack0 iow memr",
        "S4 aen a=01 dack0 high",
        "SI",
    ]


@pytest.mark.parametrize("kind", [VERIFY, ILLEGAL])
def test_verify_and_the_illegal_type_show_everything_but_strobes(bench, kind):
    bench.program(1, SINGLE | kind, 0x0203, 0)
    bench.write(0xA, 1)
    bench.pins.dreq = 2
    bench.pins.ready = 0
    assert bench.trace(8)[3:] == [
        "S1 hrq aen adstb a=03 db=02 high",
        "S2 hrq aen a=03 dack1 high",
        "S3 hrq aen a=03 dack1 high eop",
        "S4 aen a=03 dack1 high",
        "SI",
    ]


def test_extended_write_puts_the_write_strobe_in_s2(bench):
    bench.program(3, SINGLE | WRITE, 0, 5)
    bench.write(8, EXTENDED)
    bench.write(0xA, 3)
    bench.pins.dreq = 8
    assert bench.trace(7)[4:] == [
        "S2 hrq aen a=00 dack3 ior memw",
        "S3 hrq aen a=00 dack3 ior memw",
        "S4 aen a=00 dack3 high",
    ]


def test_compressed_timing_leaves_s3_out(bench):
    bench.program(3, SINGLE | READ, 0, 0)
    bench.write(8, COMPRESSED)
    bench.write(0xA, 3)
    bench.pins.dreq = 8
    assert bench.trace(7)[3:] == [
        "S1 hrq aen adstb a=00 db=00 high",
        "S2 hrq aen a=00 dack3 iow memr eop",
        "S4 aen a=00 dack3 high",
        "SI",
    ]


def test_block_skips_s1_until_a8_changes(bench):
    bench.program(0, BLOCK | READ, 0x20FE, 3)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    assert bench.trace(18)[3:] == [
        "S1 hrq aen adstb a=fe db=20 high",
        "S2 hrq aen a=fe dack0 memr",
        "S3 hrq aen a=fe dack0 iow memr",
        "S4 hrq aen a=fe dack0 high",
        "S2 hrq aen a=ff dack0 memr",
        "S3 hrq aen a=ff dack0 iow memr",
        "S4 hrq aen a=ff dack0 high",
        "S1 hrq aen adstb a=00 db=21 dack0 high",
        "S2 hrq aen a=00 dack0 memr",
        "S3 hrq aen a=00 dack0 iow memr",
        "S4 hrq aen a=00 dack0 high",
        "S2 hrq aen a=01 dack0 memr",
        "S3 hrq aen a=01 dack0 iow memr eop",
        "S4 aen a=01 dack0 high",
        "SI",
    ]


def test_decrementing_block_runs_s1_on_a_borrow(bench):
    bench.program(0, BLOCK | READ | DECREMENT, 0x2000, 1)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    states = [row.split()[0] for row in bench.trace(12)]
    assert states == ["SI", "SI", "S0", "S1", "S2", "S3", "S4", "S1", "S2", "S3", "S4", "SI"]


@pytest.mark.parametrize(
    ("command", "address", "count", "clocks"),
    [
        (0, 0x1000, 0, 4),
        (0, 0x1000, 255, 769),  # 256 aligned bytes: one S1
        (0, 0x1001, 255, 770),  # one carry more
        (COMPRESSED, 0x1000, 0, 3),
        (COMPRESSED, 0x1000, 255, 513),
        (COMPRESSED, 0x10FF, 255, 514),
        (EXTENDED, 0x1000, 255, 769),
    ],
)
def test_block_transfers_take_the_data_sheets_clocks(bench, command, address, count, clocks):
    bench.program(0, BLOCK | WRITE, address, count)
    bench.write(8, command)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    assert bench.serve() == clocks


def test_ready_low_at_the_end_of_s3_inserts_sw_with_strobes_held(bench):
    bench.program(0, SINGLE | WRITE, 0, 0)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.pins.ready = 0
    rows = bench.trace(7)
    bench.pins.ready = 1
    rows += bench.trace(3)
    assert rows[4:] == [
        "S2 hrq aen a=00 dack0 ior",
        "S3 hrq aen a=00 dack0 ior memw eop",
        "SW hrq aen a=00 dack0 ior memw eop",
        "SW hrq aen a=00 dack0 ior memw eop",
        "S4 aen a=00 dack0 high",
        "SI",
    ]


def test_ready_low_at_the_end_of_a_compressed_s2_inserts_sw(bench):
    bench.program(0, SINGLE | WRITE, 0, 0)
    bench.write(8, COMPRESSED)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.pins.ready = 0
    rows = bench.trace(5)
    bench.pins.ready = 1
    rows += bench.trace(2)
    assert rows[4:] == [
        "S2 hrq aen a=00 dack0 ior memw eop",
        "SW hrq aen a=00 dack0 ior memw eop",
        "S4 aen a=00 dack0 high",
    ]


def test_s0_repeats_until_hlda(bench):
    bench.program(0, SINGLE | WRITE, 0, 0)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.hlda = 0
    assert bench.trace(6) == ["SI", "SI hrq", "S0 hrq", "S0 hrq", "S0 hrq", "S0 hrq"]
    bench.hlda = 1
    assert bench.trace(2) == ["S0 hrq", "S1 hrq aen adstb a=00 db=00 high"]


def test_hrq_stays_low_until_hlda_was_seen_low(bench):
    bench.program(0, SINGLE | WRITE, 0, 9)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.wait("S4")
    bench.hlda = 1
    assert bench.trace(4) == ["SI"] * 4
    bench.hlda = 0
    assert bench.trace(2) == ["SI", "SI hrq"]


def test_dack_is_active_high_when_command_bit_7_says_so(bench):
    bench.program(2, SINGLE | WRITE, 0, 9)
    bench.write(8, 0x80)
    assert bench.clock().dack == 0b0000
    bench.write(0xA, 2)
    bench.pins.dreq = 4
    assert bench.wait("S2").dack == 0b0100


def test_dreq_is_active_low_when_command_bit_6_says_so(bench):
    bench.program(2, SINGLE | WRITE, 0, 9)
    bench.pins.dreq = 0b1111
    bench.write(8, 0x40)
    bench.write(0xF, 0)
    assert bench.trace(2) == ["SI", "SI"]
    bench.pins.dreq = 0b1011
    assert bench.wait("S2").dack == 0b1011
