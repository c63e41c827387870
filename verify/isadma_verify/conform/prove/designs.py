"""The property modules, and what ties a wrapped core to each: a chip's pins, and a board's slots."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Design:
    """
    What a kind of core is held against.

    Parameters
    ----------
    module
        The property module's file.
    top
        The design that joins it to the wrapper, to be formatted.
    rules
        By the names of its labels, in the order of the bits of GIVEN.
    of_floating
        Those that say something of floating, which a solver does not see of a port that tells it by Z.
    """

    module: str
    top: str
    rules: tuple[str, ...]
    of_floating: tuple[str, ...]


#: What every core has to do with HRQ, HLDA and its strobes.
_OF_THE_BUS = (
    "one-dack",
    "strobes-need-the-bus",
    "bus-after-hlda",
    "hrq-waits-for-hlda",
    "hrq-release",
    "strobe-pairs",
    "write-ends-first",
    "address-steady",
)

_CHIP = """
{head}
  reg phase = 0;
  always @(posedge clk) phase <= ~phase;
  (* anyseq *) reg reset, cs_n, ready, hlda, cpu_ior_n, cpu_iow_n, cpu_eop_n;
  (* anyseq *) reg [3:0] dreq, cpu_a;
  (* anyseq *) reg [7:0] world_db;
  wire hrq, aen, adstb, ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe, eop_n_oe;
  wire db_oe, a_oe;
  wire [3:0] dack;
  wire [7:0] db_o, a_o;
  // A core that tells by Z what it drives is taken to do so from half a clock after AEN on.
  reg aen_before = 0;
  always @(posedge clk) aen_before <= aen;
  wire drives = {seen} | aen & aen_before;
  wire ior_e, iow_e, memr_e, memw_e, a_e;
  assign {{ior_n_oe, iow_n_oe, memr_n_oe, memw_n_oe, a_oe}} = {{ior_e, iow_e, memr_e, memw_e, a_e}} & {{5{{drives}}}};
  wire lent = hlda | aen;
  // What the world drives; a core's own strobes do not come back to it.
  wire ior_n = lent | cpu_ior_n;
  wire iow_n = lent | cpu_iow_n;
  {top} dut (.clk(clk), .clk_fall(phase), .clk_rise(~phase), .clk_pin(phase), .reset(reset), .cs_n(cs_n),
    .ready(ready), .hlda(hlda), .dreq(dreq), .ior_n_i(ior_n), .ior_n_world(~lent), .ior_n_o(ior_n_o),
    .ior_n_oe(ior_e), .iow_n_i(iow_n), .iow_n_world(~lent), .iow_n_o(iow_n_o), .iow_n_oe(iow_e),
    .eop_n_i(cpu_eop_n), .eop_n_world(~cpu_eop_n), .eop_n_oe(eop_n_oe), .db_i(world_db),
    .db_world(~cs_n & ~iow_n | lent & ~db_oe), .db_o(db_o), .db_oe(db_oe), .a_i(cpu_a), .a_world(~lent), .a_o(a_o),
    .a_oe(a_e), .hrq(hrq), .dack(dack), .aen(aen), .adstb(adstb), .memr_n_o(memr_n_o), .memr_n_oe(memr_e),
    .memw_n_o(memw_n_o), .memw_n_oe(memw_e), .ah());
  i8237_rules #(.CHIP(1), .FLOATS({floats}), .GIVEN(10'd{given}), .REFUTED(10'd{refuted})) rules (
    .clk(clk), .half(phase), .reset(reset),
    .cs_n(cs_n), .ready(ready), .hlda(hlda), .dreq(dreq), .dack(dack), .hrq(hrq), .aen(aen), .adstb(adstb),
    .ior_n_i(ior_n), .iow_n_i(iow_n), .eop_n_i(cpu_eop_n), .ior_n_o(ior_n_o), .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o),
    .iow_n_oe(iow_n_oe), .memr_n_o(memr_n_o), .memr_n_oe(memr_n_oe), .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe),
    .a_oe(a_oe), .db_oe(db_oe), .a_i(cpu_a), .db_i(world_db), .a_o(a_o));
