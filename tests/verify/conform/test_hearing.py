"""What is another rule's matter is laid to that rule where it is broken, and to the bench's own where it is not."""

import pytest

from isadma_verify.conform.rules import chip
from isadma_verify.conform.run.hearing import HANGS, Heard, hear
from isadma_verify.conform.run.verdicts import BROKEN, HELD, NOT_REACHED
from isadma_verify.cosim.common.run import Result

CLOCKS = (f"{chip.PACKAGE}.clocks", "a_page_of_256_bytes_takes_769_clocks")
STATUS = (f"{chip.PACKAGE}.rows_program", "row_11_no_write_but_master_clear_clears_tc_bits")

RULES = [rule for rule in chip.RULES if rule.name in ("clocks", "status-tc")]
JUDGES = {CLOCKS: "clocks", STATUS: "status-tc"}


def line(**fields):
    return {"said": "status register", "expected": "2", "got": "0", "clock": 7, "where": "", "window": [], **fields}


def verdicts(*, status_failure: str, clocks_failure: str, ends: bool):
    aside = line(test=CLOCKS[1], aside="status-tc", ends=ends)
    end = {"end": CLOCKS[1], "met": [], "counts": {}, "exercised": {"count": 3}, "clock": 9, "window": []}
    heard = [
        Heard(CLOCKS[0], [Result(CLOCKS[1], clocks_failure, 0.0)], [aside, end]),
        Heard(STATUS[0], [Result(STATUS[1], status_failure, 0.0)], []),
    ]
    return {one.rule.name: one for one in hear(RULES, JUDGES, heard, {}, {})}


def test_it_is_no_news_where_the_other_rule_is_broken_by_a_bench_of_its_own():
    told = verdicts(status_failure="it failed", clocks_failure="", ends=False)
    assert told["status-tc"].state == BROKEN
    assert told["status-tc"].causes == {"it failed": 1, "status register": 1}
    assert told["clocks"].state == HELD


def test_it_breaks_the_benchs_own_rule_where_the_other_holds():
    told = verdicts(status_failure="", clocks_failure="", ends=False)
    assert told["status-tc"].state == HELD
    assert told["clocks"].state == BROKEN
    first = told["clocks"].first
    assert (first.said, first.expected, first.got, first.clock) == ("status register", "2", "0", 7)
    assert first.before == frozenset({"count"})


def test_a_bench_that_cannot_come_to_its_own_says_nothing_of_its_rule():
    told = verdicts(status_failure="it failed", clocks_failure="nothing moves", ends=True)
    assert told["clocks"].state == NOT_REACHED
    assert told["clocks"].because == {"status-tc"}
    assert told["clocks"].benches == 0


def test_and_breaks_its_rule_where_the_other_holds():
    told = verdicts(status_failure="", clocks_failure="nothing moves", ends=True)
    assert told["clocks"].state == BROKEN
    assert told["clocks"].first.said == "nothing moves"


@pytest.mark.parametrize("ends", [False, True])
def test_it_is_the_benchs_own_where_the_other_was_not_asked_for(ends: bool):
    aside = line(test=CLOCKS[1], aside="status-tc", ends=ends)
    failure = "nothing moves" if ends else ""
    asked = [rule for rule in RULES if rule.name == "clocks"]
    told = hear(asked, JUDGES, [Heard(CLOCKS[0], [Result(CLOCKS[1], failure, 0.0)], [aside])], {}, {})
    assert [(one.rule.name, one.state) for one in told] == [("clocks", BROKEN)]


def test_a_core_that_ends_the_simulation_has_a_fault_of_its_own_and_one_that_hangs_may_have_anothers():
    for said, before in (("the core ends the simulation: overflow", frozenset()), (HANGS, None)):
        told = hear(RULES, JUDGES, [], {}, {CLOCKS[1]: (CLOCKS[0], said)})
        first = next(one.first for one in told if one.rule.name == "clocks")
        assert (first.said, first.before) == (said, before)


def test_benches_of_one_name_in_two_modules_are_stopped_each_for_its_own_cause():
    rules = [rule for rule in chip.RULES if rule.name in ("clocks", "status-tc", "count", "single")]
    judges = {("one", "same"): "count", ("two", "same"): "single", CLOCKS: "clocks", STATUS: "status-tc"}
    heard = [
        Heard(module, [Result("same", "nothing moves", 0.0)], [line(test="same", aside=owner, ends=True)])
        for module, owner in (("one", "clocks"), ("two", "status-tc"))
    ]
    heard += [Heard(module, [Result(bench, "it failed", 0.0)], []) for module, bench in (CLOCKS, STATUS)]
    told = {one.rule.name: one.because for one in hear(rules, judges, heard, {}, {})}
    assert (told["count"], told["single"]) == ({"clocks"}, {"status-tc"})
