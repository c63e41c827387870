"""Every property is proved by induction and every cover reached; and what is wrong is not proved."""

import subprocess
from pathlib import Path

import pytest
from amaranth.hdl import Assert, Cover

from isadma_verify.formal.environment import CLOCKINGS, Environment
from isadma_verify.formal.inside import inside
from isadma_verify.formal.properties import PROPERTIES
from isadma_verify.formal.runner import SOLVER, Property, install_tools, prove

#: What the quick suite proves, and at which clockings; the long one and `isadma prove` prove all.
QUICK = {
    "one-dack": ("half",),
    "mask": ("half",),
    "steps-once": ("half",),
    "cpu-registers": ("half",),
    "no-unknown": ("half",),
}


def marks(rule: Property) -> list[pytest.MarkDecorator]:
    name, _, clocking = rule.name.rpartition("-")
    return [] if clocking in QUICK.get(name, ()) else [pytest.mark.long]


# What `isadma prove` prints as a table.
@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name, marks=marks(rule)) for rule in PROPERTIES])
def test_chip_keeps_promise(rule):
    verdict = prove(rule)
    assert verdict.proved, verdict.detail
    assert verdict.covered, verdict.detail


class _TwoRequests(Environment):
    """False: HRQ does rise. The covers are true of the chip at once."""

    def rules(self, m):
        m.d.comb += [Assert(~self.chip.hrq), *[Cover(self.dreq == channels) for channels in range(16)]]


class _BusWithoutRequest(Environment):
    """True: AEN or no AEN. The cover cannot be reached: RESET holds the chip idle."""

    def rules(self, m):
        m.d.comb += [self.chip.reset.eq(1), Assert(self.chip.aen | ~self.chip.aen), Cover(self.chip.aen)]


def test_promise_that_the_chip_breaks_is_not_proved():
    verdict = prove(Property("wrong", "HRQ never rises.", lambda _: _TwoRequests("state"), 2, "one clock", 2))
    assert not verdict.proved
    assert (verdict.reached, verdict.covers) == (16, 16)
    assert "failed assertion" in verdict.detail


def test_cover_that_nothing_reaches_is_reported():
    verdict = prove(Property("empty", "AEN is 0 or 1.", lambda _: _BusWithoutRequest("state"), 1, "one clock", 8))
    assert verdict.proved
    assert (verdict.reached, verdict.covers) == (0, 1)
    assert not verdict.covered
    assert "unreached" in verdict.detail


def test_first_run_of_the_solver_answers_what_it_is_asked_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("YOWASP_CACHE_DIR", str(tmp_path / "cache"))
    solver = Path(install_tools(tmp_path)) / SOLVER
    formula = "(set-logic QF_BV)(declare-fun x () Bool)(assert x)(check-sat)(exit)"
    done = subprocess.run([solver, "--smt2", "-i"], input=formula, capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.stderr) == ("sat\n", "")


def test_each_property_is_proved_in_both_clockings():
    names = {rule.name for rule in PROPERTIES}
    stems = {name.rsplit("-", 1)[0] for name in names}
    assert stems >= set(QUICK)
    assert names == {f"{stem}-{clocking}" for stem in stems for clocking in CLOCKINGS}


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_lemma_about_a_register_that_is_gone_says_which_there_are():
    chip = Environment("state").chip
    with pytest.raises(LookupError, match=r"ProgramInterface drives no 'flip_flop'; it drives .*high_byte"):
        inside(chip.program, "flip_flop")


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_unknown_clocking_is_refused():
    with pytest.raises(ValueError, match="clocking 'quarter': take one of state, half"):
        Environment("quarter")
