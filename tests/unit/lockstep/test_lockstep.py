"""RTL against golden model, pin by pin and clock by clock, under seeded random programs and surroundings."""

import os

import pytest

SEEDS = range(6)
LONG_SEEDS = int(os.environ.get("ISADMA_LOCKSTEP_SEEDS", "50"))


@pytest.mark.parametrize("variant", ["nmos", "cmos"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_chip_equals_the_golden_model(chip_lockstep, variant, seed):
    chip_lockstep(variant).run(seed, 1500)


@pytest.mark.parametrize("wait_states", [0, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_at_board_equals_the_golden_model(board_lockstep, wait_states, seed):
    board_lockstep(wait_states).run(seed, 1000)


@pytest.mark.long
@pytest.mark.parametrize("what", [("chip", "nmos"), ("chip", "cmos"), ("board", 0), ("board", 1)])
@pytest.mark.parametrize("block", range(10))
def test_chip_and_board_equal_the_golden_model_for_long(native_lockstep, what, block):
    lockstep = native_lockstep(*what)
    for seed in range(1000 + block * LONG_SEEDS, 1000 + (block + 1) * LONG_SEEDS):
        lockstep.run(seed, 4000)
