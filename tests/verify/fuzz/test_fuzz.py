"""Fuzzing: targets agree with their models, seeds give the same result each time, differences are shrunk and told."""

import json
import re

import pytest
import typer

from isadma_cli.commands.judge import judge
from isadma_verify.fuzz.campaign import Campaign, Plan, batches, play_batch
from isadma_verify.fuzz.coverage import Coverage, unreachable
from isadma_verify.fuzz.library import FuzzError, load
from isadma_verify.fuzz.names import NAMES
from isadma_verify.fuzz.scenario import Kind, Scenario, ScenarioError, Step
from isadma_verify.fuzz.shrink import shrink
from isadma_verify.fuzz.targets import TARGETS, target

CLOCKINGS = [(name, per_state) for name, each in TARGETS.items() for per_state in each.clockings]
#: Scenarios that reach every bin; a clock of the part in its socket is many of the fabric's.
SCENARIOS = {"socket": 5500}


#: One of each kind of target in the quick suite: each is compiled for itself.
QUICK = {
    ("i8237", 1),
    ("i8237", 2),
    ("at", 1),
    ("wishbone", 1),
    ("bridge", 1),
}


def test_the_part_in_its_socket_and_its_golden_model_agree(library):
    campaign = Campaign(Plan("socket", seed=1, scenarios=1000))
    library("socket", 1)
    campaign.run(jobs=1)
    assert not campaign.found, campaign.found
    holes = sum(len(group.holes) for group in campaign.coverage.groups())
    assert holes < len(library("socket", 1).bins) / 20, "the long suite reaches all of them"


@pytest.mark.parametrize(
    ("name", "per_state"),
    [pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.long]) for each in CLOCKINGS],
)
def test_design_and_golden_model_agree_and_every_bin_is_reached(library, name, per_state):
    campaign = Campaign(Plan(name, seed=1, scenarios=SCENARIOS.get(name, 1500), per_state=per_state))
    library(name, per_state)
    campaign.run(jobs=1)
    assert not campaign.found, campaign.found
    assert {group.name: group.holes for group in campaign.coverage.groups() if group.holes} == {}
    assert campaign.clocks >= 4_500_000


@pytest.mark.long
@pytest.mark.parametrize(("name", "per_state"), CLOCKINGS)
def test_design_and_golden_model_agree_for_long(library, name, per_state):
    library(name, per_state)
    campaign = Campaign(Plan(name, seed=1_000_000, scenarios=30_000, per_state=per_state))
    campaign.run(jobs=1)
    assert not campaign.found, campaign.found


def test_a_plan_gives_the_same_on_one_process_and_on_two(library):
    library("i8237")
    plans = [Campaign(Plan("i8237", seed=77, scenarios=1100, clocks=500)) for _ in range(2)]
    for campaign, jobs in zip(plans, (1, 2), strict=True):
        campaign.run(jobs)
    assert plans[0].coverage.bins == plans[1].coverage.bins
    assert plans[0].scenarios == plans[1].scenarios == 1100


def test_every_seed_belongs_to_one_batch():
    seeds = [seed for b in batches(Plan("i8237", 10, 1234), size=100) for seed in range(b.first, b.first + b.count)]
    assert seeds == list(range(10, 1244))


def test_a_batch_is_a_function_of_its_seeds(library):
    library("i8237")
    batch = next(batches(Plan("i8237", 5, 20, clocks=400)))
    assert play_batch(batch) == play_batch(batch)


def test_time_ends_a_campaign(library):
    library("i8237")
    campaign = Campaign(Plan("i8237", 1, 10**9))
    campaign.run(jobs=1, seconds=0.05)
    assert 0 < campaign.scenarios < 10**6


def test_a_clocking_that_the_model_does_not_know_is_refused():
    with pytest.raises(FuzzError, match="at at 2 fabric clocks a state: its golden model knows 1"):
        load(target("at"), 2)


def test_an_unknown_target_lists_those_there_are():
    with pytest.raises(ValueError, match=r"no target is named '8259'; there are i8237, 82c37, at, at-refresh, xt"):
        target("8259")


def test_the_help_of_fuzz_and_mutate_names_every_target():
    assert tuple(TARGETS) == NAMES
    commands = typer.main.get_command(judge).commands
    for command in ("fuzz", "mutate"):
        told = next(each.help for each in commands[command].params if each.name == "target")
        assert set(re.findall(r"[\w-]+", told)) >= set(NAMES), command


def test_a_scenario_comes_back_from_json_as_it_was(library, tmp_path):
    scenario = library("at").scenario(3, 600)
    scenario.write(tmp_path / "s.json")
    assert Scenario.read(tmp_path / "s.json") == scenario
    assert json.loads((tmp_path / "s.json").read_text())["in_words"][0] == scenario.steps[0].words()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "is no scenario of format 1"),
        ('{"format": 2}', "is no scenario of format 1"),
        ('{"format": 1}', "'steps' is missing"),
        ('{"format": 1, "steps": [{"kind": "JUMP"}]}', "step 0 has no kind of OUT, IN"),
        ('{"format": 1, "steps": [{"kind": "OUT", "prt": 3}]}', "step 0: nothing is named prt"),
        (
            '{"format": 1, "steps": [{"kind": "OUT", "data": 256}]}',
            "step 0: data=256: give a whole number from 0",
        ),
        (
            '{"format": 1, "target": "at", "steps": [], "clocks": -1, "noise": 0, "per_state": 1, "settle": 1}',
            "clocks=-1: give a whole number from 0 to 50000000",
        ),
    ],
)
def test_a_damaged_scenario_is_one_clear_line(tmp_path, text, said):
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(ScenarioError, match=said.replace("(", r"\(")) as raised:
        Scenario.read(tmp_path / "s.json")
    assert "\n" not in str(raised.value)


def test_shrinking_leaves_only_the_steps_that_matter():
    steps = [Step(Kind.OUT, 4, 3, n, n, 0) for n in range(200)]
    scenario = Scenario("i8237", 5000, tuple(steps), noise=9, settle=3)
    needed = {17, 90, 91}

    def fails(candidate):
        left = {step.port for step in candidate.steps}
        return 100 if needed <= left else None

    shrunk = shrink(scenario, fails)
    assert [step.port for step in shrunk.steps] == [17, 90, 91]
    assert (shrunk.clocks, shrunk.noise, shrunk.settle) == (101, 0, 1)
    assert all((step.length, step.gap, step.data) == (1, 0, 0) for step in shrunk.steps)


def test_shrinking_what_does_not_differ_is_refused():
    with pytest.raises(ValueError, match="nothing to shrink"):
        shrink(Scenario("i8237", 10, ()), lambda _: None)


def test_shrinking_ends_when_its_tries_are_used_up():
    played = []
    shrink(Scenario("i8237", 9, (Step(Kind.IDLE, count=1),) * 500), lambda s: played.append(s) or 5, tries=40)
    assert len(played) <= 41


def test_coverage_adds_up_and_says_what_cannot_be_reached():
    competing, cascade = "competing (winner, loser, priority)", "cascade (channel, priority)"
    coverage = Coverage("at")
    coverage.add({f"{competing} | 2 | 2 | fixed": 0, f"{competing} | 2 | 1 | fixed": 0, f"{cascade} | 1 | fixed": 2})
    coverage.add({f"{cascade} | 0 | fixed": 0})
    assert (coverage.reached, coverage.reachable) == (1, 2)
    assert coverage.groups()[0].holes == ("0 | fixed",)
    assert unreachable("i8237", "EOP# low at the end of | S1") is None
    assert unreachable("at", "EOP# low at the end of | S1") is not None
