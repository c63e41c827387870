"""The core among the files that somebody gives, testbenches and parts with it."""

from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.sources.tops import Unit, only_core

BENCH = Unit(False, frozenset({"core"}))
CORE = Unit(True, frozenset({"part"}))
PART = Unit(True, frozenset())


def test_a_testbench_and_the_parts_are_not_the_core():
    assert only_core({"bench": BENCH, "part": PART, "core": CORE}) == "core"


def test_two_that_could_be_are_named_without_the_testbench():
    with pytest.raises(ConformError, match=r"which of core, other is the core\? say it with --top"):
        only_core({"other": PART, "bench": BENCH, "core": Unit(True, frozenset())})


def test_a_testbench_alone_is_no_core():
    with pytest.raises(ConformError, match="bench: none has ports of its own"):
        only_core({"bench": BENCH})


def test_a_verilog_core_below_its_testbench_keeps_its_own_parameters(tmp_path: Path):
    core = tmp_path / "core.v"
    core.write_text(
        "module core #(parameter N = 4) (input [N-1:0] dreq, output hrq);\npart p (dreq[0], hrq);\nendmodule\n"
    )
    part = tmp_path / "part.v"
    part.write_text("module part (input a, output b);\nassign b = a;\nendmodule\n")
    bench = tmp_path / "bench.v"
    bench.write_text(
        "`timescale 1ns/1ps\nmodule bench;\nreg [1:0] d; wire h;\ncore #(.N(2)) dut (d, h);\n"
        "initial begin #10 $finish; end\nendmodule\n"
    )
    read = read_core([bench, part, core], None)
    assert (read.top, read.ports["dreq"].width) == ("core", 4)


@pytest.mark.parametrize("how", ["component part", "part", "ENTITY WORK.Part(rtl)"])
def test_a_vhdl_core_below_its_testbench(tmp_path: Path, how: str):
    ports = "PORT (clk : IN bit; q : OUT bit);"
    head = (
        f"ENTITY Core IS {ports} END Core;\nARCHITECTURE rtl OF Core IS\ncomponent part {ports} end component;\nBEGIN\n"
    )
    core = tmp_path / "core.vhd"
    core.write_text(f"{head}u : {how} PORT MAP (clk => clk, q => q);\nEND rtl;\n")
    part = tmp_path / "part.vhd"
    part.write_text(f"entity Part is {ports} end Part;\narchitecture rtl of Part is\nbegin\nq <= clk;\nend rtl;\n")
    bench = tmp_path / "bench.vhd"
    bench.write_text(
        "entity bench is end bench;\narchitecture a of bench is signal c, q : bit;\nbegin\n"
        "dut : entity work.core port map (c, q);\nend a;\n"
    )
    assert read_core([bench, core, part], None).top == "Core"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("module top(input [`WIDE-1:0] a); endmodule", "not defined: '`WIDE'; give it with --define WIDE=VALUE"),
        ("module top #(parameter N)(input [N:0] a); endmodule", "give it with --param N=VALUE"),
    ],
)
def test_a_macro_or_a_parameter_without_a_value_is_asked_for(tmp_path: Path, source: str, said: str):
    file = tmp_path / "top.v"
    file.write_text(source)
    with pytest.raises(ConformError, match=said):
        read_core([file], None)
