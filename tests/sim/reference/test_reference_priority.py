"""Fixed and rotating priority, and cascade, on the golden model."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 7; facts 3.5, 5.

import pytest

SINGLE, CASCADE, WRITE = 0x40, 0xC0, 0x04
ROTATING = 0x10


def served(bench, services):
    """Return the channels of the next services."""
    order = []
    for _ in range(services):
        order.append((~bench.wait("S2").dack & 0xF).bit_length() - 1)
    return order


def four_channels(bench, command):
    for channel in range(4):
        bench.program(channel, SINGLE | WRITE, 0, 99)
    bench.write(8, command)
    bench.write(0xF, 0)


@pytest.mark.parametrize(
    ("dreq", "order"),
    [(0b1111, [0, 0, 0]), (0b1110, [1, 1]), (0b1100, [2, 2]), (0b1000, [3, 3]), (0b1010, [1, 1])],
)
def test_fixed_priority_serves_the_lowest_number(bench, dreq, order):
    four_channels(bench, 0)
    bench.pins.dreq = dreq
    assert served(bench, len(order)) == order


@pytest.mark.parametrize(
    ("dreq", "order"),
    [
        (0b1111, [0, 1, 2, 3, 0, 1]),
        (0b1010, [1, 3, 1, 3]),
        (0b0101, [0, 2, 0, 2]),
        (0b1001, [0, 3, 0, 3]),
        (0b0100, [2, 2, 2]),
    ],
)
def test_rotating_priority_puts_the_served_channel_last(bench, dreq, order):
    four_channels(bench, ROTATING)
    bench.pins.dreq = dreq
    assert served(bench, len(order)) == order


def test_the_channel_served_under_fixed_priority_is_last_after_a_switch_to_rotating(bench):
    four_channels(bench, 0)
    bench.pins.dreq = 0b0010
    served(bench, 1)
    bench.pins.dreq = 0
    bench.wait("SI")
    bench.write(8, ROTATING)
    bench.pins.dreq = 0b1111
    assert served(bench, 4) == [2, 3, 0, 1]


def test_master_clear_makes_channel_0_highest_again(bench):
    four_channels(bench, ROTATING)
    bench.pins.dreq = 0b0010
    served(bench, 1)
    bench.pins.dreq = 0
    bench.wait("SI")
    bench.write(0xD, 0)
    bench.write(8, ROTATING)
    bench.write(0xF, 0)
    bench.pins.dreq = 0b1111
    assert served(bench, 2) == [0, 1]


def test_a_higher_request_that_comes_after_the_latch_waits(bench):
    four_channels(bench, 0)
    bench.pins.dreq = 0b1000
    assert bench.trace(1) == ["SI"]
    bench.pins.dreq = 0b1001
    assert served(bench, 2) == [3, 0]


def test_software_requests_go_through_the_same_encoder(bench):
    four_channels(bench, 4)
    bench.write(0xF, 0xF)
    bench.write(9, 7)
    bench.write(9, 5)
    bench.write(8, 0)
    assert served(bench, 2) == [1, 1]


def cascade(bench):
    bench.write(0xB, CASCADE)
    bench.write(0xA, 0)
    bench.pins.dreq = 1


def test_cascade_gives_dack_and_nothing_else(bench):
    cascade(bench)
    bench.pins.ready = 0
    assert bench.trace(6) == ["SI", "SI hrq", "S0 hrq", "SC hrq dack0", "SC hrq dack0", "SC hrq dack0"]
    bench.pins.dreq = 0
    assert bench.trace(3) == ["SC hrq dack0", "SI", "SI"]


def test_cascade_ends_when_hlda_goes(bench):
    cascade(bench)
    bench.trace(5)
    bench.hlda = 0
    assert bench.trace(2) == ["SC hrq dack0", "SI"]


def test_cascade_counts_nothing(bench):
    bench.program(0, CASCADE, 0x1234, 0)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.trace(9)
    bench.pins.dreq = 0
    bench.trace(3)
    bench.write(0xC, 0)
    assert bench.read_word(0) == 0x1234
    assert bench.read_word(1) == 0x0000
    assert bench.read(8) == 0x00


def test_a_cascade_service_counts_for_rotation(bench):
    four_channels(bench, ROTATING)
    bench.write(0xB, CASCADE | 1)
    bench.pins.dreq = 0b0010
    bench.trace(5)
    bench.pins.dreq = 0b1001
    assert served(bench, 2) == [3, 0]


def test_a_software_request_on_a_cascade_channel_is_ignored(bench):
    bench.write(0xB, CASCADE | 2)
    bench.write(9, 6)
    assert bench.trace(5) == ["SI"] * 5
