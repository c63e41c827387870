"""Memory to memory on the golden model."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 6, figure 12; facts 3.6, 4.

import pytest

BLOCK, AUTO, DECREMENT = 0x80, 0x10, 0x20
READ, WRITE = 0x08, 0x04
ENABLE, HOLD, COMPRESSED, EXTENDED = 0x01, 0x02, 0x08, 0x20


def start(bench, command=ENABLE, source=0x12FF, destination=0x3400, count0=9, count=2, mode0=0, mode1=0):
    bench.program(0, BLOCK | READ | mode0, source, count0)
    bench.program(1, BLOCK | WRITE | mode1, destination, count)
    bench.write(8, command)
    bench.write(9, 4)


ONE_BYTE = [
    "S11 hrq aen adstb a=ff db=12 high",
    "S12 hrq aen a=ff memr",
    "S13 hrq aen a=ff memr",
    "S14 hrq aen a=ff high",
    "S21 hrq aen adstb a=00 db=34 high",
    "S22 hrq aen a=00 db=c7 high",
    "S23 hrq aen a=00 db=c7 memw",
    "S24 hrq aen a=00 db=c7 high",
]


def test_one_byte_takes_eight_clocks(bench):
    start(bench)
    bench.pins.db = 0xC7
    bench.wait("S0")
    assert bench.trace(9) == [*ONE_BYTE, "S11 hrq aen adstb a=00 db=13 high"]


def test_the_last_byte_pulses_eop_and_drops_hrq(bench):
    start(bench, count=0)
    bench.pins.db = 0xC7
    bench.wait("S0")
    last = [*ONE_BYTE[:6], "S23 hrq aen a=00 db=c7 memw eop", "S24 aen a=00 db=c7 high", "SI"]
    assert bench.trace(9) == last


def test_extended_write_starts_memw_in_s22(bench):
    start(bench, command=ENABLE | EXTENDED, count=0)
    bench.pins.db = 0xC7
    bench.wait("S14")
    assert bench.trace(3) == [
        "S21 hrq aen adstb a=00 db=34 high",
        "S22 hrq aen a=00 db=c7 memw",
        "S23 hrq aen a=00 db=c7 memw eop",
    ]


@pytest.mark.parametrize("command", [ENABLE, ENABLE | COMPRESSED, ENABLE | EXTENDED])
def test_three_bytes_take_twenty_four_clocks(bench, command):
    start(bench, command=command)
    assert bench.serve() == 24


def test_data_is_taken_at_the_end_of_s13(bench):
    start(bench, count=0)
    bench.pins.db = 0x11
    bench.wait("S12")
    bench.pins.db = 0x22
    assert bench.trace(1) == ["S13 hrq aen a=ff memr"]
    bench.pins.db = 0x33
    assert bench.wait("S22").db == 0x22


def test_sw_after_s13_holds_memr_and_after_s23_memw(bench):
    start(bench, count=0)
    bench.wait("S12")
    bench.pins.ready = 0
    bench.pins.db = 0x11
    assert bench.trace(2) == ["S13 hrq aen a=ff memr", "SW hrq aen a=ff memr"]
    bench.pins.ready = 1
    bench.pins.db = 0x22
    assert bench.trace(1) == ["SW hrq aen a=ff memr"]
    bench.pins.db = 0x33
    assert bench.trace(3)[2] == "S22 hrq aen a=00 db=22 high"
    bench.pins.ready = 0
    assert bench.trace(2) == ["S23 hrq aen a=00 db=22 memw eop", "SW hrq aen a=00 db=22 memw eop"]
    bench.pins.ready = 1
    assert bench.trace(2) == ["SW hrq aen a=00 db=22 memw eop", "S24 aen a=00 db=22 high"]


def test_both_addresses_step_by_their_own_mode_and_both_counts_fall(bench):
    start(bench, mode0=DECREMENT)
    bench.serve()
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x12FC
    assert bench.read_word(1) == 0x0006
    assert bench.read_word(2) == 0x3403
    assert bench.read_word(3) == 0xFFFF


def test_command_bit_1_holds_the_source_address(bench):
    start(bench, command=ENABLE | HOLD)
    bench.serve()
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x12FF
    assert bench.read_word(1) == 0x0006


def test_tc_sets_status_1_masks_channel_1_and_clears_both_requests(make_bench):
    bench = make_bench(variant="cmos")
    start(bench)
    bench.write(0xE, 0)
    bench.write(9, 5)
    bench.serve()
    assert bench.read(8) == 0x02
    assert bench.read(0xF) == 0xF2
    assert bench.read(9) == 0xF0


def test_the_temporary_register_keeps_the_last_byte_until_master_clear(bench):
    start(bench, count=0)
    bench.pins.db = 0xC7
    bench.serve()
    assert bench.read(0xD) == 0xC7
    bench.write(0xD, 0)
    assert bench.read(0xD) == 0x00


def test_channel_0s_own_count_passing_zero_only_reloads_channel_0(bench):
    start(bench, source=0x2000, count0=1, count=2, mode0=AUTO)
    assert bench.serve() == 24
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x2001
    assert bench.read_word(1) == 0x0000
    assert bench.read(8) == 0x02


def test_channel_1_reloads_when_it_autoinitializes(make_bench):
    bench = make_bench(variant="cmos")
    start(bench, mode1=AUTO)
    bench.serve()
    bench.write(0xC, 0)
    assert bench.read_word(2) == 0x3400
    assert bench.read_word(3) == 0x0002
    assert bench.read(0xF) == 0xFF  # the mask bit is left as it was


@pytest.mark.parametrize(
    ("state", "status", "mask"),
    [("S14", 0x02, 0xF2), ("S0", 0x01, 0xF1)],
)
def test_external_eop_ends_after_s24_and_each_half_reacts_to_its_own(make_bench, state, status, mask):
    bench = make_bench(variant="cmos")
    start(bench)
    bench.write(0xE, 0)
    bench.wait(state)
    bench.pins.eop_n = 0
    bench.clock()
    bench.pins.eop_n = 1
    bench.wait("S24")
    assert bench.trace(3) == ["SI"] * 3
    assert bench.read(8) == status
    assert bench.read(0xF) == mask
    assert bench.read(9) == 0xF0


@pytest.mark.parametrize("mode", [0x00, 0x40, 0xC0])
def test_a_service_of_channel_0_is_memory_to_memory_whatever_its_mode(bench, mode):
    start(bench)
    bench.write(0xD, 0)
    bench.write(0xB, mode)
    bench.write(8, ENABLE)
    bench.write(9, 4)
    assert bench.serve() == 24


def test_dreq_0_starts_it_too(bench):
    start(bench)
    bench.write(0xD, 0)
    bench.write(8, ENABLE)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    assert bench.wait("S11").dack == 0xF


def test_channel_1s_own_requests_are_served_as_usual(bench):
    start(bench)
    bench.write(0xD, 0)
    bench.write(8, ENABLE)
    bench.write(0xA, 1)
    bench.pins.dreq = 2
    assert bench.wait("S2").dack == 0b1101


def test_rotation_counts_the_service_as_channel_0s(bench):
    start(bench, command=ENABLE | 0x10, count=0)
    bench.program(3, 0x44, 0, 9)
    bench.write(9, 4)
    bench.serve()
    bench.write(0xE, 0)
    bench.pins.dreq = 0b1001
    assert bench.wait("S2").dack == 0b0111
