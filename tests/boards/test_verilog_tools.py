"""What reads an exported core without a word: Verilator, Icarus, Yosys; and GHDL, by the component declaration."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from isadma_boards.verilog import VERILOG_CORES
from isadma_tools import toolchain
from isadma_verify.cosim.common.build import use_simulator

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ICARUS = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed (iverilog)")
GHDL = pytest.mark.skipif(shutil.which("ghdl") is None, reason="GHDL is not installed (ghdl)")
STANDARDS = ("93", "08")


def run(*command, cwd):
    """Run a tool in a folder; return its status and all that it said."""
    done = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout


def ports(verilog):
    """Return direction and width by port, as the module itself declares them."""
    declared = re.findall(r"^  (input|output) (?:\[(\d+):0\] )?(\S+) ?;$", verilog, re.MULTILINE)
    return {name: (direction, int(high or 0) + 1) for direction, high, name in declared}


def test_verilator_with_all_warnings_says_nothing(core_as_text, tmp_path):
    use_simulator("verilator")
    (tmp_path / "any_name.v").write_text(core_as_text.verilog)
    command = ["verilator", "--lint-only", "-Wall", "--top-module", core_as_text.name, "any_name.v"]
    status, said = run(*command, cwd=tmp_path)
    assert (status, [line for line in said.splitlines() if not line.startswith("- ")]) == (
        0,
        [],
    )  # a report, no warning


@ICARUS
def test_icarus_with_all_warnings_says_nothing(core_as_text, tmp_path):
    (tmp_path / "any_name.v").write_text(core_as_text.verilog)
    command = ["iverilog", "-g2005", "-Wall", "-t", "null", "-s", core_as_text.name, "any_name.v"]
    assert run(*command, cwd=tmp_path) == (0, "")


def test_yosys_reads_it_and_finds_nothing_undriven_and_no_loop(core_as_text, tmp_path):
    (tmp_path / "any_name.v").write_text(core_as_text.verilog)
    checks = f"hierarchy -check -top {core_as_text.name}; proc; flatten; check -assert"
    toolchain.run_script(f"logger -werror .*; read_verilog any_name.v; {checks}", cwd=tmp_path)


def test_every_name_of_a_port_can_be_written_in_every_language(core_as_text):
    names = ports(core_as_text.verilog)
    assert len(names) >= 25
    assert [name for name in names if not re.fullmatch(r"[a-z](?:_?[a-z0-9])*", name)] == []


def bench(verilog, name):
    """Return a VHDL testbench that instantiates a component with signals as wide as the Verilog module's ports."""
    wide = ports(verilog)
    kinds = {
        port: "std_logic" if width == 1 else f"std_logic_vector({width - 1} downto 0)"
        for port, (_, width) in wide.items()
    }
    signals = "".join(f"  signal s_{port} : {kind};\n" for port, kind in kinds.items())
    wires = ", ".join(f"{port} => s_{port}" for port in wide)
    return f"""\
library ieee;
use ieee.std_logic_1164.all;
use work.{name}_pkg.all;
entity bench is end entity bench;
architecture test of bench is
{signals}begin
  core : {name} port map ({wires});
end architecture test;
"""


@GHDL
@pytest.mark.parametrize("standard", STANDARDS)
def test_ghdl_analyses_the_component_and_a_testbench_with_the_modules_own_widths(core_as_text, standard, tmp_path):
    (tmp_path / "package.vhd").write_text(core_as_text.vhdl)
    (tmp_path / "bench.vhd").write_text(bench(core_as_text.verilog, core_as_text.name))
    assert run("ghdl", "-a", f"--std={standard}", "package.vhd", "bench.vhd", cwd=tmp_path) == (0, "")
    # Elaboration finds every component's ports and widths; the entity itself is Verilog, and not GHDL's to find.
    status, said = run("ghdl", "-e", f"--std={standard}", "bench", cwd=tmp_path)
    assert status == 0
    assert {line.split(":", 3)[-1] for line in said.splitlines() if "warning" in line} <= {
        f'warning: instance "core" of component "{core_as_text.name}" is not bound [-Wbinding]',
        "warning: (in default configuration of bench(test))",
    }


