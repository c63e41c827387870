"""The golden model's registers as a CPU sees them."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 11; facts 2.1 to 2.10.

import pytest

from isadma_sim.reference import AtBoard, Chip, XtBoard


@pytest.mark.parametrize("a", range(8))
@pytest.mark.parametrize("word", [0x0000, 0xFFFF, 0x55AA, 0x1234])
def test_each_address_and_count_reads_back_low_byte_first(bench, a, word):
    bench.write_word(a, word)
    assert bench.read(a) == word & 0xFF
    assert bench.read(a) == word >> 8


def test_one_flip_flop_serves_all_channels_and_both_directions(bench):
    bench.write_word(0, 0x1234)
    bench.write_word(7, 0xABCD)
    assert bench.read(0) == 0x34
    assert bench.read(7) == 0xAB
    bench.write(2, 0x11)  # low again
    bench.write(2, 0x22)
    assert bench.read_word(2) == 0x2211


def test_accesses_to_ports_8_to_f_do_not_toggle_the_flip_flop(bench):
    bench.write_word(0, 0x1234)
    assert bench.read(0) == 0x34
    for a, value in ((8, 0), (9, 0), (0xA, 4), (0xB, 0x40), (0xE, 0), (0xF, 0xF)):
        bench.write(a, value)
    for a in range(8, 16):
        bench.read(a)
    assert bench.read(0) == 0x12


@pytest.mark.parametrize("a", [0xC, 0xD])
def test_clear_flip_flop_and_master_clear_bring_the_low_byte_back(bench, a):
    bench.write_word(0, 0x1234)
    bench.read(0)
    bench.write(a, 0xFF)
    assert bench.read(0) == 0x34


def test_reset_brings_the_low_byte_back_and_keeps_addresses(bench):
    bench.write_word(0, 0x1234)
    bench.read(0)
    bench.pins.reset = 1
    bench.trace(2)
    bench.pins.reset = 0
    bench.trace(2)
    assert bench.read(0) == 0x34


@pytest.mark.parametrize("clocks", [1, 2, 7])
def test_a_long_strobe_is_one_access(bench, clocks):
    bench.pins.a, bench.pins.db, bench.pins.cs_n = 0, 0x77, 0
    bench.trace(1)
    bench.pins.iow_n = 0
    bench.trace(clocks)
    bench.pins.iow_n = 1
    bench.trace(1)
    bench.pins.cs_n = 1
    bench.trace(1)
    bench.write(0, 0x66)
    assert bench.read_word(0) == 0x6677


def test_nothing_is_accessed_without_cs(bench):
    bench.write_word(0, 0x1234)
    bench.pins.a, bench.pins.db = 0, 0x77
    bench.pins.iow_n = 0
    bench.trace(3)
    bench.pins.iow_n = 1
    bench.trace(2)
    assert bench.read_word(0) == 0x1234


def test_nothing_is_accessed_while_hlda_is_high(bench):
    bench.write_word(0, 0x1234)
    bench.hlda = 1
    bench.pins.a, bench.pins.db, bench.pins.cs_n = 0, 0x77, 0
    bench.pins.iow_n = 0
    bench.trace(3)
    bench.pins.iow_n = 1
    bench.trace(2)
    bench.pins.ior_n = 0
    assert bench.trace(3) == ["SI"] * 3  # nor is DB driven
    bench.pins.ior_n = 1
    bench.trace(2)
    bench.pins.cs_n = 1
    bench.hlda = None
    assert bench.read_word(0) == 0x1234


def test_a_read_drives_db_only_while_its_strobe_is_low(bench):
    bench.write_word(0, 0x1234)
    bench.pins.cs_n = 0
    assert bench.trace(2) == ["SI", "SI"]
    bench.pins.ior_n = 0
    assert bench.trace(4)[2:] == ["SI db=34", "SI db=34"]
    bench.pins.ior_n = 1
    assert bench.trace(2) == ["SI", "SI"]


def test_reset_state_masks_all_and_clears_status_and_temporary(bench):
    bench.pins.dreq = 0xF
    assert bench.trace(6) == ["SI"] * 6
    assert bench.read(8) == 0xF0
    assert bench.read(0xD) == 0x00


def test_master_clear_clears_the_data_sheets_list_and_nothing_else(make_bench):
    bench = make_bench(variant="cmos")
    bench.program(0, 0x58, 0x1234, 0x5678)
    bench.write(0xB, 0x99)
    bench.write(8, 0x24)
    bench.write(9, 0x06)
    bench.write(0xF, 0x05)
    bench.write(0xD, 0)
    assert bench.read(0xA) == 0x00
    assert bench.read(9) == 0xF0
    assert bench.read(0xF) == 0xFF
    assert bench.read(8) == 0x00
    assert bench.read(0xD) == 0x00
    assert [bench.read(0xB) for _ in range(2)] == [0x5B, 0x9B]
    assert bench.read_word(0) == 0x1234
    assert bench.read_word(1) == 0x5678


def test_master_clear_takes_a_waiting_request_back_to_idle(bench):
    bench.program(0, 0x44, 0, 9)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.hlda = 0
    bench.wait("S0")
    bench.write(0xD, 0)
    assert bench.trace(3) == ["SI"] * 3


def test_single_mask_bits_set_and_clear_one_channel(make_bench):
    bench = make_bench(variant="cmos")
    for value, mask in ((0x02, 0xFB), (0x00, 0xFA), (0x06, 0xFE), (0xF9, 0xFC), (0x07, 0xFC)):
        bench.write(0xA, value)
        assert bench.read(0xF) == mask


def test_all_mask_write_takes_the_low_nibble(make_bench):
    bench = make_bench(variant="cmos")
    bench.write(0xF, 0xA5)
    assert bench.read(0xF) == 0xF5


@pytest.mark.parametrize("a", [9, 0xA, 0xB, 0xC, 0xE, 0xF])
def test_illegal_reads_return_ff_unless_told(make_bench, a):
    assert make_bench().read(a) == 0xFF
    assert make_bench(undefined_read=0x00).read(a) == 0x00


def test_cmos_sets_the_flip_flop_and_walks_the_mode_registers(make_bench):
    bench = make_bench(variant="cmos")
    bench.write_word(0, 0x1234)
    bench.read(0xC)
    assert bench.read(0) == 0x12
    for mode in (0x58, 0x45, 0x86, 0xC3):
        bench.write(0xB, mode)
    bench.read(0xE)
    assert [bench.read(0xB) for _ in range(5)] == [0x5B, 0x47, 0x87, 0xC3, 0x5B]
    bench.read(0xE)
    assert bench.read(0xB) == 0x5B
    bench.write(8, 0xA4)
    assert bench.read(0xA) == 0xA4


def test_status_shows_tc_once_and_clears_it_after_the_read(bench):
    bench.program(1, 0x44, 0, 0)
    bench.write(0xA, 1)
    bench.pins.dreq = 2
    bench.wait("S4")
    bench.pins.dreq = 0
    bench.trace(2)
    assert bench.read(8) == 0x02
    assert bench.read(8) == 0x00


def test_a_dreq_in_the_clock_that_ends_an_unmasking_write_still_meets_the_old_mask(bench):
    bench.program(0, 0x44, 0, 9)
    bench.pins.dreq = 1
    bench.pins.a, bench.pins.db, bench.pins.cs_n = 0xA, 0, 0
    bench.trace(1)
    bench.pins.iow_n = 0
    bench.trace(1)
    bench.pins.iow_n = 1
    assert bench.trace(4) == ["SI", "SI", "SI hrq", "S0 hrq"]


@pytest.mark.parametrize("variant", ["NMOS", "8237A", ""])
def test_an_unknown_variant_is_refused_by_name(variant):
    with pytest.raises(ValueError, match=r'variant=.*"nmos".*"cmos"'):
        Chip(variant=variant)


@pytest.mark.parametrize("value", [-1, 256])
def test_an_undefined_read_that_is_no_byte_is_refused(value):
    with pytest.raises(ValueError, match=f"undefined_read={value}"):
        Chip(undefined_read=value)


@pytest.mark.parametrize("board", [AtBoard, XtBoard])
@pytest.mark.parametrize("count", [-1, 8])
def test_wait_states_out_of_range_are_refused(board, count):
    with pytest.raises(ValueError, match=f"wait_states={count}: .* 0 to 7"):
        board(wait_states=count)
