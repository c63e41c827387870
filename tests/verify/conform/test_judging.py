"""The worked example judged: each fault by its own rule, nothing else, and a whole 8237A with none of them."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from isadma_verify.conform.report.machine import as_json, as_junit
from isadma_verify.conform.report.page import as_page
from isadma_verify.conform.rules import board, chip, xt
from isadma_verify.conform.rules.elements import REACHES
from isadma_verify.conform.run.hearing import cause_of
from isadma_verify.conform.run.saying import own_words
from isadma_verify.conform.run.verdicts import BROKEN, HELD, Break, RuleVerdict, Verdict
from isadma_verify.cosim.board import BENCHES as OF_BOARD
from isadma_verify.cosim.chip import BENCHES as OF_CHIP
from isadma_verify.cosim.common.run import benches
from isadma_verify.cosim.xt import BENCHES as OF_XT

#: The fault's bit and the rule that names it, as the example's own head has them.
FAULTS = {
    0: "clear-mask",
    1: "master-clear",
    2: "verify",
    3: "status-tc",
    4: "external-eop",
    5: "rotating-priority",
    6: "dreq-gone",
    7: "wrap",
    8: "status-requests",
    9: "flip-flop",
}
ALL = 0x3FF


def broken(verdict) -> set[str]:
    return {one.rule.name for one in verdict.rules if one.state == BROKEN}


def test_the_example_says_which_rule_names_each_fault():
    head = (Path(__file__).parents[3] / "docs" / "examples" / "broken8237.v").read_text()
    for bit, rule in FAULTS.items():
        assert any(line.split()[1:2] == [str(bit)] and line.split()[-1] == rule for line in head.splitlines())


def test_each_fault_is_named_by_its_rule_with_clock_pins_and_cause(judged):
    verdict = judged(ALL, *FAULTS.values())
    assert broken(verdict) == set(FAULTS.values())
    by_name = {one.rule.name: one for one in verdict.rules}
    first = by_name["status-tc"].first
    assert first is not None
    assert first.clock > 0
    assert first.window[-1]["count"] >= first.clock
    assert sum(by_name["flip-flop"].causes.values()) == 1
    assert not verdict.holds
    # The flip-flop reaches the benches of others, and no access of theirs met its fault here.
    assert verdict.follows == {}


@pytest.mark.long
def test_no_rule_but_theirs_is_broken(judged):
    verdict = judged(ALL)
    assert broken(verdict) == set(FAULTS.values())
    assert {one.state for one in verdict.rules} == {HELD, BROKEN, "left out"}


@pytest.mark.long
def test_without_faults_every_rule_holds(judged):
    verdict = judged(0)
    assert verdict.holds, broken(verdict)


def test_reports_say_what_the_verdict_says(judged):
    verdict = judged(ALL, *FAULTS.values())
    told = json.loads(json.dumps(as_json(verdict)))
    assert {one["rule"] for one in told["rules"] if one["verdict"] == BROKEN} == set(FAULTS.values())
    suite = ElementTree.fromstring(as_junit(verdict))
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == len(FAULTS)
    page = as_page(verdict)
    assert page.count("<svg") == len(FAULTS)
    assert "broken8237" in page


def test_a_broken_rule_names_those_that_may_have_broken_it_and_no_others():
    told = {"tc-masks": BROKEN, "external-eop": BROKEN, "cascade": BROKEN, "count": HELD, "every-byte": BROKEN}
    rules = [RuleVerdict(rule, told[rule.name]) for rule in chip.RULES if rule.name in told]
    verdict = Verdict("some", "icarus", "nmos", rules, 0, 0, [], [], [], 0.0)
    assert verdict.follows == {"external-eop": ["tc-masks"], "every-byte": ["tc-masks"]}


@pytest.mark.parametrize(
    ("before", "causes"),
    [
        ([None], ["tc-masks", "command"]),
        ([{"tc-masks"}], ["tc-masks"]),
        ([{"tc-masks"}, {"command"}], ["tc-masks", "command"]),
        ([{"tc-masks", "count"}, set()], None),
        ([{"count"}], None),
    ],
)
def test_no_break_is_laid_to_a_fault_that_its_bench_had_not_come_to(before, causes):
    rules = [RuleVerdict(rule, BROKEN) for rule in chip.RULES if rule.name in ("tc-masks", "command", "every-byte")]
    its = next(one for one in rules if one.rule.name == "every-byte")
    its.breaks = [Break("a", "b", "", "", 9, "", [], one if one is None else frozenset(one)) for one in before]
    verdict = Verdict("some", "icarus", "nmos", rules, 0, 0, [], [], [], 0.0)
    assert verdict.follows.get("every-byte") == causes


def test_what_a_rule_may_break_are_rules():
    assert {name for reached in REACHES.values() for name in reached} | set(REACHES) <= {one.name for one in chip.RULES}


@pytest.mark.parametrize(("judges", "modules"), [(chip.JUDGES, OF_CHIP), (board.JUDGES, OF_BOARD), (xt.JUDGES, OF_XT)])
def test_every_bench_judges_a_rule(judges, modules):
    there = {(module, bench) for module in modules for bench in benches(module)}
    assert set(judges) == there


#: What a failed bench's result says, and what its owner reads.
SAID = [
    (
        "assert 4098 == 4096\nTraceback\n    assert await cpu.address(0) == 0x1000\nAssertionError: assert 1 == 2",
        ("current address of channel 0", "1000h", "1002h"),
    ),
    ("AssertionError: HRQ: not within 5 states", ("HRQ: not within 5 states", "", "")),
    ("the flip-flop is not cleared\nassert 0 == 205\nTraceback", ("the flip-flop is not cleared", "CDh", "0")),
    (
        "assert [1025] == [769]\nTraceback\n    assert stand.log.services() == [769]",
        ("clocks that each service takes", "[769]", "[1025]"),
    ),
    (
        'assert 1 == 2\nTraceback\n    assert len(stand.log.falls["iow_n"]) == transfers',
        ("number of times that IOW# falls", "2", "1"),
    ),
    (
        "assert {1} <= {9, 10}\nTraceback\n"
        "    assert {later - earlier for earlier, later in zip(drops, rises[1:], strict=False)} <= {9, 10}",
        ("states between one and the next", "of {9, 10}", "{1}"),
    ),
    (
        "assert bytearray(b'\\x00') == (b'Z' * 8)\nTraceback\n    assert stand.memory.data[0x2000:0x2008] == b'Z' * 8",
        ("memory's bytes", "b'Z' * 8", "b'\\x00'"),
    ),
    (
        "assert not True\nTraceback\n    assert not any(log.falls[strobe] for strobe in ('ior_n', 'iow_n'))",
        ("a strobe that must not come", "", ""),
    ),
    ("Job(channel=1, write=True, data=b'\\xf3')\nassert 1 == 2", ("Job(channel=1, write=True)", "2", "1")),
]


@pytest.mark.parametrize(("failure", "said"), SAID)
def test_a_failed_bench_speaks_in_one_line_and_in_the_words_of_the_pins(failure: str, said: tuple[str, str, str]):
    assert own_words(failure) == said


#: A comparison in a bench's source: what stands left of it is looked up.
_COMPARES = re.compile(
    r"^ *assert (?!isinstance|options|bench\.last is|stand\.bench\.last is)(.+? (?:==|<=|>=) .+)$", re.M
)


def test_no_bench_speaks_in_the_words_of_its_source():
    import isadma_verify.cosim as home

    folder = Path(home.__file__).parent
    for file in sorted(folder.glob("*/benches/*.py")):
        for source in _COMPARES.findall(file.read_text()):
            said = own_words(f"assert 1 == 2\nTraceback\n    assert {source}")[0]
            assert not re.search(r"\b(stand|cpu|log|bench)\.", said), f"{file.name}: {source}: {said}"


def test_causes_are_grouped_without_their_numbers():
    assert cause_of("A0-A7 moved from 18 to 0x13") == "A0-A7 moved from n to n"
    assert cause_of("a write of 0 to port E, then port 7: got FFFEh") == "a write of n to port n, then port n: got n"
