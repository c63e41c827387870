"""A map guessed from port names as cores spell them."""

import tomllib
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.sources.ports import Core, Group, Port
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.sources.vhdl import read_ports

NEEDED = (
    "CLK:in CS_N:in RESET:in HLDA:in HRQ:out DREQ:in:4 DACK:out:4 IOW_N:in MEMR_N:out MEMW_N:out A:inout:8 DB:inout:8"
)


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


@pytest.mark.parametrize(
    ("clocks", "fabric", "pin"),
    [
        ("clock cpu_clock", "clock", "cpu_clock"),
        ("isa_clk clk_sys", "clk_sys", "isa_clk"),
        ("clk clk2x", "clk2x", "clk"),
    ],
)
def test_a_clock_of_the_bus_beside_the_fabrics_is_clk(clocks: str, fabric: str, pin: str):
    told = tomllib.loads(guess(core(" ".join(f"{name}:in" for name in clocks.split()), without="CLK")))
    assert (told["clock"]["fabric"], told["clock"]["pin"]) == (fabric, pin)
    assert ("late" in told["clock"]) == ("2x" not in fabric)
    assert "drive" not in told


def test_a_bus_clock_alone_is_clk():
    assert tomllib.loads(guess(core("cpu_clk:in", without="CLK")))["clock"] == {"pin": "cpu_clk"}


@pytest.mark.parametrize("name", ["dma_{}_req:in dma_{}_ack:out", "ch{}_req:in ch{}_ack:out"])
def test_channels_by_their_number_are_put_in_order(name: str):
    found = pins(" ".join(name.format(channel, channel) for channel in (0, 3, 1, 2)), without="DREQ DACK")
    request, answer = (word.partition(":")[0] for word in name.split())
    assert found["dreq"] == [request.format(channel) for channel in (3, 2, 1, 0)]
    assert found["dack"] == [f"!{answer.format(channel)}" for channel in (3, 2, 1, 0)]


def test_a_spelled_out_read_is_active_high_and_its_mark_makes_it_low():
    told = tomllib.loads(guess(core("io_read:in io_write_n:in", without="CS_N IOW_N")))
    assert told["drive"] == {"io_read": "!ior_n & !cs_n", "io_write_n": "iow_n | cs_n"}
    found = pins("mem_read:out memory_write_n:out", without="MEMR_N MEMW_N")
    assert (found["memr_n"]["out"], found["memw_n"]["out"]) == ("!mem_read", "memory_write_n")


#: Names as companies and hobbyists give them, and what stands in the map.
SPELLINGS = [
    ("ioIOR_N:inout iCLK:in", "CLK", {"ior_n": "ioIOR_N"}),
    ("xcs:in xior:inout", "CS_N", {"cs_n": "xcs", "ior_n": "xior"}),
    ("bus_cs_n:in sys_rst_n:in", "CS_N RESET", {"cs_n": "bus_cs_n", "reset": "!sys_rst_n"}),
    ("dma_aen:out ale:out dma_tc:out", "", {"aen": "dma_aen", "adstb": "ale", "eop_n": {"out": "!dma_tc"}}),
    ("ndack0:out ndack2:out ndack1:out ndack3:out", "DACK", {"dack": ["ndack3", "ndack2", "ndack1", "ndack0"]}),
    ("D_I:in:8 D_O:out:8 D_T:out", "DB", {"db": {"in": "D_I", "out": "D_O", "oe": "!D_T"}}),
]


@pytest.mark.parametrize(("ports", "without", "told"), SPELLINGS)
def test_a_prefix_is_not_the_pins_name(ports: str, without: str, told: dict[str, object]):
    found = pins(ports, without=without)
    assert {pin: found[pin] for pin in told} == told


def test_a_clock_with_a_prefix_is_the_clock():
    assert tomllib.loads(guess(core("pin_clk:in", without="CLK")))["clock"] == {"pin": "pin_clk"}


def test_a_direction_beside_a_pair_is_its_enable():
    found = pins("io_read_n_in:in io_read_n_out:out io_read_n_io:out")
    assert found["ior_n"] == {"in": "io_read_n_in", "out": "io_read_n_out", "oe": "!io_read_n_io"}


def test_strobes_without_a_chip_select_come_decoded():
    told = tomllib.loads(guess(core("slave_read:in slave_write:in", without="CS_N IOW_N")))
    assert told["drive"] == {"slave_read": "!ior_n & !cs_n", "slave_write": "!iow_n & !cs_n"}
    assert "ior_n" not in told["pins"]
    told = tomllib.loads(guess(core("io_rd_n:in", without="CS_N IOW_N")))
    assert told["drive"] == {"io_rd_n": "ior_n | cs_n"}


def test_a_terminal_count_for_each_channel_is_eop():
    assert pins("TC:out:4")["eop_n"] == {"out": "!(TC[3] | TC[2] | TC[1] | TC[0])"}


def test_a_wide_address_from_the_processor_is_four_bits_of_it():
    told = tomllib.loads(guess(core("IO_ADDR:in:16 DMA_ADDR:out:16 daoe:out", without="A")))
    assert told["pins"]["a"] == {"in": "IO_ADDR[3:0]", "out": "DMA_ADDR[7:0]", "oe": "daoe"}
    assert told["drive"] == {"IO_ADDR[15:4]": 0}


