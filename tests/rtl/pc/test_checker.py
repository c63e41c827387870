"""The bus rules: each is reported when it is broken. That no other test here breaks one is checked in every state."""

import gc

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator

from isadma.pc import IsaBus, IsaChecker, Rule
from isadma.pc.checker import BOARD_RULES, WORLD_RULES


class Puppet(wiring.Component):
    """A board whose outputs the test moves."""

    clk_fall: In(1, init=1)
    clk_rise: In(1, init=1)
    hrq: Out(1)
    hlda: In(1)
    isa: Out(IsaBus())

    def elaborate(self, platform):
        return Module()


#: A lawful bus in the middle of a DMA read of a device: what each broken rule starts from.
SERVICE = {
    "hrq": 1,
    "hlda": 1,
    "aen": 1,
    "a.oe": 1,
    "a.o": 0x1234,
    "sbhe_n.oe": 1,
    "sbhe_n.o": 1,
    "dack_n": 0xFB,
    **{f"{name}.oe": 1 for name in ("ior_n", "iow_n", "memr_n", "memw_n")},
    **{f"{name}.o": 1 for name in ("iow_n", "memr_n", "memw_n")},
    "ior_n.o": 0,
}
#: The bus of the processor, HLDA low.
IDLE = {"dack_n": 0xFF, "memr_n.o": 1, "memw_n.o": 1}
#: A card has the bus.
MASTERED = {**IDLE, "hrq": 1, "hlda": 1, "dack_n": 0xDF, "master_n": 0}


def broken_by(*clocks, **limits):
    """Play the clocks, each a change of the pins, and return the rules broken in each."""
    board = Puppet()
    checker = IsaChecker(board, **limits)
    m = Module()
    m.domains.sync = ClockDomain()
    m.submodules.board, m.submodules.checker = board, checker
    found = []

    async def testbench(ctx):
        for pins in clocks:
            for name, value in pins.items():
                signal = board if hasattr(board, name) else board.isa
                for part in name.split("."):
                    signal = getattr(signal, part)
                ctx.set(signal, value)
            bits = ctx.get(checker.broken)
            found.append({rule for rule in Rule if bits >> rule & 1})
            await ctx.tick()

    sim = Simulator(m)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    sim.run()
    return found


ASKED = {**IDLE, "hrq": 1}
LENT = {**ASKED, "hlda": 1}


def test_a_lawful_service_breaks_nothing():
    last = {**SERVICE, "ior_n.o": 1, "hrq": 0}
    released = {name: 0 for name in SERVICE if name.endswith(".oe")} | {"aen": 0, "dack_n": 0xFF}
    assert broken_by(IDLE, ASKED, LENT, SERVICE, SERVICE, last, released, {"hlda": 0}) == [set()] * 8


def test_a_lawful_master_breaks_nothing():
    back = {"master_n": 1}
    gone = {"dack_n": 0xFF, "hrq": 0}
    acknowledged = {**LENT, "dack_n": 0xDF}
    played = (IDLE, ASKED, LENT, acknowledged, MASTERED, {"ior_n.i": 0}, {"ior_n.i": 1}, back, gone, {"hlda": 0})
    assert broken_by(*played, master_limit=4) == [set()] * 10


@pytest.mark.parametrize(
    ("broken", "change"),
    [
        ({Rule.ONE_DACK, Rule.UNSTEADY}, {"dack_n": 0xF9}),
        ({Rule.STROBE_PAIR}, {"iow_n.o": 0}),
        ({Rule.STROBE_PAIR}, {"memr_n.o": 0}),
        ({Rule.UNSTEADY}, {"a.o": 0x1235}),
        ({Rule.UNSTEADY}, {"dack_n": 0xF7}),
        ({Rule.UNSTEADY}, {"sbhe_n.o": 0}),
        ({Rule.AEN}, {"aen": 0}),
        ({Rule.BOARD_AGAINST_MASTER}, {"master_n": 0}),
        ({Rule.HLDA_UNASKED}, {"hlda": 0}),
    ],
)
def test_a_broken_rule_is_reported_where_it_is_broken(broken, change):
    assert broken_by(IDLE, ASKED, LENT, SERVICE, SERVICE, change) == [set()] * 5 + [broken]


def test_driving_without_hlda_is_reported():
    assert broken_by(IDLE, SERVICE | {"hlda": 0, "hrq": 0})[1] == {Rule.BUS_TAKEN_WITHOUT_HLDA}


def test_driving_to_the_middle_of_the_state_after_is_lawful_where_hlda_fell_with_hrq_and_longer_is_reported():
    # Two clocks a state: the first halves end with clk_rise, the second ones with clk_fall.
    first, second = {"clk_rise": 1, "clk_fall": 0}, {"clk_rise": 0, "clk_fall": 1}
    taken = {"hlda": 0, "hrq": 0, "ior_n.o": 1}
    service = [IDLE | first, second, LENT | first, second, SERVICE | first, taken | second]
    *before, half, more = broken_by(*service, first, second)
    assert before == [set()] * 6
    assert half == set()
    assert more == {Rule.BUS_TAKEN_WITHOUT_HLDA}


def test_a_processor_that_goes_on_after_hlda_is_reported():
    assert broken_by(IDLE, ASKED, LENT, LENT, {"iow_n.i": 0})[4] == {Rule.PROCESSOR_ON_LENT_BUS}


def test_hlda_out_of_nothing_is_reported():
    assert broken_by(IDLE, IDLE, {"hlda": 1})[2] == {Rule.HLDA_UNASKED}


def test_tc_outside_a_service_is_reported():
    assert broken_by(IDLE, {"tc": 1})[1] == {Rule.AEN}


def test_master_without_dack_is_reported():
    assert broken_by(IDLE, {"master_n": 0})[1] == {Rule.MASTER_UNACKNOWLEDGED}


def test_a_card_that_never_gives_the_bus_back_is_reported_after_the_limit():
    lawful = (IDLE, ASKED, LENT, {**LENT, "dack_n": 0xDF})
    found = broken_by(*lawful, MASTERED, *[{}] * 70, master_limit=60)
    assert found[4:64] == [set()] * 60
    assert found[64:] == [{Rule.MASTER_TOO_LONG}] * 11


def test_iochrdy_low_for_too_long_is_reported():
    found = broken_by(IDLE, ASKED, LENT, SERVICE, {"iochrdy": 0}, *[{}] * 12, ready_limit=10)
    assert found[:14] == [set()] * 14
    assert found[14:] == [{Rule.NOT_READY_TOO_LONG}] * 3


def test_iochrdy_low_on_an_idle_bus_is_nobodys_business():
    assert broken_by(IDLE, {"iochrdy": 0}, *[{}] * 30, ready_limit=10) == [set()] * 32


def test_every_rule_belongs_to_the_board_or_to_the_world():
    assert sorted(BOARD_RULES + WORLD_RULES) == sorted(Rule)


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
@pytest.mark.parametrize("name", ["master_limit", "ready_limit"])
def test_a_limit_that_is_no_limit_is_named(name):
    with pytest.raises(ValueError, match=f"{name} is 0: give a number of states"):
        IsaChecker(Puppet(), **{name: 0})
    gc.collect()  # what was built before the error warns now, where it is expected
