// An 8237A whose ports are members: an interface with a modport, packed structures, an array, a package beside.
`default_nettype none
package bus_types;
  typedef struct packed {
    logic       hlda;
    logic [3:0] adr;
    logic       sel;
  } cpu_t;
  typedef struct packed {
    logic [3:0] ack;
    logic       hold, enable;
  } answer_t;
endpackage

interface isa_side (input wire clk, input wire rst);
  logic       ready, rd_i, wr_i, rd_o, wr_o, mrd, mwr, stop_i, stop_o;
  logic [7:0] to_chip, from_chip, low;
  logic       strobe, data_e, bus_e, unused;
  modport chip (input clk, rst, ready, rd_i, wr_i, stop_i, to_chip,
    output rd_o, wr_o, mrd, mwr, stop_o, from_chip, low, strobe, data_e, bus_e);
endinterface

module members import bus_types::*; #(parameter bit LOW = 0) (
  isa_side.chip bus, input cpu_t cpu, input wire logic want [3:0], output answer_t say, output int spare [0:1]);
  wire eop_e, ior, iow, memr, memw;
  assign spare = '{0, 1};
  isadma_i8237 core (.clk(bus.clk), .rst(1'b0), .clk_rise(1'b1), .clk_fall(1'b1), .reset(bus.rst ^ LOW), .cs_n(~cpu.sel),
    .ready(bus.ready), .hlda(cpu.hlda), .dreq({want[3], want[2], want[1], want[0]}), .hrq(say.hold), .dack(say.ack),
    .aen(say.enable), .adstb(bus.strobe), .ior_n_i(~bus.rd_i), .ior_n_o(ior), .ior_n_oe(), .iow_n_i(~bus.wr_i),
    .iow_n_o(iow), .iow_n_oe(), .memr_n_o(memr), .memr_n_oe(), .memw_n_o(memw), .memw_n_oe(), .eop_n_i(~bus.stop_i),
    .eop_n_o(), .eop_n_oe(bus.stop_o), .db_i(bus.to_chip), .db_o(bus.from_chip), .db_oe(bus.data_e), .a_i(cpu.adr),
    .a_o(bus.low), .a_oe(bus.bus_e));
  assign {bus.rd_o, bus.wr_o, bus.mrd, bus.mwr} = ~{ior, iow, memr, memw};
endmodule
