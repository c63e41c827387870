"""VHDL through GHDL's synthesis: pins that float stay so, and choices keep all their cases."""

from pathlib import Path

import pytest

from isadma_verify.conform.prove.elaborate import in_verilog
from isadma_verify.conform.prove.netlist import plain
from isadma_verify.conform.sources.ports import Core
from isadma_verify.conform.sources.vhdl import read_ports
from isadma_verify.cosim.common.simulators import available

HEAD = "module m\n  ({ports});\n  always @*\n    case (s)\n"
TAIL = "    endcase\n{more}endmodule"


def choice(cases: str, *, ports: str = "output q", more: str = "") -> list[str]:
    """Return the lines of a module with one choice, without its head."""
    return plain(HEAD.format(ports=ports) + cases + TAIL.format(more=more)).splitlines()[2:]


def test_a_case_that_floats_is_an_enable():
    said = choice("      2'b10: n <= 4'bZ;\n      2'b01: n <= a;\n      default: n <= b;\n")
    assert said[0] == "  assign n = (!(s == 2'b10)) ? ((s == 2'b01) ? a : b) : 'z;"


def test_all_others_may_float():
    said = choice("      2'b10: n <= a;\n      2'b01: n <= b;\n      default: n <= 1'bz;\n")
    assert said[0] == "  assign n = (s == 2'b10 || s == 2'b01) ? ((s == 2'b10) ? a : b) : 'z;"


@pytest.mark.parametrize(("ports", "floats"), [("inout [7:0] d", True), ("output [7:0] d", False)])
def test_what_was_left_out_floats_at_a_port_that_goes_both_ways(ports: str, floats: bool):
    said = choice("      1'b1: n <= 1'b0;\n", ports=ports, more="  assign p = n;\n  assign d = p;\n")
    assert (said[0] == "  assign n = (s == 1'b1) ? (1'b0) : 'z;") is floats
    assert ("      default: n <= 1'b0;" in said) is not floats


def test_a_choice_without_z_keeps_its_cases():
    cases = "      2'b10: n <= a;\n      2'b01: n <= b;\n"
    assert choice(cases)[2:5] == [*cases.splitlines(), "      default: n <= b;"]


@pytest.mark.parametrize("others", ["'Z'", "'X'"])
def test_ghdl_writes_what_is_expected_of_it(tmp_path: Path, others: str):
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    file = tmp_path / "od.vhd"
    file.write_text(
        "library ieee; use ieee.std_logic_1164.all;\nentity od is port (low : in std_logic; pin : inout std_logic);\n"
        "end od;\narchitecture a of od is begin\nprocess (low) begin\ncase low is\nwhen '0' => pin <= '0';\n"
        f"when others => pin <= {others};\nend case;\nend process;\nend a;\n"
    )
    read = read_ports([file], None)
    netlist = in_verilog(Core((file,), read.top, "vhdl", read.ports), tmp_path, 60).files[0].read_text()
    assert "? (1'b0) : 'z;" in netlist
