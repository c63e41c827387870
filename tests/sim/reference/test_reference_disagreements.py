"""Every chip row of facts 8, "Where sources disagree": the golden model follows the data sheet, row by row."""

# Ref: facts 8; rows 1, 3-9, 12-14, 16 and 18-20 are held in detail by the other files of this folder too.

import pytest

SINGLE, BLOCK, DEMAND, CASCADE = 0x40, 0x80, 0x00, 0xC0
WRITE, READ, AUTO = 0x04, 0x08, 0x10


def request(bench, mode, count=9):
    bench.program(0, mode, 0x1000, count)
    bench.write(0xA, 0)
    bench.pins.dreq = 1


def test_row_1_verify_has_no_strobes_and_ignores_ready(bench):
    request(bench, SINGLE)
    bench.pins.ready = 0
    rows = bench.trace(7)
    assert all("high" in row for row in rows[3:])
    assert rows[6].startswith("S4")


def test_row_2_clear_mask_clears_all_four_and_keeps_requests(make_bench):
    bench = make_bench(variant="cmos")
    bench.write(8, 4)
    bench.write(9, 6)
    bench.write(0xE, 0xFF)
    assert bench.read(0xF) == 0xF0
    assert bench.read(9) == 0xF4


def test_row_3_single_mode_repeats_while_dreq_is_held(bench):
    request(bench, SINGLE | WRITE)
    assert sum(row.startswith("S4") for row in bench.trace(21)) == 3


def test_row_4_normal_timing_has_no_wait_state_of_its_own(bench):
    request(bench, BLOCK | WRITE, count=0)
    assert bench.serve() == 4


def test_row_5_compressed_timing_obeys_ready(bench):
    request(bench, BLOCK | WRITE, count=0)
    bench.write(8, 8)
    bench.wait("S1")
    bench.pins.ready = 0
    assert [row.split()[0] for row in bench.trace(3)] == ["S2", "SW", "SW"]


def test_row_6_hrq_waits_for_hlda_to_fall(bench):
    request(bench, SINGLE | WRITE)
    bench.wait("S4")
    bench.hlda = 1
    assert not any("hrq" in row for row in bench.trace(10))


def test_row_7_hrq_holds_when_dreq_goes_before_hlda(bench):
    request(bench, SINGLE | WRITE)
    bench.hlda = 0
    bench.wait("S0")
    bench.pins.dreq = 0
    assert bench.trace(10) == ["S0 hrq"] * 10


def test_row_8_demand_looks_at_dreq_before_s4(bench):
    request(bench, DEMAND | WRITE)
    bench.trace(6)
    bench.pins.dreq = 0  # during S4: too late to stop the next one
    assert [row.split()[0] for row in bench.trace(5)] == ["S4", "S2", "S3", "S4", "SI"]


@pytest.mark.parametrize("mode", [SINGLE, BLOCK, DEMAND])
def test_row_9_external_eop_ends_any_mode(bench, mode):
    request(bench, mode | WRITE)
    bench.pins.eop_n = 0
    bench.wait("S4")
    bench.pins.eop_n = 1
    assert bench.trace(8) == ["SI"] * 8


def test_row_10_status_shows_raw_dreq_whatever_the_mask_and_no_software_requests(bench):
    bench.write(8, 4)
    bench.write(9, 5)
    bench.pins.dreq = 0b1010
    assert bench.read(8) == 0xA0
    bench.write(8, 0x44)
    assert bench.read(8) == 0x50


def test_row_11_tc_bits_survive_writes_of_mode_count_and_request(bench):
    request(bench, SINGLE | WRITE, count=0)
    bench.wait("S4")
    bench.wait("SI")
    bench.pins.dreq = 0
    bench.program(0, SINGLE | READ, 0, 9)
    bench.write(9, 0)
    assert bench.read(8) == 0x01


def test_row_12_software_requests_ignore_the_mask(bench):
    bench.program(3, BLOCK | READ, 0, 0)
    bench.write(9, 7)
    assert bench.wait("S2").dack == 0b0111


@pytest.mark.parametrize("mode", [SINGLE, BLOCK, DEMAND])
def test_row_13_software_requests_work_in_any_mode(bench, mode):
    bench.program(3, mode | READ, 0, 2)
    bench.write(9, 7)
    assert sum(row.startswith("S4") for row in bench.trace(40)) == 3