def test_a_byte_in_and_a_floating_byte_out_are_one_pin():
    assert pins("DATAIN:in:8 DATAOUT:inout:8", without="DB")["db"] == {"in": "DATAIN", "out": "DATAOUT"}


BOARD = """RESET:in HLDA:in HRQ:out DACK_N:out:4 A:inout:20 D:inout:8 IOR_N:inout IOW_N:inout MEMR_N:out MEMW_N:out
  IOCHRDY:in AEN:out TC:out"""


@pytest.mark.parametrize(
    ("requests", "top", "kind"),
    [
        ("DRQ:in:4", "board", "xt"),
        ("DRQ1:in DRQ2:in DRQ3:in", "board", "xt"),
        ("DRQ1:in DRQ5:in", "board", "at"),
        ("DRQ:in:8", "board", "at"),
        ("DRQ:in:8", "my_xt", "xt"),
    ],
)
def test_a_board_of_four_channels_is_an_xt(requests: str, top: str, kind: str):
    ports = {}
    for text in [*BOARD.split(), *requests.split(), "CLK:in"]:
        name, way, *width = text.split(":")
        ports[name] = Port(name, way, int(width[0]) - 1 if width else None, 0 if width else None)
    assert tomllib.loads(guess(Core((Path("x.v"),), top, "verilog", ports)))["kind"] == kind


#: A system on chip's: registers at a port of their own, a master of the memory's bus, a request for each device.
MASTER = """slave_address:in:4 slave_read:in slave_write:in slave_writedata:in:8 slave_readdata:out:8 avm_address:out:32
  avm_read:out avm_write:out avm_writedata:out:8 avm_readdata:in:8 avm_readdatavalid:in avm_waitrequest:in
  dma_floppy_req:in dma_floppy_ack:out dma_sound_req:in dma_sound_ack:out"""


def test_a_master_with_a_handshake_is_made_into_pins():
    told = tomllib.loads(guess(core(MASTER, without="A DB HRQ HLDA DREQ DACK IOW_N MEMR_N MEMW_N CS_N")))
    assert told["pins"] == {
        "reset": "RESET",
        "ready": False,
        "hlda": "!avm_waitrequest",
        "dreq": [0, "dma_floppy_req", "dma_sound_req", 0],
        "eop_n": False,
        "db": {"in": "slave_writedata", "out": "(avm_write & avm_writedata) | (!avm_write & slave_readdata)"},
        "a": {"in": "slave_address", "out": "avm_address[7:0]"},
        "ah": "avm_address[15:8]",
        "hrq": "avm_read | avm_write",
        "dack": [1, "!dma_floppy_ack", "!dma_sound_ack", 1],
        "aen": False,
        "adstb": False,
        "memr_n": {"out": "!avm_read"},
        "memw_n": {"out": "!avm_write"},
    }
    assert told["drive"]["avm_readdata"] == "db"
    assert told["drive"]["avm_readdatavalid"] == 1


def test_members_of_an_interface_are_named_without_it():
    group = Group("dif", "interface", "dma_if")
    ports = {f"dif.{name}": Port(f"dif.{name}", "", group=group) for name in ("CLK", "HRQ", "IOR_N", "spare")}
    text = guess(Core((Path("x.sv"),), "some", "verilog", core("", without="CLK HRQ").ports | ports))
    told = tomllib.loads(text)
    assert told["clock"] == {"pin": "dif.CLK"}
    assert told["pins"]["hrq"] == "dif.HRQ"
    assert told["pins"]["ior_n"] == "dif.IOR_N"
    assert told["drive"] == {"dif.spare": 0}


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
    read = read_ports([file], None)
    name, ports = read.top, read.ports
    assert name == "Some"
    assert ports["a"] == Port("a", "inout", 3, 0, "std_logic_vector")
    assert ports["hrq"] == Port("hrq", "out", type="std_logic")
    assert ports["d"].indices == list(range(8))
    assert read_ports([file], "some", parameters={"WIDTH": "6"}).ports["a"].width == 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("entity Some is", "entity Other is", "no entity is named 'some'; the files have Other"),
        (
            "inout std_logic_vector",
            "inout rec_t",
            "port 'a' is of type rec_t: a map cannot say that; put the core behind an entity",
        ),
        ("(WIDTH - 1 downto 0)", "(HIGH downto 0)", "its bound 'HIGH' is no number; give the generic"),
        ("(WIDTH - 1 downto 0)", "", "port 'a' has no range"),
        (
            "inout std_logic_vector",
            "inout std_ulogic_vector",
            "port 'a' goes both ways and is of type std_ulogic_vector",
        ),
        ("  port (", "  port (\n    \\x+y\\ : in bit;", "a map has no names between backslashes"),
    ],
)
def test_an_entity_that_no_map_can_say_is_one_line(tmp_path: Path, old: str, new: str, said: str):
    file = tmp_path / "some.vhd"
    file.write_text(VHDL.replace(old, new, 1))
    with pytest.raises(ConformError, match=said):
        read_ports([file], "some")


