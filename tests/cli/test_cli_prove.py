"""`isadma prove`: its table, its JSON and its exit status. What it proves is the business of tests/verify/formal."""

import json

import pytest

from isadma_cli import prove as command
from isadma_verify.formal.runner import Verdict

PROVED = Verdict(proved=True, covers=2, reached=2, prove_seconds=1.5, cover_seconds=2.25, detail="")
REFUTED = Verdict(proved=False, covers=2, reached=2, prove_seconds=1.0, cover_seconds=1.0, detail="prove: it failed")
UNREACHED = Verdict(proved=True, covers=2, reached=1, prove_seconds=1.0, cover_seconds=1.0, detail="cover: unreached")
#: Nothing to reach is no proof that the promise is not empty.
EMPTY = Verdict(proved=True, covers=0, reached=0, prove_seconds=1.0, cover_seconds=1.0, detail="")


@pytest.fixture
def verdicts(monkeypatch):
    """Say what comes of each property, by name; what is not named is proved."""
    given = {}
    monkeypatch.setattr(command, "prove", lambda rule, timeout: given.get(rule.name, PROVED))
    return given


def test_the_table_has_a_line_for_each_property_with_its_depth_time_and_covers(isadma, verdicts):
    outcome = isadma("prove", "one-dack")
    assert (outcome.status, outcome.err) == (0, "")
    head = next(line for line in outcome.out.splitlines() if line.split()[:1] == ["property"])
    assert head.split() == ["property", "sentence", "method", "depth", "time", "proved", "covers"]
    line = next(line for line in outcome.out.splitlines() if line.split()[:1] == ["one-dack-state"])
    assert "k-induction" in line
    assert line.split()[-7:] == ["2", "3.8", "s", "yes", "2", "of", "2"]
    assert "2 of 2 proved, with every cover reached" in outcome.out


@pytest.mark.parametrize(
    ("verdict", "said"), [(REFUTED, "prove: it failed"), (UNREACHED, "cover: unreached"), (EMPTY, "")]
)
def test_one_property_that_does_not_hold_is_a_failure_that_names_it(isadma, verdicts, verdict, said):
    verdicts["handshake-half"] = verdict
    outcome = isadma("prove", "handshake", "mask")
    assert outcome.status == 1
    assert outcome.complaint == f"isadma: not proved: handshake-half ({said})"
    assert "3 of 4 proved" in outcome.out


def test_all_properties_are_proved_unless_some_are_named(isadma, verdicts):
    said = json.loads(isadma("prove", "--json").out)
    names = [entry["property"] for entry in said["properties"]]
    assert len(names) == len(set(names)) >= 22
    assert names[0] == "one-dack-state"
    assert {"at-address", "xt-address"} <= set(names)


def test_the_json_has_what_the_table_has(isadma, verdicts):
    verdicts["rotation-half"] = UNREACHED
    outcome = isadma("prove", "rotation-half", "--json")
    assert outcome.status == 1
    (entry,) = json.loads(outcome.out)["properties"]
    assert entry.pop("sentence").startswith("Under rotating priority")
    assert entry.pop("why")
    assert entry == {
        "property": "rotation-half",
        "method": "k-induction, boolector",
        "depth": 3,
        "seconds": 2.0,
        "prove_seconds": 1.0,
        "cover_seconds": 1.0,
        "proved": True,
        "covered": False,
        "covers": 2,
        "reached": 1,
        "detail": "cover: unreached",
    }


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["rotatoin-half"], "isadma: no property 'rotatoin-half' (did you mean 'rotation-half'?); there are one-dack"),
        (["--jobs", "0"], "isadma: --jobs 0: at least 1 is needed"),
        (["--timeout", "0"], "isadma: --timeout 0: at least 1 is needed"),
    ],
)
def test_a_wrong_word_is_refused_with_the_way_out(isadma, verdicts, words, complaint):
    outcome = isadma("prove", *words)
    assert outcome.status == 2
    assert outcome.complaint.startswith(complaint)
