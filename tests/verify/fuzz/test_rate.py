"""The two rates are of runs in which design and model were compared."""

from functools import partial

import pytest

from isadma.pc import PcAt
from isadma_verify.fuzz import rate


@pytest.fixture(autouse=True)
def short(library, monkeypatch):
    library("at")
    monkeypatch.setattr(rate, "_CLOCKS", 600)
    monkeypatch.setattr(rate, "_SEEDS", 3)


def test_both_rates_are_of_clocks_that_were_compared():
    rates = rate.measure(turns=1)
    assert rates.fuzz > 0 < rates.lockstep
    assert rates.ratio == rates.fuzz / rates.lockstep


def test_a_board_that_differs_from_its_model_gives_no_rate(monkeypatch):
    monkeypatch.setattr(rate, "PcAt", partial(PcAt, wait_states=0))
    with pytest.raises(AssertionError, match="seed 0, state"):
        rate.measure(turns=1)
