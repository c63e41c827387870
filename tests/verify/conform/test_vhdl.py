"""Cores in VHDL: what is wrong with their files is one line, and one that stops the simulator has a verdict still."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.simulate import reason_in
from isadma_verify.conform.run.verdicts import BROKEN, HELD
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.conform.wrap.vhdl import wrapper
from isadma_verify.cosim.common.simulators import available

from .conftest import BROKEN as EXAMPLE
from .conftest import FOLDER, PINS, laid_on

PLAIN = Path(__file__).parent / "cores" / "plain8237.vhd"

#: Strobes without a direction of their own, a terminal count for each channel, levels that are active high.
SPLIT = """library ieee;
use ieee.std_logic_1164.all;
use ieee.std_logic_arith.all;
use ieee.std_logic_unsigned.all;
entity split is
  port (
    clk, rstn, sel, rd, wr, hlda : in std_logic;
    busreq, iord, iowr, memrd, memwr, aen : out std_logic;
    paddr : in std_logic_vector(3 downto 0);
    daddr : out std_logic_vector(15 downto 0);
    pwdata : in std_logic_vector(7 downto 0);
    prdata : out std_logic_vector(7 downto 0);
    dreq : in std_logic_vector(3 downto 0);
    dack, tc : out std_logic_vector(3 downto 0);
    memack, ioack : in std_logic;
    flags : in bit_vector(1 downto 0);
    serving : out integer range 0 to 4
  );
