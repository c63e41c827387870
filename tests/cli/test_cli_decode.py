"""`isadma decode`: text, CSV and JSON of the same events, a choice of them, and its errors."""

import csv
import io
import json

import pytest

ROWS = "CLK,DRQ2,DACK2#,AEN,TC\n" + "".join(
    f"0,{drq},{dack},{aen},0\n1,{drq},{dack},{aen},0\n"
    for drq, dack, aen in [(0, 1, 0), (0, 1, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1), (0, 0, 1), (0, 1, 0), (0, 1, 0)]
)


@pytest.fixture
def capture(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(ROWS)
    return path


def test_text_has_a_line_for_each_event_and_a_summary_on_standard_error(isadma, capture):
    done = isadma("decode", capture)
    assert done.status == 0
    assert [line.split()[1] for line in done.out.splitlines()] == ["request", "grant", "release", "service"]
    assert done.err == "isadma: seen: grant 1, release 1, request 1, service 1\n"


def test_csv_and_json_have_the_same_events(isadma, capture):
    table = list(csv.DictReader(io.StringIO(isadma("decode", capture, "--format", "csv").out)))
    found = json.loads(isadma("decode", capture, "-f", "json").out)
    assert [(int(row["clock"]), row["kind"]) for row in table] == [(e["clock"], e["kind"]) for e in found]
    assert found[0] == {"clock": 0, "kind": "request", "channel": 2} | {"clock": found[0]["clock"]}


def test_only_the_events_asked_for_are_printed(isadma, capture):
    assert len(isadma("decode", capture, "--only", "service").out.splitlines()) == 1
    assert json.loads(isadma("decode", capture, "--only", "tc", "-f", "json").out) == []


def test_broken_rules_can_be_a_failure(isadma, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(ROWS.replace("0,1,0,1,0\n1,1,0,1,0", "0,1,0,0,1\n1,1,0,0,1"))
    assert isadma("decode", path).status == 0
    done = isadma("decode", path, "--strict")
    assert done.status == 1
    assert "a rule of the bus is broken" in done.err


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (["--format", "xml"], "--format 'xml': choose one of text, csv, json", 2),
        (["--until", "0"], "--until 0: at least one clock", 2),
        (["--pins", "none.toml"], "no such file", 2),
    ],
)
def test_what_is_wrong_is_one_line(isadma, capture, words, said, status):
    done = isadma("decode", capture, *words)
    assert done.status == status
    assert said in done.complaint
