// The rules at the slots of a PC/AT's or PC/XT's DMA board as properties, beside those of bus_rules.sv.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 and 3; IBM PC AT Technical Reference, "I/O Channel" (AEN,
// TC, DACK#); Ralf Brown's port list.
//
// CHIP = 1 asserts what the board owes and assumes what the world owes; CHIP = 0 is the other way around. Nobody asks for
// a refresh, and no card takes the bus over with MASTER#. XT = 1: channel 0 is refresh, its DACK# REFRESH#, and there are
// no channels from 4 on. The other parameters as in bus_rules.sv; two bits more.
module isa_rules #(
  parameter CHIP = 1, parameter FLOATS = 1, parameter XT = 0, parameter [10:0] GIVEN = 11'd0, REFUTED = 11'd0
) (
`ifdef EVERY_STEP
  (* gclk *)
`endif
  input        clk,
  input        reset, hlda, hrq, aen, tc, refresh_n,
  input [7:0]  dack_n,
  input        ior_n_i, iow_n_i,
  input        ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe, a_oe,
  input [9:0]  a_i,
  input [7:0]  d_i,
  input [15:0] a_o
);
  wire [7:0] dack = ~dack_n;
  reg  [7:0] dack_before = 0;
  reg        started = 0;
  always @(posedge clk) begin
    dack_before <= dack;
    started <= 1;
  end
  // The command registers and Master Clear of DMA 1 and 2; the polarities in a command are what the board is wired for.
  wire command = (a_i[9:5] == 5'd0 & a_i[3:0] == 4'h8) | a_i[9:1] == 9'h068;
  wire clearing = ((a_i[9:5] == 5'd0 & a_i[3:0] == 4'hd) | a_i[9:1] == 9'h06d) & ~iow_n_i;
  wire begun;
  bus_rules #(.CHIP(CHIP), .FLOATS(FLOATS), .GIVEN(GIVEN[8:0]), .REFUTED(REFUTED[8:0])) bus (.clk(clk), .reset(reset),
    .hlda(hlda), .hrq(hrq), .aen(aen), .ior_n_i(ior_n_i), .iow_n_i(iow_n_i),
    .ior_n_o(ior_n_o), .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o), .iow_n_oe(iow_n_oe), .memr_n_o(memr_n_o),
    .memr_n_oe(memr_n_oe), .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe), .a_oe(a_oe),
    .a_o(a_o), .one_dack_at_most((dack & (dack - 8'd1)) == 8'd0), .dack_begins(|(dack & ~dack_before)),
    .selected(1'b1), .clearing(clearing), .begun(begun));

  always @(posedge clk) begin
    if (started) begin
      // The address holds from a clock before a strobe to one after it, data to one after it.
      `OWES_WORLD(world_address_holds, ior_n_i & iow_n_i & $past(ior_n_i & iow_n_i) | a_i == $past(a_i))
      `OWES_WORLD(world_data_holds, $past(iow_n_i) | iow_n_i == $past(iow_n_i) | d_i == $past(d_i))
      `OWES_WORLD(world_leaves_polarities, $past(iow_n_i) & iow_n_i | ~command | d_i[7:6] == 2'd0)
    end
    if (begun) begin
      `OWES_CORE(tc_with_aen, 9, ~tc | aen)
      `OWES_CORE(off_the_bus, 10, XT != 0 | dack_n[4] & refresh_n)
    end
  end
endmodule
