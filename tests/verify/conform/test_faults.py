"""Faults as open cores have them, in the worked example: each is named by its rule."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from isadma_verify.conform.rules.elements import NAMES, REACHES
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.verdicts import BROKEN, Verdict

from .conftest import BROKEN as EXAMPLE
from .conftest import FOLDER, PINS, laid_on

FAULTS = tomllib.loads((Path(__file__).parent / "faults.toml").read_text())

#: Those that the quick suite looks at, by the rule that names each and one that it leaves alone.
QUICK = {"external_eop_is_ignored": "copy-hold", "tc_does_not_set_the_mask": "count"}


def verdict_on(name: str, folder: Path, rules: Sequence[str] = ()) -> Verdict:
    """Judge the example with one fault written into it."""
    fault, source = FAULTS[name], EXAMPLE.read_text()
    for old, new in [(fault["old"], fault["new"]), *fault.get("more", [])]:
        assert old in source, f"the example has changed, and {name} must follow"
        source = source.replace(old, new)
    file = folder / EXAMPLE.name
    file.write_text(source)
    laid = laid_on([file], PINS, FAULTS="0")
    return judge(Request(laid, simulator="icarus", rules=tuple(rules), folder=FOLDER / "faults" / name))


def broken(verdict: Verdict) -> set[str]:
    return {one.rule.name for one in verdict.rules if one.state == BROKEN}


@pytest.mark.parametrize("name", QUICK)
def test_a_fault_is_named_by_its_rule_and_not_by_another(icarus, tmp_path: Path, name: str):
    rule, other = FAULTS[name]["rule"], QUICK[name]
    verdict = verdict_on(name, tmp_path, (rule, other))
    assert broken(verdict) == {rule}


@pytest.mark.long
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_and_no_rule_of_one_thing_but_its_own(icarus, tmp_path: Path, name: str):
    fault = FAULTS[name]
    verdict = verdict_on(name, tmp_path, sorted({*NAMES, fault["rule"]}))
    assert broken(verdict) == {fault["rule"], *fault.get("also", [])}


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault["rule"] in REACHES])
def test_what_else_breaks_says_that_it_may_follow(icarus, tmp_path: Path, name: str):
    verdict = verdict_on(name, tmp_path)
    first = {FAULTS[name]["rule"], *FAULTS[name].get("also", [])}
    assert broken(verdict) - first <= set(verdict.follows)
