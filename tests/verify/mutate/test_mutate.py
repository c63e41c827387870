"""Mutants of netlists: drawn alike each time, noticed by random programs, or proved to have no effect."""

import json
import subprocess
import sys

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.equivalence.prover import stays_zero
from isadma_verify.fuzz.targets import NEVER_SET, UNUSED, target
from isadma_verify.mutate import campaign
from isadma_verify.mutate.campaign import Batch, Fate, Plan, Run, batches, prove_fate, run_batch
from isadma_verify.mutate.netlist import Mutation, draw, library, mutated

pytestmark = pytest.mark.skipif(missing() is not None, reason="no C++ compiler")

MOST_MUTANTS = {"i8237": 500, "at": 300, "xt": 250}
LEAST = 0.97


def test_the_same_seed_draws_the_same_mutations():
    first, again = (draw.__wrapped__(target("i8237"), 2, 20, 3) for _ in range(2))
    assert first == again
    assert [mutation.number for mutation in first] == list(range(1, 21))
    assert draw(target("i8237"), 2, 20, 4) != first


def test_a_mutation_says_the_line_that_it_came_from():
    places = [mutation.where for mutation in draw(target("i8237"), 2, 60, 1)]
    assert sum(".py:" in place for place in places) > 40
    assert all(not place.startswith("/") for place in places)


def test_with_no_mutant_alive_the_netlist_agrees_and_with_one_it_does_not():
    mutations = draw(target("i8237"), 2, 20, 1)
    built = library(target("i8237"), 2, mutations)
    built.let_live(0)
    assert built.seeds(1, 30, 1000) == (30, None)
    noticed = 0
    for number in range(1, 21):
        built.let_live(number)
        noticed += built.seeds(1, 30, 1000)[1] is not None
    assert noticed > 15


@pytest.mark.long
def test_some_mutants_show_at_some_clockings_only():
    plan = Plan("i8237", mutants=500, scenarios=20)
    drawn = draw(target("i8237"), plan.per_state, 500, 1)
    constant = [m for m in drawn if m.kind.startswith("const")][:250]
    compiled = library(target("i8237"), plan.per_state, constant)
    seen = {}
    for number in range(1, len(constant) + 1):
        compiled.let_live(number)
        for compiled.per_state in plan.clockings:
            seen.setdefault(number, []).append(compiled.seeds(1, 20, 3000)[1] is not None)
    compiled.let_live(0)
    assert plan.clockings == (1, 2, 4)
    assert [False, True, True] in seen.values(), "halves of a state show nothing that whole ones do not"
    assert [True, True, True] in seen.values()


def test_random_programs_notice_most_mutants():
    fates = run_batch(Batch(Plan("xt", mutants=24, seed=5, scenarios=300), 0))
    assert len(fates) == 24
    assert sum(fate.killed_by is not None for fate in fates) >= 20
    assert all(fate.pin for fate in fates if fate.killed_by is not None)


def test_a_change_without_effect_is_proved_to_have_none_and_another_is_not():
    plan = Plan("i8237", 60, 1)
    drawn = draw(target("i8237"), 2, 60, 1)
    constant = Mutation(0, "tee -q stat")  # changes nothing
    assert prove_fate((plan, Fate(constant, None))).equal
    changed = prove_fate((plan, Fate(drawn[0], None)))
    assert not changed.equal
    assert "points differ" in changed.detail


def never(wire):
    return Mutation(0, f"cd top\nconnect -set {wire} 1'0\ncd ..")


@pytest.mark.long
@pytest.mark.parametrize(
    ("wire", "equal"),
    [("dut.dma2.memory_to_memory", True), ("dut.dma1.memory_to_memory", False), ("dut.dma2.cs_n", False)],
)
def test_what_only_dma_2s_memory_to_memory_shows_has_no_effect_on_the_at(wire, equal):
    fate = prove_fate((Plan("at", 1), Fate(never(wire), None)))
    assert fate.equal == equal, fate.detail
    assert equal or "points differ" in fate.detail


@pytest.mark.long
def test_bits_that_no_program_sets_are_held_to_what_follows_from_them(tmp_path):
    board = mutated(target("at"), 1, None, tmp_path, "original")
    assert stays_zero(board, NEVER_SET, UNUSED, tmp_path)
    assert not stays_zero(board, "o0", UNUSED, tmp_path)  # HRQ


def test_what_a_read_shows_counts_with_its_ack_and_a_writes_does_not(tmp_path):
    mutated(target("wishbone"), 1, None, tmp_path, "original")
    assert "assign o1 = o1_inside & {32{o0_inside & ~i_we}};" in (tmp_path / "core.v").read_text()


#: Mutants that induction alone cannot prove to have no effect: of what no state that comes after power-up shows.
UNREACHABLE = [("i8237", 500, 139), ("xt", 250, 75), ("wishbone", 250, 25), ("wishbone", 250, 213)]


@pytest.mark.long
@pytest.mark.parametrize(("name", "mutants", "number"), UNREACHABLE)
def test_what_only_states_show_that_never_come_has_no_effect(name, mutants, number):
    plan = Plan(name, mutants)
    fate = prove_fate((plan, Fate(draw(target(name), plan.per_state, mutants, 1)[number - 1], None)))
    assert fate.equal, fate.detail


def test_a_batch_that_differs_with_no_mutant_alive_is_an_error(monkeypatch):
    mutations = draw(target("i8237"), 2, 20, 1)
    built = library(target("i8237"), 2, mutations)
    monkeypatch.setattr(campaign, "library", lambda *_: built)
    monkeypatch.setattr(built, "let_live", lambda _: None)
    built.let_live(1)
    try:
        with pytest.raises(AssertionError, match="with no mutant alive"):
            run_batch(Batch(Plan("i8237", 20, 1), 0))
    finally:
        built.let_live(0)


def test_every_mutant_is_in_one_batch():
    plan = Plan("i8237", 501)
    assert [batch.first for batch in batches(plan)] == [0, 250, 500]


def test_the_share_counts_those_with_an_effect():
    fates = [Fate(Mutation(n, ""), 1 if n < 8 else None, equal=n == 9) for n in range(10)]
    run = Run(Plan("i8237", 10), fates)
    assert (len(run.killed), len(run.equal), len(run.survivors)) == (8, 1, 1)
    assert run.share == 8 / 9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "i8238"], "no target is named 'i8238' (did you mean 'i8237'?)"),
        (["--mutants", "0"], "--mutants 0: give 1 to 100000"),
        (["--least", "101"], "--least 101: give per cent, 0 to 100"),
        (["--scenarios", "many"], "'many' is no number"),
    ],
)
def test_a_wrong_call_is_one_line(arguments, said):
    command = [sys.executable, "-m", "isadma_cli", "mutate", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.long
@pytest.mark.parametrize(("name", "mutants"), MOST_MUTANTS.items())
def test_nearly_all_mutants_with_an_effect_are_noticed(name, mutants):
    command = [
        sys.executable,
        "-m",
        "isadma_cli",
        "mutate",
        "--target",
        name,
        "--mutants",
        str(mutants),
        "--json",
        "-j",
        "1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    print(f"{name}: {told['noticed']} noticed, {len(told['without_effect'])} without effect, {told['survivors']}")
    assert told["mutants"] == mutants
    assert told["share"] >= LEAST
