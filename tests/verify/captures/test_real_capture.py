"""The capture of an IBM 5150 that the README gives figures of; it is not in the tree, and this runs where it is."""

import os
from pathlib import Path

import pytest

from isadma_verify.captures.check.run import check

NAME = "area5150_lake_effect_final_02.sr"
PLACES = (os.environ.get("ISADMA_CAPTURES", ""), Path(__file__).parents[4] / "shared" / "captures")


@pytest.fixture(scope="module")
def result():
    found = [Path(place) / NAME for place in PLACES if place and (Path(place) / NAME).is_file()]
    if not found:
        pytest.skip(f"no {NAME}: name its folder in ISADMA_CAPTURES (from dbalsom/marty_tools)")
    return check(found[0])


def test_every_request_is_granted_in_the_captured_clock(result):
    assert (result.services.granted, result.services.requests) == (10_590, 10_590)
    assert result.clocks == 770_890


def test_ready_is_low_for_the_captured_clocks_beside_every_service(result):
    runs, agreed = result.ready.runs, result.ready.agreed
    assert dict(runs["memory or none"]) == {6: 7_282}
    assert dict(runs["I/O"]) == {7: 1_816}
    assert sum(runs["a card's own waits"].values()) == 1_492
    assert (agreed["memory or none"], agreed["I/O"]) == (7_282, 1_816)


def test_ready_is_predicted_wherever_no_card_waits_by_itself(result):
    assert result.agrees
    judged = {line.line: (line.judged, line.wrong) for line in result.lines}
    assert judged == {"ready": (607_616, 0), "dreq0": (770_884, 0)}
    assert result.waits.clocks == 163_274
    assert result.still == ["a19"]
