"""The property modules: a whole chip has no counterexample, and a second DACK is refuted by its rule."""

import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.prove.runner import BOUNDED, LEFT_OUT, REFUTED, RULES, prove
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.cosim.common.simulators import find_simulator

from .conftest import BROKEN, PINS, laid_on


def test_two_dacks_are_refuted_by_their_rule_alone(tmp_path: Path):
    text = BROKEN.read_text()
    assert "acknowledged[channel] <= 1'b1;\n        end\n        S2:" in text
    core = tmp_path / "two_dacks.v"
    core.write_text(
        text.replace("acknowledged[channel] <= 1'b1;\n        end\n        S2:", "acknowledged <= 4'h3; end S2:")
    )
    found = prove(laid_on([core], PINS, FAULTS="0"), depth=18, folder=tmp_path)
    assert [rule for rule in RULES if found.rules[rule] == REFUTED] == ["one-dack"]
    assert 10 < found.steps["one-dack"] < 18


@pytest.mark.long
def test_a_whole_chip_has_no_counterexample_and_reaches_every_cover(tmp_path: Path):
    found = prove(laid_on([BROKEN], PINS, FAULTS="0"), depth=30, folder=tmp_path)
    assert {found.rules[rule] for rule in RULES} == {BOUNDED, LEFT_OUT}
    assert found.reached == found.covers == 4


def test_what_cannot_be_proved_is_one_line(tmp_path: Path):
    file, pins = Path(__file__).parent / "cores" / "plain8237.vhd", tmp_path / "pins.toml"
    core = read_core([file], None)
    pins.write_text(guess(core))
    laid = lay(core, read_map(pins))
    with pytest.raises(ConformError, match="--prove takes a chip in Verilog: open Yosys reads no VHDL"):
        prove(laid, folder=tmp_path)


@pytest.mark.parametrize("chip", [0, 1])
def test_the_property_module_is_read_in_both_roles_by_another_tool(tmp_path: Path, chip: int):
    rules = tmp_path / "i8237_rules.sv"
    rules.write_text((files("isadma_verify.conform.prove") / "i8237_rules.sv").read_text())
    found = find_simulator("verilator")
    command = [found.program, "--lint-only", "-Wno-fatal", f"-GCHIP={chip}", "--assert", str(rules)]
    done = subprocess.run(command, env=found.environment | {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert "%Error" not in done.stderr, done.stderr