def test_subtypes_comments_of_two_kinds_and_constants_with_their_package_are_read(tmp_path: Path):
    file = tmp_path / "some.vhd"
    text = VHDL.replace("inout std_logic_vector(WIDTH - 1 downto 0)", "inout /* ; ) */ nibble")
    text = text.replace(
        "entity Some",
        "package sizes is\n  constant HALF : natural := 4;\n  subtype nibble is work.sizes.bits;\n"
        "  subtype bits is std_logic_vector(work.sizes.HALF - 1 downto 0);\nend package;\nentity Some",
        1,
    )
    file.write_text(text)
    assert read_ports([file], "some").ports["a"] == Port("a", "inout", 3, 0, "std_logic_vector")


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


def test_words_of_systemverilog_are_names_in_a_verilog_file(tmp_path: Path):
    file = tmp_path / "old.v"
    file.write_text(
        "module old (bit, do, final);\n  input bit, do;\n  output final;\n  assign final = do;\nendmodule\n"
    )
    read = read_core([file], None)
    assert (list(read.ports), read.standard) == (["bit", "do", "final"], "1364-2005")
    file.write_text("module old (bit, do;\nendmodule\n")
    with pytest.raises(ConformError, match="the core does not parse: %Error"):
        read_core([file], None)


def test_outputs_beside_split_strobes_are_not_taken_to_show_z_for_a_bus_that_goes_both_ways():
    found = pins("IO_RD:in IO_WR:in ADDR:in:4 DMA_ADDR:out:8", without="IOW_N MEMR_N MEMW_N A")
    assert pins("MEMR:out", without="MEMR_N")["memr_n"] == {"out": "MEMR", "oe": "z"}
    assert "oe" not in pins("MEMR:out IOR_I:in ADDR:in:4 DMA_ADDR:out:8", without="MEMR_N A IOW_N")["memr_n"]
    assert found["db"] == "DB"


def test_a_dack_without_a_mark_is_doubted():
    assert 'dack = "DACK"  # active low out of RESET? "!DACK" where it is active high' in guess(core(""))
    assert 'dack = "DACK_N"\n' in guess(core("DACK_N:out:4", without="DACK"))


def test_a_core_that_moves_with_one_edge_has_its_clock_as_fabric(tmp_path):
    file = tmp_path / "x.v"
    for edge, key in (("posedge", "fabric"), ("negedge", "pin")):
        file.write_text(f"always @(posedge CLK) q <= d; always @({edge} CLK) r <= q;")
        one = core("")
        told = tomllib.loads(guess(Core((file,), one.top, one.language, one.ports)))
        assert told["clock"] == {key: "CLK"}


def test_an_interface_inside_a_core_is_none_of_its_ports(tmp_path):
    file = tmp_path / "x.sv"
    file.write_text(
        "interface inner; logic q; modport m(input q); endinterface\n"
        "interface outer(input logic clk); logic hrq; modport m(input clk, output hrq); endinterface\n"
        "module top(outer.m bus); inner own(); assign own.q = bus.clk; assign bus.hrq = own.q; endmodule\n"
    )
    assert set(read_core([file], "top").ports) == {"bus.clk", "bus.hrq"}


#: Strobes, selects and requests of a core whose names have no mark but on RESET, which bears one.
HIGH = """rstn:in PCS:in PRD:in PWR:in BUSREQ:out BUSACK:in MEMRD:out MEMWR:out IORD:out IOWR:out DAOE:out IOWAIT:in
  MEMACK:in"""
OF_THEM = "RESET CS_N IOW_N MEMR_N MEMW_N HRQ HLDA"


def test_strobes_without_a_mark_are_active_high_where_reset_alone_has_one():
    told = tomllib.loads(guess(core(f"{HIGH} DADDR:out:16 DADDR_OE:out", without=f"{OF_THEM} A")))
    assert [told["pins"][pin] for pin in ("reset", "cs_n")] == ["!rstn", "!PCS"]
    assert [told["pins"][pin]["out"] for pin in ("ior_n", "memw_n")] == ["!IORD", "!MEMWR"]
    marked = pins("rstn:in IORD:in", without="RESET")
    assert marked["ior_n"] == {"in": "IORD"}  # CS_N and others bear a mark: it is taken for the data sheet's level


def test_acknowledges_answer_strobes_with_ready_and_the_pin_has_no_line_of_its_own():
    told = tomllib.loads(guess(core(HIGH, without=OF_THEM)))
    assert told["drive"]["IOWAIT"] == "!ready"
    assert told["drive"]["MEMACK"] == "(MEMRD | MEMWR) & ready"
    assert "ready" not in told["pins"]


def test_requests_that_count_up_are_channels_by_their_numbers():
    made = core("AEN:out")
    made.ports["DREQ"] = Port("DREQ", "in", 0, 3)
    assert tomllib.loads(guess(made))["pins"]["dreq"] == ["DREQ[3]", "DREQ[2]", "DREQ[1]", "DREQ[0]"]
