"""A board's clock from a PLL: the dividers, the bounds of the PLL, and what a board refuses."""

import pytest

from isadma_boards.tops import BOARDS, Top
from isadma_boards.tops.pll import Ratio, ice40_ratio, ratio

MHZ = 1_000_000


@pytest.mark.parametrize(
    ("output", "found"),
    [(50, Ratio(1, 2, 8)), (75, Ratio(1, 3, 6)), (100, Ratio(1, 4, 4)), (125, Ratio(1, 5, 4)), (400, Ratio(1, 16, 1))],
)
def test_the_smallest_dividers_are_taken(output, found):
    assert ratio(25 * MHZ, output * MHZ) == found


@pytest.mark.parametrize(("source", "output"), [(25, 75), (16, 56), (48, 72)])
def test_the_clock_is_exact_and_the_pll_within_its_bounds(source, output):
    found = ratio(source * MHZ, output * MHZ)
    assert source * found.feedback == output * found.reference
    assert 400 <= output * found.output <= 800
    assert source / found.reference >= 8


@pytest.mark.parametrize("output", [10, 77, 900])
def test_a_clock_out_of_its_reach_is_refused(output):
    with pytest.raises(ValueError, match=rf"^{output} MHz: the PLL cannot make that from 25 MHz$"):
        ratio(25 * MHZ, output * MHZ)


def test_a_board_is_given_a_clock_and_wait_states_and_stays_as_it_was():
    before = BOARDS["ulx3s"]
    fast = before.given(75 * MHZ, 0)
    assert (fast.clock_hz, fast.oscillator_hz, fast.wait_states) == (75 * MHZ, 25 * MHZ, 0)
    assert (before.clock_hz, before.wait_states) == (25 * MHZ, 1)
    assert before.given() is before
    assert before.given(25 * MHZ).make_pll() is None


def test_the_pll_is_in_the_design_and_its_clock_is_a_constraint():
    spec = BOARDS["ulx3s"].given(75 * MHZ, 0)
    files = spec.make_platform().prepare(Top(spec), do_program=False).files
    assert "EHXPLLL" in str(files["top.il"])
    assert "75000000" in str(files["top.lpf"]).replace(".0", "")


@pytest.mark.parametrize(("source", "output"), [(12, 72), (12, 60), (16, 66), (100, 75), (12, 48)])
def test_an_ice40s_clock_is_exact_and_its_pll_within_its_bounds(source, output):
    found = ice40_ratio(source * MHZ, output * MHZ)
    assert source * found.feedback == output * found.output * found.reference
    assert 533 <= output * found.output <= 1066
    assert 10 <= source / found.reference <= 133
    assert found.output in (2, 4, 8, 16, 32, 64)


def test_the_hx8ks_72_mhz_are_576_over_8():
    assert ice40_ratio(12 * MHZ, 72 * MHZ) == Ratio(1, 48, 8)


@pytest.mark.parametrize("output", [5, 73, 600])
def test_a_clock_out_of_an_ice40s_reach_is_refused(output):
    with pytest.raises(ValueError, match=rf"^{output} MHz: the PLL cannot make that from 12 MHz$"):
        ice40_ratio(12 * MHZ, output * MHZ)
