"""RTL against golden model, pin by pin and clock by clock, under seeded random programs and surroundings."""

import os

import pytest

from isadma_sim.reference import priority
from isadma_sim.reference.channel import Channel
from isadma_sim.reference.registers import Registers

SEEDS = range(2)
NATIVE_SEEDS = range(100, 115)
LONG_SEEDS = int(os.environ.get("ISADMA_LOCKSTEP_SEEDS", "50"))


def run_seeds(lockstep, seeds, clocks):
    for seed in seeds:
        lockstep.run(seed, clocks)


@pytest.mark.parametrize("variant", ["nmos", "cmos"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_chip_equals_the_golden_model(chip_lockstep, variant, seed):
    chip_lockstep(variant).run(seed, 1500)


@pytest.mark.parametrize("wait_states", [0, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_at_board_equals_the_golden_model(board_lockstep, wait_states, seed):
    board_lockstep(wait_states).run(seed, 1000)


@pytest.mark.parametrize("what", [("chip", "nmos"), ("at", 1), ("xt", 1)])
def test_the_compiled_design_equals_the_golden_model(native_lockstep, what):
    run_seeds(native_lockstep(*what), NATIVE_SEEDS, 2000)


def test_the_compiled_xt_with_out1_high_from_power_up_on_equals_the_golden_model(native_lockstep):
    native_lockstep("xt", 1).run(1438, 500)  # a seed whose OUT1 begins high


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (priority, "winner", lambda requests, rotating, last: requests.bit_length() - 1),
        (Channel, "reload", lambda self: None),
        (Registers, "after_read", lambda self, a: None),
        (Registers, "active", lambda self, channel, dreq: True),
    ],
)
def test_a_rule_broken_in_the_model_is_noticed(chip_lockstep, monkeypatch, owner, name, broken):
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(pytest.fail.Exception, match=r"seed \d+, clock \d+: RTL and golden model differ"):
        run_seeds(chip_lockstep("nmos"), SEEDS, 1500)


@pytest.mark.long
@pytest.mark.parametrize("what", [("chip", "nmos"), ("chip", "cmos"), ("at", 0), ("at", 1), ("at", 3), ("xt", 1)])
@pytest.mark.parametrize("block", range(10))
def test_chip_and_board_equal_the_golden_model_for_long(native_lockstep, what, block):
    run_seeds(native_lockstep(*what), range(1000 + block * LONG_SEEDS, 1000 + (block + 1) * LONG_SEEDS), 4000)