@pytest.mark.parametrize("core", VERILOG_CORES)
def test_the_component_has_the_modules_ports_and_directions(exported, core):
    made = exported(core)
    declared = re.findall(
        r"^      (\w+) : (in|out) std_logic(?:_vector\((\d+) downto 0\))?;?$", made.vhdl, re.MULTILINE
    )
    component = {name: (f"{direction}put", int(high or 0) + 1) for name, direction, high in declared}
    assert component == ports(made.verilog)


#: The example's lines in VHDL, seen as the Verilog testbench wants them: it drives what the board does not.
SHIM = """
module shim (
    input clk, rst, clk_fall, clk_rise, reset, hlda, out1, output hrq,
    input [23:0] isa_a_i, output [23:0] isa_a_o, output isa_a_oe,
    input [15:0] isa_d_i, output [15:0] isa_d_o, output isa_d_oe,
    input isa_ior_n_i, output isa_ior_n_o, isa_ior_n_oe, input isa_iow_n_i, output isa_iow_n_o, isa_iow_n_oe,
    input isa_memr_n_i, output isa_memr_n_o, isa_memr_n_oe, input isa_memw_n_i, output isa_memw_n_o, isa_memw_n_oe,
    input isa_sbhe_n_i, output isa_sbhe_n_o, isa_sbhe_n_oe,
    output isa_aen, input [7:0] isa_drq, output [7:0] isa_dack_n, output isa_tc,
    input isa_iochrdy, isa_master_n, output isa_refresh_n);
  wire [23:0] a = hlda ? 24'bz : isa_a_i;
  wire [15:0] d = isa_d_i;
  wire ior_n = hlda ? 1'bz : isa_ior_n_i, iow_n = hlda ? 1'bz : isa_iow_n_i;
  wire memr_n = hlda ? 1'bz : isa_memr_n_i, memw_n = hlda ? 1'bz : isa_memw_n_i, sbhe_n = hlda ? 1'bz : 1'b1;
  pullup (ior_n);
  pullup (iow_n);
  pullup (memr_n);
  pullup (memw_n);
  pullup (sbhe_n);
  assign isa_a_o = a, isa_ior_n_o = ior_n, isa_iow_n_o = iow_n, isa_memr_n_o = memr_n, isa_memw_n_o = memw_n;
  assign isa_ior_n_oe = isa_aen, isa_memw_n_oe = isa_aen;
  at_socket socket (clk, reset, hlda, out1, isa_drq, isa_iochrdy, isa_master_n, hrq, a, sbhe_n, d, ior_n, iow_n,
      memr_n, memw_n, isa_aen, isa_dack_n, isa_tc, isa_refresh_n);
endmodule
"""


@GHDL
@ICARUS
@pytest.mark.parametrize("standard", STANDARDS)
def test_the_vhdl_example_moves_the_bytes_around_the_verilog_core(exported, standard, tmp_path):
    made = exported("at")
    (tmp_path / "isadma_at_pkg.vhd").write_text(made.vhdl)
    (tmp_path / "isadma_at.v").write_text(made.verilog)
    shutil.copy(EXAMPLES / "vhdl" / "at_socket.vhd", tmp_path)
    assert run("ghdl", "-a", f"--std={standard}", "isadma_at_pkg.vhd", "at_socket.vhd", cwd=tmp_path) == (0, "")
    # GHDL writes the example as Verilog, the core in it as an empty module: the exported one takes its place.
    synthesis = ["ghdl", "--synth", f"--std={standard}", "--out=verilog", "at_socket"]
    written = subprocess.run(synthesis, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True).stdout
    socket, replaced = re.subn(r"^module isadma_at\n.*?^endmodule$", "", written, flags=re.MULTILINE | re.DOTALL)
    assert replaced == 1
    testbench = (EXAMPLES / "verilog" / "transfer_tb.v").read_text()
    (tmp_path / "all.v").write_text(testbench.replace("isadma_at board", "shim board") + SHIM + socket)
    assert run("iverilog", "-g2005", "-o", "transfer", "all.v", "isadma_at.v", cwd=tmp_path) == (0, "")
    status, said = run("vvp", "-n", "transfer", cwd=tmp_path)
    assert (status, [line for line in said.splitlines() if line[:4] in ("PASS", "FAIL")]) == (
        0,
        ["PASS: 8 bytes, one terminal count"],
    )
