"""The property modules, and what ties a wrapped core to each: a chip's pins, and a board's slots."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The property module of what all cores owe on the bus, which the other modules have in them.
BUS = "bus_rules.sv"


@dataclass(frozen=True)
class Design:
    """
    What a kind of core is held against.

    Parameters
    ----------
    module
        The property module's file, beside `BUS`.
    top
        The design that joins it to the wrapper, to be formatted.
    rules
        By the names of its labels, in the order of the bits of GIVEN and REFUTED.
    of_floating
        Those that say something of floating, which a solver does not see of a port that tells it by Z.
    """

    module: str
    top: str
    rules: tuple[str, ...]
    of_floating: tuple[str, ...]


#: The rules of `BUS`.
_OF_THE_BUS = (
    "one-dack",
    "strobes-need-the-bus",
    "bus-after-hlda",
    "hrq-waits-for-hlda",
    "hrq-release",
    "strobe-pairs",
    "write-ends-first",
    "address-steady",
    "bus-floats",
)

_HEAD = """
{head}
  reg phase = 0;
  always @(posedge clk) phase <= ~phase;
  (* anyseq *) reg reset, hlda, ready, cpu_ior_n, cpu_iow_n;
  wire hrq, aen, ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe, a_oe;
  // A core that tells by Z what it drives is taken to do so from half a clock after AEN on.
  reg aen_before = 0;
  always @(posedge clk) aen_before <= aen;
  wire drives = {seen} | aen & aen_before;
  wire ior_e, iow_e, memr_e, memw_e, a_e;
  assign {{ior_n_oe, iow_n_oe, memr_n_oe, memw_n_oe, a_oe}} = {{ior_e, iow_e, memr_e, memw_e, a_e}} & {{5{{drives}}}};
  // What the world drives; a core's own strobes do not come back to it.
  wire lent = hlda | aen;
  wire ior_n = lent | cpu_ior_n;
  wire iow_n = lent | cpu_iow_n;
"""

#: What the rules see of every core.
_SEEN = """\
.clk(clk), .reset(reset), .hlda(hlda), .hrq(hrq), .aen(aen), .ior_n_i(ior_n), .iow_n_i(iow_n), .ior_n_o(ior_n_o),
    .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o), .iow_n_oe(iow_n_oe), .memr_n_o(memr_n_o), .memr_n_oe(memr_n_oe),
    .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe), .a_oe(a_oe)"""

_CHIP = f"""{_HEAD}
  (* anyseq *) reg cs_n, cpu_eop_n;
  (* anyseq *) reg [3:0] dreq, cpu_a;
  (* anyseq *) reg [7:0] world_db;
  wire adstb, eop_n_oe, db_oe;
  wire [3:0] dack;
  wire [7:0] db_o, a_o;
  {{top}} dut (.clk(clk), .clk_fall(phase), .clk_rise(~phase), .clk_pin(phase), .reset(reset), .cs_n(cs_n),
    .ready(ready), .hlda(hlda), .dreq(dreq), .ior_n_i(ior_n), .ior_n_world(~lent), .ior_n_o(ior_n_o),
    .ior_n_oe(ior_e), .iow_n_i(iow_n), .iow_n_world(~lent), .iow_n_o(iow_n_o), .iow_n_oe(iow_e),
    .eop_n_i(cpu_eop_n), .eop_n_world(~cpu_eop_n), .eop_n_oe(eop_n_oe), .db_i(world_db),
    .db_world(~cs_n & ~iow_n | lent & ~db_oe), .db_o(db_o), .db_oe(db_oe), .a_i(cpu_a), .a_world(~lent), .a_o(a_o),
    .a_oe(a_e), .hrq(hrq), .dack(dack), .aen(aen), .adstb(adstb), .memr_n_o(memr_n_o), .memr_n_oe(memr_e),
    .memw_n_o(memw_n_o), .memw_n_oe(memw_e), .ah());
  i8237_rules #(.CHIP(1), .FLOATS({{floats}}), .GIVEN(10'd{{given}}), .REFUTED(10'd{{refuted}})) rules (
    {_SEEN},
    .cs_n(cs_n), .dack(dack), .adstb(adstb), .db_oe(db_oe), .a_i(cpu_a), .db_i(world_db), .a_o(a_o));
endmodule
"""

_BOARD = f"""{_HEAD}
  (* anyseq *) reg [7:0] drq;
  (* anyseq *) reg [23:0] cpu_a;
  (* anyseq *) reg [15:0] world_d;
  wire tc, refresh_n, d_oe;
  wire [7:0] dack_n;
  wire [15:0] d_o;
  wire [23:0] a_o;
  {{top}} dut (.clk(clk), .clk_fall(phase), .clk_rise(~phase), .clk_pin(phase), .reset(reset), .hlda(hlda), .out1(1'b0),
    .isa_drq(drq), .isa_iochrdy(ready), .isa_master_n(1'b1), .isa_a_i(cpu_a), .isa_a_world(~lent), .isa_a_o(a_o),
    .isa_a_oe(a_e), .isa_sbhe_n_i(1'b1), .isa_sbhe_n_world(~lent), .isa_sbhe_n_o(), .isa_sbhe_n_oe(),
    .isa_d_i(world_d), .isa_d_world(~lent & ~iow_n | lent & ~d_oe), .isa_d_o(d_o), .isa_d_oe(d_oe),
    .isa_ior_n_i(ior_n), .isa_ior_n_world(~lent), .isa_ior_n_o(ior_n_o), .isa_ior_n_oe(ior_e),
    .isa_iow_n_i(iow_n), .isa_iow_n_world(~lent), .isa_iow_n_o(iow_n_o), .isa_iow_n_oe(iow_e),
    .isa_memr_n_i(1'b1), .isa_memr_n_world(~lent), .isa_memr_n_o(memr_n_o), .isa_memr_n_oe(memr_e),
    .isa_memw_n_i(1'b1), .isa_memw_n_world(~lent), .isa_memw_n_o(memw_n_o), .isa_memw_n_oe(memw_e),
    .hrq(hrq), .isa_aen(aen), .isa_dack_n(dack_n), .isa_tc(tc), .isa_refresh_n(refresh_n));
  isa_rules #(.CHIP(1), .FLOATS({{floats}}), .XT({{xt}}), .GIVEN(11'd{{given}}), .REFUTED(11'd{{refuted}})) rules (
    {_SEEN},
    .tc(tc), .refresh_n(refresh_n), .dack_n(dack_n), .a_i(cpu_a[9:0]), .d_i(world_d[7:0]), .a_o(a_o[15:0]));
endmodule
"""

_BOARDS = Design("isa_rules.sv", _BOARD, (*_OF_THE_BUS, "tc-with-aen", "off-the-bus"), ("bus-floats",))

#: By the kind of core.
DESIGNS: Mapping[str, Design] = {
    "chip": Design("i8237_rules.sv", _CHIP, (*_OF_THE_BUS, "adstb-with-data"), ("bus-floats", "adstb-with-data")),
    "at": _BOARDS,
    "xt": _BOARDS,
}
