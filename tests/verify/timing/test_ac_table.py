"""The DIP-40 part against the AC table of the data sheet, in picoseconds; and parts that break it are found out."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15.
import re
from pathlib import Path

import pytest

from isadma.i8237.socket import Socket
from isadma_verify.timing import TABLE, Side, play
from isadma_verify.timing.kernel import StuckError
from isadma_verify.timing.table import UNCONFIRMED

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "15-socket.md"

#: Lines whose greatest delay a slow fabric cannot hold; it must not do anything wrong for that.
DELAYS = {symbol for symbol, line in TABLE.items() if line.side is Side.PART and line.maximum is not None}


class Tampered(Socket):
    """A socket with one input that comes earlier or later."""

    def __init__(self, name, later, **options):
        super().__init__(**options)
        self._tampered, self._with = name, later

    def _synchronized(self, m, name, pin, *, init=0, later=0):
        return super()._synchronized(m, name, pin, init=init, later=self._with if name == self._tampered else later)


class Eager(Socket):
    """A socket that shows the chip its pins while IOW# is low."""

    def _hear_the_processor(self, m):
        chip = self._chip
        for name in ("cs_n", "ior_n", "iow_n", "a", "db"):
            pin, inner = getattr(self, name), getattr(chip, name)
            pin, inner = (pin, inner) if name == "cs_n" else (pin.i, inner.i)
            m.d.comb += inner.eq(self._synchronized(m, name, pin, init=0 if name in ("a", "db") else 1))


def test_the_guide_names_every_line_that_was_not_read_from_the_data_sheet():
    (sentence,) = re.findall(r"has the lines ([^.]+)\.", GUIDE.read_text())
    assert set(re.findall(r"T[A-Z]+", sentence)) == UNCONFIRMED
    assert set(TABLE) > UNCONFIRMED


@pytest.mark.parametrize(("fabric_mhz", "clk_mhz"), [pytest.param(60, 5, marks=pytest.mark.long), (75, 3)])
def test_every_line_holds_from_60_mhz_on(fabric_mhz, clk_mhz):
    run = play(Socket(fabric_mhz=fabric_mhz), fabric_mhz=fabric_mhz, clk_mhz=clk_mhz, seed=11)
    assert (run.wrong, list(map(str, run.violations))) == ([], [])
    assert set(run.measured) == set(TABLE), "a line was not measured"


@pytest.mark.parametrize(("fabric_mhz", "clk_mhz"), [(25, 5), pytest.param(33, 4, marks=pytest.mark.long)])
def test_a_slow_fabric_is_late_and_nothing_else(fabric_mhz, clk_mhz):
    run = play(Socket(fabric_mhz=fabric_mhz), fabric_mhz=fabric_mhz, clk_mhz=clk_mhz, seed=3)
    assert run.wrong == []
    assert {violation.symbol for violation in run.violations} <= DELAYS
    assert any(violation.symbol == "TSTT" for violation in run.violations)


@pytest.mark.long
@pytest.mark.parametrize("fabric_mhz", [25, 40, 50, 60, 66, 80, 100])
@pytest.mark.parametrize("clk_mhz", [3, 4, 5])
def test_runs_at_every_pair_of_clocks(fabric_mhz, clk_mhz):
    for seed in range(100, 110):
        run = play(Socket(fabric_mhz=fabric_mhz), fabric_mhz=fabric_mhz, clk_mhz=clk_mhz, seed=seed)
        assert run.wrong == [], f"seed {seed}"
        broken = {violation.symbol for violation in run.violations}
        assert broken <= (DELAYS if fabric_mhz < 60 else set()), f"seed {seed}"


def test_a_part_that_lets_go_of_db_too_early_is_found_out():
    run = play(Socket(fabric_mhz=16), fabric_mhz=100, clk_mhz=5, seed=1)
    assert "TAHS" in {violation.symbol for violation in run.violations}


def test_a_part_that_writes_before_iow_rises_is_found_out():
    run = play(Eager(fabric_mhz=100), fabric_mhz=100, clk_mhz=5, seed=1)
    assert any(words.startswith("channel 1 reloads") for words in run.wrong)


@pytest.mark.parametrize(
    ("pin", "later", "said"),
    [pytest.param("ready", 0, "high answers", marks=pytest.mark.long), ("dreq", 1, "HRQ answers")],
)
def test_an_input_that_counts_at_another_time_is_found_out(pin, later, said):
    def found(seed):
        try:
            wrong = play(Tampered(pin, later, fabric_mhz=60), fabric_mhz=60, clk_mhz=5, seed=seed).wrong
        except StuckError as error:
            wrong = [str(error)]
        return any(said in words or "still waits" in words for words in wrong)

    assert any(found(seed) for seed in range(2))
