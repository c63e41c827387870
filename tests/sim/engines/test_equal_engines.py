"""Every engine, with idle clocks skipped or not, gives the same bytes, cycles, interrupts and clock counts."""

import pytest

from isadma_sim import PC, Device

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
@pytest.mark.parametrize("traced", [True, False])
def test_the_compiled_rtl_and_the_golden_model_tell_the_same_story(run_scenario, seed, delay, traced):
    reference = run_scenario(seed, "reference", hlda_delay=delay, traced=traced)
    assert _told(run_scenario(seed, "native", hlda_delay=delay, traced=traced)) == _told(reference)
    assert any(reference["transfers"])


@pytest.mark.parametrize("seed", [pytest.param(SEEDS[0], marks=pytest.mark.long), SEEDS[1]])
def test_the_rtl_in_amaranths_simulator_tells_the_same_story(run_scenario, seed):
    assert _told(run_scenario(seed, "amaranth")) == _told(run_scenario(seed, "reference"))


@pytest.mark.parametrize("traced", [True, False])
def test_the_compiled_rtl_steps_through_what_it_may_skip_with_the_same_result(run_scenario, traced):
    skipped = run_scenario(5, "native", traced=traced)
    stepped = run_scenario(5, "native", skip_idle=False, traced=traced)
    assert _told(skipped) == _told(stepped)
    assert skipped["stepped"] < stepped["stepped"]


@pytest.mark.parametrize("engine", [pytest.param("native", marks=pytest.mark.long), "amaranth"])
def test_a_board_without_wait_states_is_the_same_on_every_engine(run_scenario, engine):
    rtl = run_scenario(3, engine, wait_states=0)
    assert _told(rtl) == _told(run_scenario(3, "reference", wait_states=0))
    assert rtl["dma_clocks"] < run_scenario(3, "reference")["dma_clocks"]


# ---------------------------------------------------------------- the PC/XT
@pytest.mark.parametrize("seed", SEEDS[:4])
@pytest.mark.parametrize("traced", [True, False])
def test_the_compiled_xt_and_its_golden_model_tell_the_same_story(run_scenario, seed, traced):
    reference = run_scenario(seed, "reference", board="xt", traced=traced)
    assert _told(run_scenario(seed, "native", board="xt", traced=traced)) == _told(reference)
    assert any(reference["transfers"])


@pytest.mark.long
def test_the_xt_in_amaranths_simulator_tells_the_same_story(run_scenario):
    assert _told(run_scenario(1, "amaranth", board="xt")) == _told(run_scenario(1, "reference", board="xt"))


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_skipping_idle_clocks_of_an_xt_changes_nothing_but_the_work(run_scenario, seed):
    skipped = run_scenario(seed, "reference", board="xt", skip_idle=True)
    stepped = run_scenario(seed, "reference", board="xt", skip_idle=False)
    assert _told(skipped) == _told(stepped)
    assert skipped["stepped"] < stepped["stepped"] == stepped["clocks"]


# ---------------------------------------------------------------- refresh, asked for by the timer
@pytest.mark.parametrize("seed", SEEDS[:4])
@pytest.mark.parametrize("board", ["at", "xt"])
@pytest.mark.parametrize("traced", [True, False])
def test_with_refresh_the_compiled_rtl_and_the_golden_model_tell_the_same_story(run_scenario, board, seed, traced):
    reference = run_scenario(seed, "reference", board=board, refresh=True, traced=traced)
    assert _told(run_scenario(seed, "native", board=board, refresh=True, traced=traced)) == _told(reference)
    assert reference["refreshes"] > 50


@pytest.mark.parametrize("board", ["at", "xt"])
def test_with_refresh_amaranths_simulator_tells_the_same_story(run_scenario, board):
    amaranth = run_scenario(2, "amaranth", board=board, refresh=True)
    assert _told(amaranth) == _told(run_scenario(2, "reference", board=board, refresh=True))


@pytest.mark.parametrize("engine", ["reference", "native"])
@pytest.mark.parametrize("board", ["at", "xt"])
@pytest.mark.parametrize("delay", [1, 3])
def test_skipping_between_refreshes_changes_nothing_but_the_work(run_scenario, engine, board, delay):
    skipped = run_scenario(7, engine, board=board, refresh=True, hlda_delay=delay)
    stepped = run_scenario(7, engine, board=board, refresh=True, hlda_delay=delay, skip_idle=False)
    assert _told(skipped) == _told(stepped)
    assert skipped["stepped"] < stepped["stepped"] == stepped["clocks"]


class Two(Device):
    """A card on a channel that may take another card's request back when its own service ends."""

    def __init__(self, name):
        self.name = name
        self.other = None

    def dma_read(self):
        self.lines.dreq(False)
        return 0x11

    def dack(self, active):
        if not active and self.other is not None:
            self.other.lines.dreq(False)


def test_a_request_taken_back_in_the_clock_it_would_be_sampled_leaves_no_trace(runner, program):
    """Rotating priority goes on from the channel served last, and not from the one that asked and withdrew."""
    name, options = runner
    with PC(engine=name, **options) as pc:
        cards = {n: Two(f"card{n}") for n in (5, 6, 7)}
        pc.outb(0xD0, 0x10)
        for channel, card in cards.items():
            pc.attach(card, dma=channel)
            program(pc, channel, 0x44, 0x10000, 9)
        cards[5].other = cards[7]
        cards[5].lines.dreq(True)
        pc.run(clocks=4)
        cards[7].lines.dreq(True)  # too late for this service, and gone in the clock that would sample it
        pc.run(clocks=40)
        assert pc.stats.transfers[4:] == [0, 1, 0, 0]
        log = pc.trace()
        cards[5].lines.dreq(True)
        cards[6].lines.dreq(True)
        pc.run(clocks=60)
        assert [cycle.channel for cycle in log if cycle.kind == "to_memory"] == [6, 5]
