"""Terminal count, external EOP#, autoinitialization, and demand mode's pauses, on the golden model."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 3 to 7, figure 11; facts 3.5, 4.

import pytest

SINGLE, BLOCK, DEMAND = 0x40, 0x80, 0x00
WRITE, AUTO, DECREMENT = 0x04, 0x10, 0x20


def start(bench, mode, address=0x1000, count=5, dreq=1):
    bench.program(0, mode | WRITE, address, count)
    bench.write(0xA, 0)
    bench.pins.dreq = dreq


def stop(bench):
    """Take DREQ away and let the service end."""
    bench.pins.dreq = 0
    for _ in range(20):
        if bench.clock().state == "SI":
            break
    bench.trace(2)


def test_word_count_reads_ffff_and_the_address_is_stepped_after_terminal_count(bench):
    start(bench, BLOCK, address=0x1000, count=4)
    bench.wait("S4")
    bench.wait("SI")
    bench.pins.dreq = 0
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x1005
    assert bench.read_word(1) == 0xFFFF
    assert bench.read(8) == 0x01


def test_a_count_of_n_is_n_plus_one_transfers(bench):
    start(bench, BLOCK, count=3)
    rows = bench.trace(40)
    assert sum(row.startswith("S3") for row in rows) == 4
    assert sum("eop" in row for row in rows) == 1


def test_terminal_count_masks_the_channel(make_bench):
    bench = make_bench(variant="cmos")
    start(bench, SINGLE, count=0)
    bench.wait("S4")
    assert bench.trace(9) == ["SI"] * 9  # DREQ is still high
    assert bench.read(0xF) == 0xFF


def test_autoinitialize_reloads_and_leaves_the_mask_and_sets_the_status_bit(make_bench):
    bench = make_bench(variant="cmos")
    start(bench, SINGLE | AUTO, address=0x1234, count=0)
    bench.wait("S4")
    stop(bench)
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x1234
    assert bench.read_word(1) == 0x0000
    assert bench.read(0xF) == 0xFE
    assert bench.read(8) == 0x01


def test_autoinitialize_holds_the_address_pins_through_s4(bench):
    start(bench, SINGLE | AUTO, address=0x1277, count=0)
    assert bench.trace(7)[3:] == [
        "S1 hrq aen adstb a=77 db=12 high",
        "S2 hrq aen a=77 dack0 ior",
        "S3 hrq aen a=77 dack0 ior memw eop",
        "S4 aen a=77 dack0 high",
    ]


def test_the_address_wraps_at_64_kilobytes_both_ways(bench):
    start(bench, BLOCK, address=0xFFFF, count=1)
    bench.wait("S4")
    bench.wait("SI")
    bench.pins.dreq = 0
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x0001
    start(bench, BLOCK | DECREMENT, address=0x0000, count=1)
    bench.wait("S4")
    bench.wait("SI")
    bench.pins.dreq = 0
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0xFFFE


def test_external_eop_at_the_end_of_s1_ends_the_service_with_that_transfer(bench):
    start(bench, BLOCK, count=9)
    bench.trace(3)
    bench.pins.eop_n = 0
    assert bench.trace(1) == ["S1 hrq aen adstb a=00 db=10 high"]
    bench.pins.eop_n = 1
    assert bench.trace(4) == [
        "S2 hrq aen a=00 dack0 ior",
        "S3 hrq aen a=00 dack0 ior memw",  # the chip does not pull EOP# itself
        "S4 aen a=00 dack0 high",
        "SI",
    ]
    bench.pins.dreq = 0
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x1001
    assert bench.read_word(1) == 0x0008
    assert bench.read(8) == 0x01


def test_external_eop_at_the_end_of_s4_counts_when_s1_is_skipped(bench):
    start(bench, BLOCK, count=9)
    bench.trace(6)
    bench.pins.eop_n = 0
    assert bench.trace(1) == ["S4 hrq aen a=00 dack0 high"]
    bench.pins.eop_n = 1
    assert [row.split()[0] for row in bench.trace(4)] == ["S2", "S3", "S4", "SI"]


@pytest.mark.parametrize("clock", [0, 1, 2, 4, 5])
def test_external_eop_at_any_other_clock_is_not_seen(bench, clock):
    start(bench, BLOCK, count=1)
    bench.trace(clock)
    bench.pins.eop_n = 0
    bench.trace(1)
    bench.pins.eop_n = 1
    states = [row.split()[0] for row in bench.trace(10 - clock)]
    assert states[-5:] == ["S4", "S2", "S3", "S4", "SI"]


def test_external_eop_reloads_an_autoinitializing_channel_and_masks_another(make_bench):
    for mode, mask in ((AUTO, 0xFE), (0, 0xFF)):
        bench = make_bench(variant="cmos")
        start(bench, SINGLE | mode, count=9)
        bench.pins.eop_n = 0
        bench.wait("S4")
        bench.pins.eop_n = 1
        stop(bench)
        assert bench.read(0xF) == mask
        bench.write(0xC, 0)
        assert bench.read_word(0) == (0x1000 if mode else 0x1001)


def test_external_eop_in_single_mode_sets_the_status_bit(bench):
    start(bench, SINGLE, count=9)
    bench.pins.eop_n = 0
    bench.wait("S4")
    bench.pins.eop_n = 1
    stop(bench)
    assert bench.read(8) == 0x01


def test_demand_stops_when_dreq_is_low_at_the_end_of_s3(bench):
    start(bench, DEMAND, count=99)
    bench.trace(5)
    bench.pins.dreq = 0
    assert bench.trace(3) == ["S3 hrq aen a=00 dack0 ior memw", "S4 aen a=00 dack0 high", "SI"]


def test_demand_goes_on_when_dreq_is_high_at_the_end_of_s3_only(bench):
    start(bench, DEMAND, count=99)
    bench.trace(3)
    bench.pins.dreq = 0
    bench.trace(2)
    bench.pins.dreq = 1
    bench.trace(1)
    bench.pins.dreq = 0
    assert [row.split()[0] for row in bench.trace(5)] == ["S4", "S2", "S3", "S4", "SI"]


def test_demand_samples_dreq_at_the_end_of_the_last_sw(bench):
    start(bench, DEMAND, count=99)
    bench.pins.ready = 0
    bench.trace(6)
    bench.pins.dreq = 0
    bench.trace(1)
    bench.pins.dreq = 1
    bench.pins.ready = 1
    assert [row.split()[0] for row in bench.trace(3)] == ["SW", "S4", "S2"]


def test_a_demand_pause_keeps_address_and_count_and_does_not_reload(bench):
    start(bench, DEMAND | AUTO, address=0x10, count=99)
    bench.wait("S4")
    stop(bench)
    bench.write(0xC, 0)
    address, count = bench.read_word(0), bench.read_word(1)
    assert (address, count) == (0x12, 97)
    bench.pins.dreq = 1
    assert bench.wait("S1").a == 0x12


def test_block_goes_on_to_terminal_count_without_dreq(bench):
    start(bench, BLOCK, count=7)
    bench.wait("S1")
    bench.pins.dreq = 0
    states = [row.split()[0] for row in bench.trace(24)]
    assert states == ["S2", "S3", "S4"] * 8


def test_hrq_and_the_latched_channel_hold_when_dreq_goes(bench):
    start(bench, SINGLE, count=7)
    bench.hlda = 0
    bench.trace(1)
    bench.pins.dreq = 0
    assert bench.trace(5)[-1] == "S0 hrq"
    bench.hlda = None
    assert bench.wait("S2").dack == 0b1110


def test_a_software_request_needs_no_unmasking_and_ends_with_tc(make_bench):
    bench = make_bench(variant="cmos")
    bench.program(1, BLOCK | WRITE, 0, 2)
    bench.write(9, 5)
    assert bench.serve() == 10
    assert bench.trace(8) == ["SI"] * 8
    assert bench.read(9) == 0xF0
    assert bench.read(8) == 0x02


def test_a_software_request_in_single_mode_repeats_until_tc(bench):
    bench.program(1, SINGLE | WRITE, 0, 2)
    bench.write(9, 5)
    states = [row.split()[0] for row in bench.trace(40)]
    assert states.count("S4") == 3


def test_a_disabled_controller_serves_nobody(bench):
    start(bench, SINGLE, count=7, dreq=0)
    bench.write(8, 4)
    bench.write(9, 4)
    bench.pins.dreq = 1
    assert bench.trace(6) == ["SI"] * 6
    bench.write(8, 0)
    assert bench.wait("S2").dack == 0b1110
