"""The reader of literal timing tables, and the messages for what it cannot read."""

import pytest

from isadma_verify.cosim.chip.pins import PinMap
from isadma_verify.cosim.chip.stand import CHIP
from isadma_verify.cosim.common.build import available
from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.figure import parse
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.wires import Wire

HEAD = "state half | dreq ready eop dbin | dack A MEMR"


def test_a_row_is_read_column_by_column():
    row = parse(f"{HEAD}\nS2 h | 0100 1 0 A7 | 1011 3F z", CHIP)[0]
    assert (row.label, row.high) == ("S2", True)
    assert row.drive == {"dreq": 0b0100, "ready": 1, "eop": 0, "dbin": 0xA7}
    assert row.expect == {"dack": "1011", "A": "3F", "MEMR": "z"}


def test_an_unknown_column_names_those_that_exist():
    with pytest.raises(ValueError, match="input column 'drq': take one of dreq, hlda"):
        parse("state half | drq | hrq\nSI l | 0 | 0", CHIP)


def test_a_short_row_is_shown():
    with pytest.raises(ValueError, match=r"row 'S2 h \| 0100 1 0 A7 \| 1011 3F' does not fit"):
        parse(f"{HEAD}\nS2 h | 0100 1 0 A7 | 1011 3F", CHIP)


def test_one_fabric_clock_per_state_is_always_the_second_half():
    clocking = Clocking(1, count=7)
    assert (clocking.state, clocking.high, clocking.falls, clocking.rises) == (7, True, True, True)


def test_two_fabric_clocks_alternate_rise_and_fall():
    places = [Clocking(2, count=count) for count in (6, 7)]
    assert [(p.state, p.high, p.falls, p.rises) for p in places] == [(3, False, False, True), (3, True, True, False)]


def test_odd_fabric_clocks_give_the_first_half_the_smaller_share():
    assert [Clocking(5, count=count).high for count in range(5)] == [False, False, True, True, True]


def test_zero_fabric_clocks_per_state_are_refused():
    with pytest.raises(ValueError, match="0 fabric clocks per state: at least 1"):
        Clocking(0)


def test_an_unknown_pin_in_a_map_is_named():
    with pytest.raises(ValueError, match="pin 'drq' is not one of the 8237A's"):
        PinMap(ports={"drq": "dma_request"})


def test_a_map_without_any_clock_is_refused():
    with pytest.raises(ValueError, match="a core needs a CLK pin"):
        PinMap(clk_fall=None)


def test_pins_that_lead_nowhere_are_named():
    with pytest.raises(ValueError, match=r"pins 'isadma_verify\.cosim\.chip\.pins:NONE'.*give module:name"):
        BenchOptions(pins="isadma_verify.cosim.chip.pins:NONE").pin_map()


def test_a_bench_started_without_the_runner_is_told_how():
    with pytest.raises(ValueError, match=r"ISADMA_BENCH is not set: start benches by isadma_verify\.cosim\.common"):
        BenchOptions.from_environment({})


def test_an_unknown_simulator_names_those_that_exist():
    with pytest.raises(ValueError, match="simulator 'vcs' is unknown; take one of verilator, icarus"):
        available("vcs")


def test_a_wire_refuses_a_level_too_wide_for_it():
    with pytest.raises(ValueError, match="0x100 does not fit db: 8 bits"):
        Wire("db", 8, pull=None).drive("cpu", 0x100)