end split;
architecture none of split is begin end none;
"""
SPLIT_PINS = """kind = "chip"
[clock]
fabric = "clk"
[pins]
reset = "!rstn"
cs_n = "!sel"
hlda = "hlda"
hrq = "busreq"
dreq = "dreq"
dack = "!dack"
aen = "aen"
eop_n = { out = "!(tc[3] | tc[2] | tc[1] | tc[0])" }
db = { in = "pwdata", out = "prdata", oe = 1 }
a = { in = "paddr", out = "daddr[7:0]", oe = "1 & aen" }
ah = "daddr[15:8]"
ior_n = { in = "!rd", out = "!iord", oe = "aen" }
iow_n = { in = "!wr", out = "!iowr", oe = "aen | 0" }
memr_n = { out = ["!memrd"], oe = "aen" }
memw_n = { out = "!memwr", oe = "aen" }
adstb = 0
[drive]
memack = "memrd | memwr"
ioack = 1
"flags[0]" = 1
"flags[1]" = "first(1 & !cs_n)"
"""


def test_a_map_with_constants_is_vhdl_that_ghdl_takes(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("ghdl is not installed")
    core, pins, made = tmp_path / "split.vhd", tmp_path / "split.toml", tmp_path / "wrapper.vhd"
    core.write_text(SPLIT)
    pins.write_text(SPLIT_PINS)
    made.write_text(wrapper(lay(read_core([core], None), read_map(pins))))
    command = ["ghdl", "-a", "--std=08", "-frelaxed", "-fsynopsys", f"--workdir={tmp_path}", core, made]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_acknowledge_that_comes_in_is_no_dack(tmp_path: Path):
    core = tmp_path / "split.vhd"
    core.write_text(SPLIT)
    lines = guess(read_core([core], None)).splitlines()
    assert any(line.startswith('dack = "dack"') for line in lines)
    assert 'ioack = "(iord | iowr) & ready"  # it answers these, when READY is high' in lines
    assert 'memack = "(memrd | memwr) & ready"  # it answers these, when READY is high' in lines


#: Changes to the plain core, files beside it, and what the one line says.
WRONG = {
    "entity plain8237 is in": ("", "entity plain8237 is end entity;"),
    "which is in none of the files: give its file too": ("use work.levels.all;\n", ""),
    "write work.levels": ("library mine;\nuse mine.levels.all;\n", ""),
    "package Levels is in": ("", "package levels is end package;\npackage Levels is end package;"),
}


@pytest.mark.parametrize("said", WRONG)
def test_units_that_are_there_twice_or_in_no_file_are_named(tmp_path: Path, said: str):
    before, beside = WRONG[said]
    core, other = tmp_path / "core.vhd", tmp_path / "other.vhd"
    core.write_text(before + PLAIN.read_text())
    other.write_text(beside)
    with pytest.raises(ConformError, match=said) as caught:
        read_core([core, other], "plain8237")
    assert "\n" not in str(caught.value)


def test_a_generic_that_is_not_there_is_named():
    with pytest.raises(ConformError, match=r"no generic 'FAILT' \(did you mean 'FAULT'\?\); it has FAULT"):
        read_core([PLAIN], None, parameters={"FAILT": "1"})
    assert read_core([PLAIN], None, parameters={"fault": "1"}).top == "plain8237"


def plain_with(text: str, folder: Path) -> Request:
    """Return a judgement of the plain core with something at the end of its architecture."""
    file, pins = folder / "plain8237.vhd", folder / "plain.toml"
    head, end, tail = PLAIN.read_text().rpartition("end rtl;")
    file.write_text(f"{head}{text}\n{end}{tail}")
    core = read_core([file], None)
    pins.write_text(guess(core))
    return Request(lay(core, read_map(pins)), rules=("copy-hold", "clear-mask"), folder=FOLDER / "vhdl")


def test_a_component_without_its_entity_is_named(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("ghdl is not installed")
    request = plain_with("  part : lost port map (csn);", tmp_path)
    file = request.laid.core.files[0]
    text = file.read_text()
    file.write_text(text.replace("\nbegin\n", "\n  component lost port (a : in std_logic); end component;\nbegin\n", 1))
    with pytest.raises(ConformError, match="component 'lost', used as part, has its entity in none of the files"):
        judge(request)


#: A value that has no room, from when channel 0 is to hold its address.
TRAP = """  trap : process (command) is
    variable room : integer range 0 to 1;
  begin
    room := to_integer(unsigned(command(1 downto 1))) * 2;
  end process;"""


#: What is added to the plain core, the one line, and what is given beside it.
ARCHITECTURES = "architecture stub of plain8237 is begin hrq <= '0'; end stub;"


def test_of_two_architectures_a_configuration_chooses_and_nothing_else(tmp_path: Path):
    core, other = tmp_path / "core.vhd", tmp_path / "chosen.vhd"
    core.write_text(f"{PLAIN.read_text()}\n{ARCHITECTURES}")
    with pytest.raises(ConformError, match="has 2 architectures, rtl and stub: give a file, or a copy, with one"):
        read_core([core], None)
    other.write_text("configuration chosen of plain8237 is for rtl end for; end configuration;")
    pins = tmp_path / "pins.toml"
    read = read_core([core, other], None)
    pins.write_text(guess(read))
    assert "core : configuration work.chosen" in wrapper(lay(read, read_map(pins)))
    if available("ghdl"):
        laid = lay(read, read_map(pins))
        verdict = judge(Request(laid, simulator="ghdl", rules=("clear-mask",), folder=FOLDER / "configured"))
        assert [one.state for one in verdict.rules] == [HELD]


def test_a_generic_without_a_value_is_asked_for(tmp_path: Path):
    core = tmp_path / "core.vhd"
    core.write_text(PLAIN.read_text().replace("FAULT : natural := 0", "FAULT : natural"))
    with pytest.raises(ConformError, match="plain8237 has a generic without a value: give it with --param FAULT=VALUE"):
        read_core([core], None)
    assert read_core([core], None, parameters={"fault": "0"}).top == "plain8237"


@pytest.mark.long
def test_a_value_out_of_its_range_is_the_verdict_of_its_bench_alone(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("ghdl is not installed")
    verdict = judge(plain_with(TRAP, tmp_path))
    states = {one.rule.name: one for one in verdict.rules}
    assert [states["copy-hold"].state, states["clear-mask"].state] == [BROKEN, HELD]
    first = states["copy-hold"].first
    assert first is not None
    assert first.said.startswith("the core ends the simulation: bound check failure at ")


def test_the_log_says_why_a_simulation_ended(tmp_path: Path):
    log = tmp_path / "simulator.log"
    said = {
        "/usr/bin/ghdl-mcode:error: bound check failure at core.vhd:7": "bound check failure at core.vhd:7",
        "core.vhd:9:5:@5us:(assertion failure): no": "core.vhd:9:5:@5us:(assertion failure): no",
        's.vhd:1:9: body of package "s" was never analyzed': 's.vhd:1:9: body of package "s" was never analyzed',
        "FATAL: core.v:3: no address hold": "FATAL: core.v:3: no address hold",
        "core.v:3: $finish called at 5 (1s)": "core.v:3: $finish called at 5 (1s)",
        "/usr/bin/ghdl-mcode:error: simulation failed": "",
        "std_logic_arith.vhdl:255:21:@0ms:(assertion warning): There is an 'U' in an arithmetic operand": "",
    }
    for line, reason in said.items():
        log.write_text(f"     0.00ns INFO     cocotb   running\n{line}\n")
        assert reason_in(log) == reason


@pytest.mark.long
def test_an_assertion_is_the_verdict_of_its_bench_alone(icarus, tmp_path: Path):
    file = tmp_path / EXAMPLE.name
    trap = 'always @* if (command[1]) $fatal(1, "no address hold");\nendmodule'
    file.write_text(EXAMPLE.read_text().replace("endmodule", trap))
    laid = laid_on([file], PINS, FAULTS="0")
    rules = ("copy-hold", "clear-mask", "copy-tc")
    verdict = judge(Request(laid, simulator=icarus, rules=rules, folder=FOLDER / "fatal"))
    assert {one.rule.name: one.state for one in verdict.rules} == {
        "copy-hold": BROKEN, "clear-mask": HELD, "copy-tc": HELD,
    }  # fmt: skip
    first = next(one.first for one in verdict.rules if one.state == BROKEN)
    assert first is not None
    assert first.said.startswith("the core ends the simulation: ")
    assert "no address hold" in first.said


@pytest.mark.long
def test_a_core_that_was_moved_is_built_anew(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("ghdl is not installed")
    for place in (tmp_path / "one", tmp_path / "other"):
        place.mkdir()
        request = replace(plain_with("", place), rules=("clear-mask",), folder=tmp_path / "out")
        assert judge(request).holds
        (place / "plain8237.vhd").unlink()