def test_row_14_tc_clears_that_channels_request_only_and_a_write_changes_one_bit(make_bench):
    bench = make_bench(variant="cmos")
    bench.program(1, BLOCK | READ, 0, 0)
    bench.write(8, 4)
    bench.write(9, 5)
    bench.write(9, 6)
    bench.write(9, 7)
    assert bench.read(9) == 0xFE
    bench.write(9, 2)
    assert bench.read(9) == 0xFA
    bench.write(8, 0)
    bench.serve()
    assert bench.read(9) == 0xF8


def test_row_15_master_clear_keeps_modes_addresses_and_counts(make_bench):
    bench = make_bench(variant="cmos")
    bench.program(2, SINGLE | READ | AUTO, 0xBEEF, 0x1234)
    bench.write(0xD, 0)
    assert bench.read_word(4) == 0xBEEF
    assert bench.read_word(5) == 0x1234
    assert [bench.read(0xB) for _ in range(3)][2] == 0x5B


def test_row_16_reset_masks_all_channels(make_bench):
    bench = make_bench(variant="cmos")
    bench.write(0xE, 0)
    bench.pins.reset = 1
    bench.trace(1)
    bench.pins.reset = 0
    assert bench.read(0xF) == 0xFF


def test_row_17_each_byte_goes_at_once_to_its_half_of_base_and_current(bench):
    bench.write_word(0, 0x1234)
    bench.write(0, 0x78)
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x1278
    bench.program(0, SINGLE | WRITE | AUTO, 0x1278, 0)
    bench.write(0, 0x99)  # low half of base and current, after programming
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    assert [bench.wait("S1").a for _ in range(2)] == [0x99, 0x99]


def test_row_18_after_tc_the_count_is_ffff_and_the_address_is_stepped(bench):
    request(bench, SINGLE | WRITE, count=0)
    bench.wait("S4")
    bench.wait("SI")
    bench.write(0xC, 0)
    assert (bench.read_word(0), bench.read_word(1)) == (0x1001, 0xFFFF)


def test_row_19_each_memory_to_memory_byte_has_adstb_in_s11_and_s21(bench):
    bench.program(0, BLOCK, 0x1000, 2)
    bench.program(1, BLOCK, 0x2000, 2)
    bench.write(8, 1)
    bench.write(9, 4)
    bench.wait("S0")
    rows = bench.trace(24)
    assert [n for n, row in enumerate(rows) if "adstb" in row] == [0, 4, 8, 12, 16, 20]


def test_row_20_memory_to_memory_sets_tc_of_channel_1_only(bench):
    bench.program(0, BLOCK, 0x1000, 2)
    bench.program(1, BLOCK, 0x2000, 2)
    bench.write(8, 1)
    bench.write(9, 4)
    bench.serve()
    assert bench.read(8) == 0x02


def test_row_21_illegal_reads_change_nothing(bench):
    bench.write_word(0, 0x1234)
    for a in (9, 0xA, 0xB, 0xC, 0xE, 0xF):
        assert bench.read(a) == 0xFF
    assert bench.read_word(0) == 0x1234


def test_row_22_a_command_write_stores_all_bits(make_bench):
    bench = make_bench(variant="cmos")
    for value in (0xFF, 0x00, 0xA5, 0x5A):
        bench.write(8, value)
        assert bench.read(0xA) == value


def test_row_23_leaving_cascade_steps_nothing(bench):
    bench.program(0, CASCADE, 0x1000, 0x0003)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.wait("SC")
    bench.pins.dreq = 0
    bench.wait("SI")
    assert (bench.read_word(0), bench.read_word(1)) == (0x1000, 0x0003)


def test_row_27_command_bits_2_3_and_6_are_intels(bench):
    bench.program(0, SINGLE | WRITE, 0, 9)
    bench.write(8, 0x04)  # disabled
    bench.write(0xA, 0)
    bench.pins.dreq = 0b1111
    assert bench.trace(5) == ["SI"] * 5
    bench.write(8, 0x48)  # DREQ active low, compressed
    assert bench.trace(5) == ["SI"] * 5
    bench.pins.dreq = 0b1110
    assert bench.serve() == 3
