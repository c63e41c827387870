// A PC/XT board in another style: the slot's own widths, a line for each channel, one three-state bus of bytes.
module xt_slot (
  input osc, ce, RESET_DRV, HOLDA, OUT1, output HOLD, input DRQ1, DRQ2, DRQ3, output DACK0_n, DACK1_n, DACK2_n, DACK3_n,
  output AEN, TC, input IO_CH_RDY, inout [19:0] SA, inout [7:0] SD, inout IOR_n, IOW_n, output MEMR_n, MEMW_n);
  wire [23:0] a;
  wire [15:0] d;
  wire [7:0] dack_n;
  wire drives, answers, ior, iow, memr, memw;
  isadma_xt board (.clk(osc), .rst(1'b0), .clk_rise(1'b1), .clk_fall(1'b1), .reset(RESET_DRV), .hrq(HOLD), .hlda(HOLDA),
    .out1(OUT1), .isa_drq({4'b0000, DRQ3, DRQ2, DRQ1, 1'b0}), .isa_dack_n(dack_n), .isa_aen(AEN), .isa_tc(TC),
    .isa_refresh_n(), .isa_iochrdy(IO_CH_RDY), .isa_master_n(1'b1), .isa_a_i({4'h0, SA}), .isa_a_o(a),
    .isa_a_oe(drives), .isa_sbhe_n_i(1'b1), .isa_sbhe_n_o(), .isa_sbhe_n_oe(), .isa_d_i({8'h00, SD}), .isa_d_o(d),
    .isa_d_oe(answers), .isa_ior_n_i(IOR_n !== 1'b0), .isa_ior_n_o(ior), .isa_ior_n_oe(), .isa_iow_n_i(IOW_n !== 1'b0),
    .isa_iow_n_o(iow), .isa_iow_n_oe(), .isa_memr_n_i(1'b1), .isa_memr_n_o(memr), .isa_memr_n_oe(),
    .isa_memw_n_i(1'b1), .isa_memw_n_o(memw), .isa_memw_n_oe());
  assign SA = drives ? a[19:0] : 20'bz;
  assign SD = answers ? d[7:0] : 8'bz;
  assign {IOR_n, IOW_n, MEMR_n, MEMW_n} = drives ? {ior, iow, memr, memw} : 4'bz;
  assign {DACK3_n, DACK2_n, DACK1_n, DACK0_n} = dack_n[3:0];
endmodule
