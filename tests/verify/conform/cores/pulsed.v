// An 8237A behind a register bus of its own: a write is one clock of `write`, longer ones write again, answers come a
// clock later, and who gets the bus is an arbiter's outside, to which `wants` goes and from which `gets` comes.
module pulsed (clk, cpu_clock, rst_n, address, write, writedata, read, readdata, wants, gets, drives,
  ch0_req, ch1_req, ch2_req, ch3_req, \ack[0] , \ack[1] , \ack[2] , \ack[3] , bus_address, page, latch, moving, byte_in,
  byte_out, io_read, io_write, mem_read, mem_write, mem_busy, eop_in, eop_out);
  input        clk, cpu_clock, rst_n, write, read, gets, ch0_req, ch1_req, ch2_req, ch3_req, mem_busy, eop_in;
  input  [3:0] address;
  input  [7:0] writedata, byte_in;
  output [7:0] readdata, bus_address, page, byte_out;
  output       wants, drives, latch, moving, io_read, io_write, mem_read, mem_write, eop_out;
  output       \ack[0] , \ack[1] , \ack[2] , \ack[3] ;
  reg again, reads, was;
  wire [7:0] db;
  wire [3:0] dack;
  wire ior, iow, memr, memw, eop, db_e;
  // Held for longer, it is written every other clock.
  wire now = write & ~again;
  always @(posedge clk) begin
    again <= now;
    was <= cpu_clock;
  end
  isadma_i8237 chip (.clk(clk), .rst(1'b0), .clk_rise(~was & cpu_clock), .clk_fall(was & ~cpu_clock), .reset(~rst_n),
    .cs_n(1'b0), .ready(~mem_busy), .hlda(gets), .dreq({ch3_req, ch2_req, ch1_req, ch0_req}), .hrq(wants), .dack(dack),
    .aen(moving), .adstb(latch), .ior_n_i(~read), .ior_n_o(ior), .ior_n_oe(drives), .iow_n_i(~now), .iow_n_o(iow),
    .iow_n_oe(), .memr_n_o(memr), .memr_n_oe(), .memw_n_o(memw), .memw_n_oe(), .eop_n_i(~eop_in), .eop_n_o(),
    .eop_n_oe(eop), .db_i(moving ? byte_in : writedata), .db_o(db), .db_oe(db_e), .a_i(address), .a_o(bus_address),
    .a_oe());
  assign readdata = db;
  assign page = db;
  assign byte_out = db;
  assign {\ack[3] , \ack[2] , \ack[1] , \ack[0] } = ~dack;
  assign {mem_read, mem_write, io_read, io_write} = ~{memr, memw, ior, iow};
  assign eop_out = eop;
endmodule
