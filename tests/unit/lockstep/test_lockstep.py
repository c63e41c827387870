"""RTL against golden model, pin by pin and clock by clock, under seeded random programs and surroundings."""

import os

import pytest

SEEDS = range(6)
LONG_SEEDS = range(1000, 1000 + int(os.environ.get("ISADMA_LOCKSTEP_SEEDS", "60")))


@pytest.mark.parametrize("variant", ["nmos", "cmos"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_chip_equals_the_golden_model(chip_lockstep, variant, seed):
    chip_lockstep(variant).run(seed, 1500)


@pytest.mark.parametrize("wait_states", [0, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_at_board_equals_the_golden_model(board_lockstep, wait_states, seed):
    board_lockstep(wait_states).run(seed, 1000)


@pytest.mark.long
@pytest.mark.parametrize("variant", ["nmos", "cmos"])
@pytest.mark.parametrize("seed", LONG_SEEDS)
def test_the_chip_equals_the_golden_model_for_long(chip_lockstep, variant, seed):
    chip_lockstep(variant).run(seed, 8000)


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG_SEEDS)
def test_the_at_board_equals_the_golden_model_for_long(board_lockstep, seed):
    board_lockstep(seed & 1).run(seed, 5000)