endmodule
"""

_BOARD = """
{head}
  reg phase = 0;
  always @(posedge clk) phase <= ~phase;
  (* anyseq *) reg reset, hlda, iochrdy, cpu_ior_n, cpu_iow_n;
  (* anyseq *) reg [7:0] drq;
  (* anyseq *) reg [23:0] cpu_a;
  (* anyseq *) reg [15:0] world_d;
  wire hrq, aen, tc, refresh_n, ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe;
  wire d_oe, a_oe;
  wire [7:0] dack_n;
  wire [15:0] d_o;
  wire [23:0] a_o;
  // A core that tells by Z what it drives is taken to do so from half a clock after AEN on.
  reg aen_before = 0;
  always @(posedge clk) aen_before <= aen;
  wire drives = {seen} | aen & aen_before;
  wire ior_e, iow_e, memr_e, memw_e, a_e;
  assign {{ior_n_oe, iow_n_oe, memr_n_oe, memw_n_oe, a_oe}} = {{ior_e, iow_e, memr_e, memw_e, a_e}} & {{5{{drives}}}};
  wire lent = hlda | aen;
  // What the world drives; the board's own strobes do not come back to it.
  wire ior_n = lent | cpu_ior_n;
  wire iow_n = lent | cpu_iow_n;
  {top} dut (.clk(clk), .clk_fall(phase), .clk_rise(~phase), .clk_pin(phase), .reset(reset), .hlda(hlda), .out1(1'b0),
    .isa_drq(drq), .isa_iochrdy(iochrdy), .isa_master_n(1'b1), .isa_a_i(cpu_a), .isa_a_world(~lent), .isa_a_o(a_o),
    .isa_a_oe(a_e), .isa_sbhe_n_i(1'b1), .isa_sbhe_n_world(~lent), .isa_sbhe_n_o(), .isa_sbhe_n_oe(),
    .isa_d_i(world_d), .isa_d_world(~lent & ~iow_n | lent & ~d_oe), .isa_d_o(d_o), .isa_d_oe(d_oe),
    .isa_ior_n_i(ior_n), .isa_ior_n_world(~lent), .isa_ior_n_o(ior_n_o), .isa_ior_n_oe(ior_e),
    .isa_iow_n_i(iow_n), .isa_iow_n_world(~lent), .isa_iow_n_o(iow_n_o), .isa_iow_n_oe(iow_e),
    .isa_memr_n_i(1'b1), .isa_memr_n_world(~lent), .isa_memr_n_o(memr_n_o), .isa_memr_n_oe(memr_e),
    .isa_memw_n_i(1'b1), .isa_memw_n_world(~lent), .isa_memw_n_o(memw_n_o), .isa_memw_n_oe(memw_e),
    .hrq(hrq), .isa_aen(aen), .isa_dack_n(dack_n), .isa_tc(tc), .isa_refresh_n(refresh_n));
  isa_rules #(.CHIP(1), .FLOATS({floats}), .XT({xt}), .GIVEN(11'd{given}), .REFUTED(11'd{refuted})) rules (
    .clk(clk), .half(phase), .reset(reset),
    .hlda(hlda), .hrq(hrq), .aen(aen), .tc(tc), .refresh_n(refresh_n), .drq(drq), .dack_n(dack_n), .iochrdy(iochrdy),
    .ior_n_i(ior_n), .iow_n_i(iow_n), .ior_n_o(ior_n_o), .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o), .iow_n_oe(iow_n_oe),
    .memr_n_o(memr_n_o), .memr_n_oe(memr_n_oe), .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe), .a_oe(a_oe), .d_oe(d_oe),
    .a_i(cpu_a[9:0]), .d_i(world_d[7:0]), .a_o(a_o[15:0]));
endmodule
"""

_BOARDS = Design("isa_rules.sv", _BOARD, (*_OF_THE_BUS, "tc-with-aen", "off-the-bus", "bus-floats"), ("bus-floats",))

#: By the kind of core.
DESIGNS: Mapping[str, Design] = {
    "chip": Design(
        "i8237_rules.sv",
        _CHIP,
        (*_OF_THE_BUS, "bus-floats", "adstb-with-data"),
        ("bus-floats", "adstb-with-data"),
    ),
    "at": _BOARDS,
    "xt": _BOARDS,
}
