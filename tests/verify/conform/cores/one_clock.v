// An 8237A whose clock is one state, in Verilog to which `do` is a name, without AEN: one enable for all that it drives, and an address bus for the CPU.
module one_clock (
  input phi, input clear, input sel, input wait_n, input hold_ack, input DRQ0, input DRQ1, input DRQ2, input DRQ3,
  output hold, output [3:0] ack, output latch, output bus_oe, input [7:0] cpu_a, output [7:0] dma_a,
  input [7:0] din, output [7:0] do, output dout_oe_n, input rd, input wr, output rd_o, output wr_o, output mrd,
  output mwr, input tc_in, output tc_out, input scan);
  wire ior, iow, memr, memw, db_e;
  isadma_i8237 chip (.clk(phi), .rst(scan), .clk_rise(1'b1), .clk_fall(1'b1), .reset(clear), .cs_n(~sel),
    .ready(wait_n), .hlda(hold_ack), .dreq({DRQ3, DRQ2, DRQ1, DRQ0}), .hrq(hold), .dack(ack), .aen(), .adstb(latch),
    .ior_n_i(~rd), .ior_n_o(ior), .ior_n_oe(), .iow_n_i(~wr), .iow_n_o(iow), .iow_n_oe(), .memr_n_o(memr),
    .memr_n_oe(), .memw_n_o(memw), .memw_n_oe(), .eop_n_i(~tc_in), .eop_n_o(), .eop_n_oe(tc_out), .db_i(din),
    .db_o(do), .db_oe(db_e), .a_i(cpu_a[3:0]), .a_o(dma_a), .a_oe(bus_oe));
  assign {rd_o, wr_o, mrd, mwr, dout_oe_n} = ~{ior, iow, memr, memw, db_e};
endmodule
