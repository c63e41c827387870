// A PC/AT board in another style: one three-state data bus, latched and unlatched address lines, one enable for all.
module slot_board (
  input osc, input ce_pos, input ce_neg, input SYSRESET, output CPUHRQ, input CPUHLDA, input DRQ0, DRQ1, DRQ2, DRQ3,
  input DRQ5, DRQ6, DRQ7, output DACK0_n, DACK1_n, DACK2_n, DACK3_n, DACK5_n, DACK6_n, DACK7_n, output AEN, output TC,
  input CHRDY, input [19:0] SA_in, input [23:20] LA_in, output [15:0] low, output [7:0] page, output bus_dir_n,
  output SBHE_n, inout [15:0] SD, input XIOR, output XIOR_out, input XIOW, output XIOW_out, output XMEMR, XMEMW);
  wire a_e, d_e;
  wire [7:0] dack_n;
  wire [15:0] d;
  wire ior, iow, memr, memw;
  isadma_at board (.clk(osc), .rst(1'b0), .clk_rise(ce_pos), .clk_fall(ce_neg), .reset(SYSRESET), .hrq(CPUHRQ),
    .hlda(CPUHLDA), .out1(1'b0), .isa_drq({DRQ7, DRQ6, DRQ5, 1'b0, DRQ3, DRQ2, DRQ1, DRQ0}), .isa_dack_n(dack_n),
    .isa_aen(AEN), .isa_tc(TC), .isa_refresh_n(), .isa_iochrdy(CHRDY), .isa_master_n(1'b1),
    .isa_a_i({LA_in, SA_in}), .isa_a_o({page, low}), .isa_a_oe(a_e), .isa_sbhe_n_i(1'b1), .isa_sbhe_n_o(SBHE_n),
    .isa_sbhe_n_oe(), .isa_d_i(SD), .isa_d_o(d), .isa_d_oe(d_e), .isa_ior_n_i(~XIOR), .isa_ior_n_o(ior),
    .isa_ior_n_oe(), .isa_iow_n_i(~XIOW), .isa_iow_n_o(iow), .isa_iow_n_oe(), .isa_memr_n_i(1'b1),
    .isa_memr_n_o(memr), .isa_memr_n_oe(), .isa_memw_n_i(1'b1), .isa_memw_n_o(memw), .isa_memw_n_oe());
  assign {bus_dir_n, XIOR_out, XIOW_out, XMEMR, XMEMW} = ~{a_e, ior, iow, memr, memw};
  assign {DACK7_n, DACK6_n, DACK5_n} = dack_n[7:5];
  assign {DACK3_n, DACK2_n, DACK1_n, DACK0_n} = dack_n[3:0];
  assign SD = d_e ? d : 16'bz;
endmodule
