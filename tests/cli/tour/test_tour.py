"""`isadma tour`: experiments that can fail, and the three ways of showing what they found."""

from __future__ import annotations

import json
import re

import pytest

from isadma_cli.tour import claims as catalogue
from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.claims import CLAIMS
from isadma_cli.tour.crowd.member import CountedLines
from isadma_cli.tour.run import try_claim

#: Claims that take a second or so each; the others are run by the long test of the whole tour.
QUICK = ("clocks", "seven-channels", "sixteen-megabytes", "wrap", "locked-pages", "fixed-channel", "jumper", "picked")


def claim(name):
    return next(each for each in CLAIMS if each.name == name)


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_claim_holds_on_the_hardware(engine, name):
    result = try_claim(claim(name), engine)
    assert result.finding.passed, result.finding


@pytest.mark.parametrize("name", ["seven-channels", "wrap", "locked-pages", "picked"])
def test_a_claim_holds_on_the_model_from_the_data_sheet_too(name):
    result = try_claim(claim(name), "reference")
    assert result.finding.passed, result.finding


def test_the_modem_costs_three_per_cent_and_not_a_five_hundredth(engine):
    finding = try_claim(claim("modem-share"), engine).finding
    assert finding.passed, finding
    # 128 clocks of 4166.67: entry 20, six accesses of 7 + 8, exit 18.
    assert finding.figures["share"] == pytest.approx(0.0307, abs=0.0005)


def test_every_claim_has_a_name_of_its_own_and_something_to_learn_from():
    assert len({each.name for each in CLAIMS}) == len(CLAIMS) == 16
    for each in CLAIMS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.name)
        assert each.sentence.endswith(".")
        assert len(each.lesson) > 80


def test_json_is_a_list_of_claims_with_what_was_measured(isadma, engine):
    outcome = isadma("tour", "wrap", "picked", "--json", "-e", engine)
    assert (outcome.status, outcome.err) == (0, "")
    report = json.loads(outcome.out)
    assert report["engine"] == engine
    assert [each["name"] for each in report["claims"]] == ["wrap", "picked"]
    for each in report["claims"]:
        assert {"claim", "measured", "expected", "passed"} <= set(each)
        assert each["passed"] is True
    assert "20FFFFh" in report["claims"][0]["measured"]


def test_the_table_says_ok_and_counts(isadma, engine):
    outcome = isadma("tour", "wrap", "picked", "-e", engine)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.count(" ok ") == 2
    assert "2 of 2 claims hold as measured" in outcome.out


@pytest.mark.parametrize("way", ["false", "broken"])
def test_a_claim_that_does_not_hold_ends_with_status_1_and_its_name(isadma, monkeypatch, engine, way):
    def measure(engine):
        if way == "broken":
            raise TimeoutError("no IRQ 4 in 100 clocks")
        return Finding("a mile", "an inch", passed=False)

    monkeypatch.setattr(catalogue, "CLAIMS", (Claim("flat-earth", "It is flat.", "Look.", measure), claim("picked")))
    outcome = isadma("tour", "-e", engine)
    assert outcome.status == 1
    assert outcome.err == "isadma: 1 of 2 claims failed: flat-earth\n"
    assert "FAILED" in outcome.out
    assert ("a mile" if way == "false" else "broke") in outcome.out


def test_the_page_stands_alone_with_figures_as_svg_and_png(isadma, engine, tmp_path):
    page, figures = tmp_path / "tour.html", tmp_path / "figures"
    outcome = isadma("tour", "clocks", "wrap", "--html", page, "--figures", figures, "-e", engine)
    assert (outcome.status, outcome.err) == (0, "")
    text = page.read_text()
    assert text.count("<section") == 2
    assert text.count("<svg") == 1
    assert 'href="data:image/png;base64,iVBORw0KGgo' in text
    # Nothing is loaded from anywhere: every address is a place on the page, data, or a name of an XML vocabulary.
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert addresses
    assert all(address.startswith(("#", "data:")) for address in addresses)
    identities = re.findall(r' id="([^"]*)"', text)
    assert len(identities) == len(set(identities))
    assert all(address[1:] in identities for address in addresses if address.startswith("#"))
    assert sorted(path.name for path in figures.iterdir()) == ["clocks.png", "clocks.svg"]
    assert (figures / "clocks.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert (figures / "clocks.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["claks"], ["no claim 'claks'", "did you mean 'clocks'?", "modem-share"]),
        (["-e", "nativ"], ["no engine 'nativ'"]),
    ],
)
def test_what_cannot_be_is_wrong_usage(isadma, words, parts):
    outcome = isadma("tour", *words)
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    for part in parts:
        assert part in outcome.err


def test_a_page_that_cannot_be_written_is_said_before_anything_runs(isadma):
    outcome = isadma("tour", "--html", "no/such/folder/x.html")
    assert (outcome.status, outcome.out) == (1, "")
    assert "there is no folder 'no/such/folder'" in outcome.err


@pytest.mark.long
def test_the_whole_tour_holds(isadma, engine, tmp_path):
    page = tmp_path / "tour.html"
    outcome = isadma("tour", "--json", "--html", page, "-e", engine)
    assert (outcome.status, outcome.err) == (0, "")
    assert all(each["passed"] for each in json.loads(outcome.out)["claims"])
    assert page.read_text().count("<svg") == 4


class Wire:
    def irq(self, level):
        pass


def test_an_interrupt_that_nobody_took_is_found_out():
    taken = [0]
    lines = CountedLines(Wire(), lambda: taken[0])
    lines.irq(True)
    assert (lines.raised, lines.taken, lines.absorbed, lines.pending) == (1, 0, 0, 1)
    taken[0] += 1
    lines.irq(False)
    lines.irq(True)
    lines.irq(False)  # dealt with before it was taken
    assert (lines.raised, lines.taken, lines.absorbed, lines.pending) == (2, 1, 1, 0)
