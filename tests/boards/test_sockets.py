"""Boards that take the 8237A's place: every line of the part on a pad of its own, and the clock that a PLL makes."""

import re

import pytest

from isadma_boards.bitstreams import build
from isadma_boards.tops import BOARDS, SOCKETS, SocketTop
from isadma_tools import toolchain

#: Pins of the 40 that carry a signal (not supply, not pin 5), and the shifters' two directions.
LINES = 37 + 2


@pytest.fixture(params=SOCKETS)
def plan(request):
    spec = SOCKETS[request.param]
    family = BOARDS[spec.board].family
    for tool in ("yosys", family.pnr, family.packer):
        toolchain.find(tool)
    platform = BOARDS[spec.board].make_platform()
    platform.add_resources([spec.resource()])
    files = platform.prepare(SocketTop(spec), do_program=False).files
    return spec, *(
        text if isinstance(text, str) else text.decode() for text in map(files.get, (family.constraints, "top.il"))
    )


def test_every_line_has_a_pad_of_its_own(plan):
    spec, constraints, _ = plan
    pads = re.findall(r'(?:set_io |LOCATE COMP ")(i8237_0__\S+?)"? (?:SITE ")?(\w+)', constraints)
    assert len(pads) == len(spec.wiring) == LINES
    assert len({pad for _, pad in pads}) == LINES


def test_the_constraints_have_the_fabrics_clock(plan):
    spec, constraints, _ = plan
    mhz, hz = spec.fabric_hz / 1e6, float(spec.fabric_hz)
    assert f"set_frequency pll.clk_out {mhz}\n" in constraints or f'FREQUENCY NET "pll.clk_out" {hz} HZ;' in constraints


def test_the_pll_makes_that_clock_within_its_limits(plan):
    spec, _, netlist = plan
    oscillator = BOARDS[spec.board].clock_hz

    def parameter(name):
        return int(re.search(rf"parameter (?:signed )?\\{name} (?:\d+'([01]+)|(\d+))", netlist)[2] or 0)

    if "SB_PLL40_CORE" in netlist:
        inside = oscillator * (parameter("DIVF") + 1) // (parameter("DIVR") + 1)
        assert 533e6 <= inside <= 1066e6
        made = inside >> parameter("DIVQ")
    else:
        made = oscillator * parameter("CLKFB_DIV") // parameter("CLKI_DIV")
        assert 400e6 <= made * parameter("CLKOP_DIV") <= 800e6
    assert made == spec.fabric_hz


def test_the_clock_is_one_at_which_the_ac_table_holds():
    assert all(60_000_000 <= spec.fabric_hz <= 100_000_000 for spec in SOCKETS.values())


@pytest.mark.long
@pytest.mark.parametrize("board", SOCKETS)
def test_the_bitstream_meets_its_clock(board, tmp_path):
    report = build(board, tmp_path)
    assert report.meets_clock
    assert report.throughput == ()
    assert (tmp_path / report.bitstream).stat().st_size > 10_000
