"""Every engine, with idle clocks skipped or not, gives the same bytes, cycles, interrupts and clock counts."""

import pytest

SEEDS = range(8)


def _told(result):
    return {key: value for key, value in result.items() if key != "stepped"}


@pytest.mark.parametrize("seed", SEEDS)
def test_skipping_idle_clocks_changes_nothing_but_the_work(run_scenario, seed):
    skipped = run_scenario(seed, "reference", skip_idle=True)
    stepped = run_scenario(seed, "reference", skip_idle=False)
    assert _told(skipped) == _told(stepped)
    assert stepped["stepped"] == stepped["clocks"]
    assert skipped["stepped"] < stepped["stepped"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("delay", [1, 4])
def test_the_rtl_and_the_golden_model_tell_the_same_story(run_scenario, seed, delay):
    reference = run_scenario(seed, "reference", hlda_delay=delay)
    rtl = run_scenario(seed, "amaranth", hlda_delay=delay)
    assert _told(rtl) == _told(reference)
    assert any(reference["transfers"])


def test_a_board_without_wait_states_is_the_same_on_every_engine(run_scenario):
    rtl = run_scenario(3, "amaranth", wait_states=0)
    assert _told(rtl) == _told(run_scenario(3, "reference", wait_states=0))
    assert rtl["dma_clocks"] < run_scenario(3, "reference")["dma_clocks"]


@pytest.mark.parametrize("seed", [1])
def test_amaranths_own_simulator_tells_the_same_story(run_scenario, seed):
    assert run_scenario(seed, "amaranth", simulator="pysim") == run_scenario(seed, "amaranth")
