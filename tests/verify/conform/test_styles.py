"""Cores in other people's styles: what a map says of them needs no wrapper, and a guess is often the whole map."""

from pathlib import Path

import pytest

from isadma_boards.verilog.export import export
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.verdicts import BROKEN, Verdict
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.cosim.common.simulators import available

from .conftest import BROKEN as EXAMPLE
from .conftest import FOLDER

CORES = Path(__file__).parent / "cores"

#: What each style is judged by in the quick suite: a figure at every half clock, and what a CPU reads after TC.
QUICK = ("figure-11", "after-tc", "known-levels", "one-driver")


@pytest.fixture(scope="session")
def ours(tmp_path_factory) -> Path:
    """Return this project's chip as a Verilog file, to be inside of other styles."""
    file = tmp_path_factory.mktemp("ours") / "isadma_i8237.v"
    file.write_text(export("i8237").verilog)
    return file


def judged(files: list[Path], pins: Path, simulator: str, rules: tuple[str, ...], **options) -> Verdict:
    told = read_map(pins)
    core = read_core(files, told.top, parameters=told.parameters, **options)
    return judge(Request(lay(core, told), simulator=simulator, rules=rules, folder=FOLDER / "styles"))


def broken(verdict: Verdict) -> list[str]:
    return [f"{one.rule.name}: {one.first}" for one in verdict.rules if one.state == BROKEN]


def style(name: str, ours: Path, tmp_path: Path, rules: tuple[str, ...]) -> Verdict:
    if name == "fabric_style":
        options = {"includes": [CORES / "include"], "defines": {"EOP_LEVEL": "1'b1"}}
        return judged([CORES / "fabric_style.sv", ours], CORES / "fabric_style.toml", "icarus", rules, **options)
    if name == "one_clock":
        return judged([CORES / "one_clock.v", ours], CORES / "one_clock.toml", "icarus", rules)
    files = [CORES / "dip.v", EXAMPLE]
    pins = tmp_path / "dip.toml"
    pins.write_text(guess(read_core(files, "dip")))
    return judged(files, pins, "icarus", rules)


STYLES = ("fabric_style", "one_clock", "dip")


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_judged_through_its_map(icarus, ours, tmp_path: Path, name: str):
    verdict = style(name, ours, tmp_path, QUICK)
    assert not broken(verdict)
    assert verdict.lacks == (["aen"] if name == "one_clock" else [])
    assert ("a" in verdict.gated) == (name == "fabric_style")


@pytest.mark.long
def test_a_board_with_pages_of_its_own_and_one_enable_is_judged_through_its_map(icarus, tmp_path: Path):
    board = tmp_path / "isadma_at.v"
    board.write_text(export("at").verilog)
    rules = ("byte-channels", "word-channels", "known-levels", "one-driver", "bus-floats")
    verdict = judged([CORES / "slot_board.v", board], CORES / "slot_board.toml", icarus, rules)
    assert not broken(verdict)
    assert [one.state for one in verdict.rules] == ["held"] * len(rules)


@pytest.mark.long
@pytest.mark.parametrize("name", STYLES)
def test_a_style_holds_every_rule(icarus, ours, tmp_path: Path, name: str):
    assert not broken(style(name, ours, tmp_path, ()))


def test_vhdl_is_judged_by_ghdl_through_a_guessed_map(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    file, pins = CORES / "plain8237.vhd", tmp_path / "plain8237.toml"
    pins.write_text(guess(read_core([file], None)))
    rules = (*QUICK, "clear-mask")
    assert not broken(judged([file], pins, "ghdl", rules))
    told = read_map(pins)
    faulty = lay(read_core([file], told.top, parameters={"FAULT": "1"}), told)
    verdict = judge(Request(faulty, rules=rules, folder=FOLDER / "styles"))
    assert [said.partition(":")[0] for said in broken(verdict)] == ["clear-mask"]


@pytest.mark.long
def test_vhdl_holds_every_rule(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    file, pins = CORES / "plain8237.vhd", tmp_path / "plain8237.toml"
    pins.write_text(guess(read_core([file], None)))
    assert not broken(judged([file], pins, "ghdl", ()))
