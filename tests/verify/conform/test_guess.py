"""A map guessed from port names as cores spell them."""

import tomllib
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.sources.ports import Core, Port
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.sources.vhdl import read_ports

NEEDED = "CLK:in RESET:in HLDA:in HRQ:out DREQ:in:4 DACK:out:4 IOW_N:in MEMR_N:out MEMW_N:out A:inout:8 DB:inout:8"


def core(extra: str, *, without: str = "") -> Core:
    ports = {}
    for text in [*NEEDED.split(), *extra.split()]:
        name, way, *width = text.split(":")
        if name not in without.split():
            ports[name] = Port(name, way, int(width[0]) - 1 if width else None, 0 if width else None)
    return Core((Path("x.v"),), "some", "verilog", ports)


def pins(extra: str, *, without: str = "") -> dict[str, object]:
    return tomllib.loads(guess(core(extra, without=without)))["pins"]


@pytest.mark.parametrize("name", ["iorn", "ior_n", "IOR_L", "nIOR", "IORN", "io_read_n", "IORD_n", "n_ior"])
def test_every_spelling_of_ior_is_found_and_is_active_low(name: str):
    assert pins(f"{name}:inout")["ior_n"] == name


def test_a_spelling_without_a_mark_is_doubted():
    assert 'ior_n = "ior"  # active low? "!ior" where it is active high' in guess(core("ior:inout"))


def test_split_ports_and_their_enable_are_one_pin():
    found = pins("DB_in:in:8 DB_out:out:8 DB_oe:out", without="DB")
    assert found["db"] == {"in": "DB_in", "out": "DB_out", "oe": "DB_oe"}


def test_an_enable_that_is_active_low_is_turned():
    assert pins("din:in:8 dout:out:8 dout_oe_n:out", without="DB")["db"]["oe"] == "!dout_oe_n"


def test_the_mark_of_a_pin_is_not_its_enables():
    found = pins("ior_n_i:in ior_n_o:out ior_n_oe:out")
    assert found["ior_n"] == {"in": "ior_n_i", "out": "ior_n_o", "oe": "ior_n_oe"}


def test_halves_of_the_address_are_put_in_order():
    assert pins("ADDR_L:inout:4 ADDR_H:out:4", without="A")["a"] == ["ADDR_H", "ADDR_L"]
    assert pins("A3_0:inout:4 A7_4:out:4", without="A")["a"] == ["A7_4", "A3_0"]


def test_channels_with_a_port_each_are_put_in_order():
    found = pins("DREQ0:in DREQ2:in DREQ1:in DREQ3:in", without="DREQ")
    assert found["dreq"] == ["DREQ3", "DREQ2", "DREQ1", "DREQ0"]


def test_a_wide_address_gives_a8_to_a15_beside():
    found = pins("address_in:in:4 address_out:out:16", without="A")
    assert found["a"] == {"in": "address_in", "out": "address_out[7:0]"}
    assert found["ah"] == "address_out[15:8]"


def test_a_reset_that_is_active_low_is_turned_and_a_second_one_is_no_pin():
    assert pins("rst_n:in", without="RESET")["reset"] == "!rst_n"
    told = tomllib.loads(guess(core("rst:in")))
    assert told["pins"]["reset"] == "RESET"
    assert told["drive"] == {"rst": 0}


def test_what_is_needed_and_not_found_stands_as_a_question():
    assert pins("", without="HRQ")["hrq"] == "?"
    with pytest.raises(KeyError):
        pins("", without="HRQ")["ah"]


def test_clock_enables_are_told_from_the_clock():
    told = tomllib.loads(guess(core("clk_posedge:in clk_negedge:in")))
    assert told["clock"] == {"fabric": "CLK", "rise": "clk_posedge", "fall": "clk_negedge", "per_state": 2}


VHDL = """
-- entity wrong is port (x : in bit); end;
library ieee; use ieee.std_logic_1164.all;
entity Some is
  generic (WIDTH : natural := 4; NAME : string := "x");
  port (CLK, RST : in std_logic; -- two
    a : inout std_logic_vector(WIDTH - 1 downto 0);
    hrq : buffer std_logic := '0'; d : out ieee.numeric_std.unsigned(0 to 7));
end Some;
"""


def test_an_entity_is_read_with_its_generics(tmp_path: Path):
    file = tmp_path / "some.vhd"
    file.write_text(VHDL)
    name, ports = read_ports([file], None)
    assert name == "Some"
    assert ports["a"] == Port("a", "inout", 3, 0, "std_logic_vector")
    assert ports["hrq"] == Port("hrq", "out", type="std_logic")
    assert ports["d"].indices == list(range(8))
    assert read_ports([file], "some", parameters={"WIDTH": "6"})[1]["a"].width == 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("entity Some is", "entity Other is", "no entity is named 'some'; the files have Other"),
        ("buffer std_logic", "buffer rec_t", "port 'hrq' is a rec_t: a map cannot say that"),
        ("(WIDTH - 1 downto 0)", "(HIGH downto 0)", "its bound 'HIGH' is no number; give the generic"),
        ("(WIDTH - 1 downto 0)", "", "port 'a' has no range"),
    ],
)
def test_an_entity_that_no_map_can_say_is_one_line(tmp_path: Path, old: str, new: str, said: str):
    file = tmp_path / "some.vhd"
    file.write_text(VHDL.replace(old, new, 1))
    with pytest.raises(ConformError, match=said):
        read_ports([file], "some")


def test_verilog_ports_are_what_the_simulator_reads(tmp_path: Path):
    file = tmp_path / "some.sv"
    file.write_text(
        "package p; typedef logic [7:0] byte_t; endpackage\n"
        "module some import p::*; #(parameter N = 2) (\n"
        "input logic [N-1:0] d, output byte_t q, inout [0:3] a);\nendmodule"
    )
    ports = read_core([file], None, parameters={"N": "4"}).ports
    assert {name: (port.direction, port.left, port.right) for name, port in ports.items()} == {
        "d": ("in", 1, 0),
        "q": ("out", 7, 0),
        "a": ("inout", 0, 3),
    }
    assert read_core([file], "some", parameters={"N": "4"}).ports["d"].width == 4
