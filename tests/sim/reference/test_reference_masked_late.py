"""The golden model, masked between HRQ and HLDA: row 28 of the facts, in each service mode; decision 1's choice."""

import pytest

SINGLE, BLOCK, DEMAND, CASCADE = 0x40, 0x80, 0x00, 0xC0
WRITE, READ = 0x04, 0x08


def masked_late(bench, mode, *, mask=0x06):
    """Ten transfers on channel 2, masked in S0."""
    bench.program(2, mode, 0x3000, 9)
    bench.write(0xA, 2)
    bench.pins.dreq = 0b0100
    bench.hlda = 0
    bench.wait("S0")
    bench.write(0xA, mask)
    assert bench.chip.outputs(bench.pins).state == "S0"


@pytest.mark.parametrize(
    ("mode", "transfers", "clocks"), [(DEMAND | READ, 1, 4), (SINGLE | READ, 1, 4), (BLOCK | READ, 10, 31)]
)
def test_row_28_what_is_still_served(bench, mode, transfers, clocks):
    masked_late(bench, mode)
    assert bench.serve() == clocks
    assert bench.read_word(5) == (9 - transfers) & 0xFFFF
    assert all(row.startswith("SI") and "hrq" not in row for row in bench.trace(20))


def test_row_28_a_burst_goes_on_when_the_mask_is_cleared_in_time(bench):
    masked_late(bench, DEMAND | WRITE, mask=0x02)
    assert bench.serve() == 31


def test_row_28_a_cascade_keeps_the_bus_as_long_as_its_line(bench):
    masked_late(bench, CASCADE)
    bench.wait("SC")
    assert all("dack2" in row for row in bench.trace(9))
    bench.pins.dreq = 0
    assert bench.trace(3)[1:] == ["SI", "SI"]


def test_row_28_memory_to_memory_copies_its_block(bench):
    bench.program(0, BLOCK | READ, 0x1000, 3)
    bench.program(1, BLOCK | WRITE, 0x2000, 3)
    bench.write(8, 1)
    bench.write(0xA, 0)
    bench.pins.dreq = 1
    bench.hlda = 0
    bench.wait("S0")
    bench.write(0xA, 4)
    assert bench.serve() == 32
    assert bench.read_word(3) == 0xFFFF
