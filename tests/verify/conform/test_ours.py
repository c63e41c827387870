"""This project's own chip and boards, as RTL and after synthesis, in both variants: every rule holds."""

from pathlib import Path

import pytest

from isadma.i8237 import I8237
from isadma.pc import PcAt, PcXt
from isadma_boards.synth.netlist import ice40_netlist
from isadma_boards.verilog.export import export
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay

from .conftest import FOLDER

CORES = {
    "i8237-nmos": lambda: export("i8237", variant="nmos").verilog,
    "i8237-cmos": lambda: export("i8237", variant="cmos").verilog,
    "i8237-nmos-gates": lambda: ice40_netlist(I8237(variant="nmos"), "isadma_i8237"),
    "i8237-cmos-gates": lambda: ice40_netlist(I8237(variant="cmos"), "isadma_i8237_cmos"),
    "at-nmos": lambda: export("at", variant="nmos").verilog,
    "at-cmos": lambda: export("at", variant="cmos").verilog,
    "xt-nmos": lambda: export("xt", variant="nmos").verilog,
    "xt-cmos": lambda: export("xt", variant="cmos").verilog,
    "at-nmos-gates": lambda: ice40_netlist(PcAt(variant="nmos"), "isadma_at"),
    "at-cmos-gates": lambda: ice40_netlist(PcAt(variant="cmos"), "isadma_at_cmos"),
    "xt-nmos-gates": lambda: ice40_netlist(PcXt(variant="nmos"), "isadma_xt"),
    "xt-cmos-gates": lambda: ice40_netlist(PcXt(variant="cmos"), "isadma_xt_cmos"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", CORES)
def test_every_rule_holds_through_a_guessed_map(tmp_path: Path, name: str):
    file, pins = tmp_path / "core.v", tmp_path / "pins.toml"
    file.write_text(CORES[name]())
    core = read_core([file], None)
    pins.write_text(guess(core))
    profile = "cmos" if "cmos" in name else "nmos"
    verdict = judge(Request(lay(core, read_map(pins)), profile=profile, folder=FOLDER / "ours"))
    assert {
        one.rule.name: (one.state, one.first) for one in verdict.rules if one.state in ("broken", "not reached")
    } == {}
    assert verdict.failed == 0
