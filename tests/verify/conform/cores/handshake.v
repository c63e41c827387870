`timescale 1 us / 100 ns
// An 8237A as part of a system on chip: register ports, a memory master, a request for each device, and no pins.
module handshake (clk, rst_n, slave_address, slave_read, slave_readdata, slave_write, slave_writedata,
  avm_address, avm_waitrequest, avm_read, avm_write, avm_writedata, avm_drives, latched, latch,
  dma_memory_req, dma_floppy_req, dma_sound_req, dma_disk_req, dma_memory_ack, dma_floppy_ack, dma_sound_ack,
  dma_disk_ack, terminal, abort, io_read, io_write, bus_req, bus_ack, copied, scan, id);
  input             clk, rst_n, slave_read, slave_write, avm_waitrequest, bus_ack, abort, scan;
  input      [15:0] slave_address;
  input       [7:0] slave_writedata, copied;
  output      [7:0] slave_readdata, avm_writedata, latched;
  output     [31:0] avm_address;
  output            avm_read, avm_write, avm_drives, latch, io_read, io_write, bus_req;
  input             dma_memory_req, dma_floppy_req, dma_sound_req, dma_disk_req;
  output            dma_memory_ack, dma_floppy_ack, dma_sound_ack, dma_disk_ack;
  output      [3:0] terminal;
  output real       id;
  reg [7:0] page;
  wire [7:0] db, low;
  wire ior, iow, memr, memw, eop, db_e, aen;
  wire [3:0] dack;
  wire reading = slave_read & slave_address[15:4] == 12'h000;
  wire writing = slave_write & slave_address[15:4] == 12'h000;
  isadma_i8237 chip (.clk(clk), .rst(scan), .clk_rise(1'b1), .clk_fall(1'b1), .reset(~rst_n),
    .cs_n(slave_address[15:4] != 12'h000), .ready(~avm_waitrequest), .hlda(bus_ack),
    .dreq({dma_disk_req, dma_floppy_req, dma_sound_req, dma_memory_req}), .hrq(bus_req), .dack(dack), .aen(aen),
    .adstb(latch), .ior_n_i(~slave_read), .ior_n_o(ior), .ior_n_oe(), .iow_n_i(~slave_write), .iow_n_o(iow),
    .iow_n_oe(), .memr_n_o(memr), .memr_n_oe(), .memw_n_o(memw), .memw_n_oe(), .eop_n_i(~abort), .eop_n_o(),
    .eop_n_oe(eop), .db_i(slave_write ? slave_writedata : copied), .db_o(db), .db_oe(db_e), .a_i(slave_address[3:0]),
    .a_o(low), .a_oe(avm_drives));
  always @(posedge clk) if (latch) page <= db;
  assign latched = latch ? db : 8'h00;
  assign slave_readdata = reading ? db : 8'hEE;
  assign avm_writedata = latch ? 8'h77 : db;
  assign avm_address = {16'h0000, latch ? db : page, low};
  assign {dma_disk_ack, dma_floppy_ack, dma_sound_ack, dma_memory_ack} = ~dack;
  assign {avm_read, avm_write, io_read, io_write} = ~{memr, memw, ior, iow};
  assign terminal = {4{eop}} & (~dack | {4{&dack}});
endmodule
`default_nettype none
