// An 8237A as FPGA cores have it: clock enables, split ports without enables, all sixteen address lines at once.
`include "levels.svh"
package dma_types;
  typedef logic [7:0] byte_t;
endpackage

module fabric_style import dma_types::*; #(parameter int CHANNELS = 1) (
  input  logic clock, cpu_clock_posedge, cpu_clock_negedge, reset_n,
  input  logic chip_select_n, ready, hold_acknowledge,
  input  logic [CHANNELS-1:0] dma_request,
  input  byte_t data_bus_in,
  output byte_t data_bus_out,
  input  logic io_read_n_in, io_write_n_in, end_of_process_in,
  output logic io_read_n_out, io_write_n_out, end_of_process_out,
  input  logic [3:0] address_in,
  output logic [15:0] address_out,
  output logic hold_request,
  output logic [CHANNELS-1:0] dma_acknowledge,
  output logic address_enable, address_strobe, memory_read_n, memory_write_n
);
  byte_t high, db;
  logic ior, ior_e, iow, iow_e, memr, memr_e, memw, memw_e, eop_e;
  isadma_i8237 chip (
    .clk(clock), .rst(1'b0), .clk_rise(cpu_clock_posedge), .clk_fall(cpu_clock_negedge), .reset(~reset_n),
    .cs_n(chip_select_n), .ready, .hlda(hold_acknowledge), .dreq(dma_request), .hrq(hold_request),
    .dack(dma_acknowledge), .aen(address_enable), .adstb(address_strobe), .ior_n_i(io_read_n_in), .ior_n_o(ior),
    .ior_n_oe(ior_e), .iow_n_i(io_write_n_in), .iow_n_o(iow), .iow_n_oe(iow_e), .memr_n_o(memr), .memr_n_oe(memr_e),
    .memw_n_o(memw), .memw_n_oe(memw_e), .eop_n_i(end_of_process_in != `ACTIVE), .eop_n_o(), .eop_n_oe(eop_e),
    .db_i(data_bus_in), .db_o(db), .db_oe(), .a_i(address_in), .a_o(address_out[7:0]), .a_oe());
  assign data_bus_out = db;
  assign end_of_process_out = eop_e ? `ACTIVE : ~`ACTIVE;
  assign io_read_n_out = ior | ~ior_e;
  assign io_write_n_out = iow | ~iow_e;
  assign memory_read_n = memr | ~memr_e;
  assign memory_write_n = memw | ~memw_e;
  always_ff @(posedge clock) if (address_strobe) high <= db;
  assign address_out[15:8] = address_strobe ? db : high;
endmodule
