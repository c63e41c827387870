// The rules at an 8237A's pins as properties, beside those of bus_rules.sv: the chip's, and those of the world around it.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2, 3, 7, 9 and 13, figures 9 to 11.
//
// CHIP = 1 asserts what the chip owes and assumes what the world owes: instantiate it beside a chip to prove that.
// CHIP = 0 is for who builds the processor's side or a device. Parameters as in bus_rules.sv; one bit more.
module i8237_rules #(parameter CHIP = 1, parameter FLOATS = 1, parameter [9:0] GIVEN = 10'd0, REFUTED = 10'd0) (
`ifdef EVERY_STEP
  (* gclk *)
`endif
  input       clk,
  input       reset, cs_n, hlda,
  input [3:0] dack,
  input       hrq, aen, adstb, ior_n_i, iow_n_i,
  input       ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe,
  input       a_oe, db_oe,
  input [3:0] a_i,
  input [7:0] a_o, db_i
);
  // DACK's polarity is the command register's: what is the rarer level is the active one, and which begins is not known.
  wire [2:0] ones = dack[0] + dack[1] + dack[2] + dack[3];
  wire begun;
  bus_rules #(.CHIP(CHIP), .FLOATS(FLOATS), .GIVEN(GIVEN[8:0]), .REFUTED(REFUTED[8:0])) bus (.clk(clk), .reset(reset),
    .hlda(hlda), .hrq(hrq), .aen(aen), .ior_n_i(ior_n_i), .iow_n_i(iow_n_i),
    .ior_n_o(ior_n_o), .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o), .iow_n_oe(iow_n_oe), .memr_n_o(memr_n_o),
    .memr_n_oe(memr_n_oe), .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe), .a_oe(a_oe),
    .a_o({8'd0, a_o}), .one_dack_at_most(ones != 3'd2), .dack_begins(1'b0), .selected(~cs_n),
    .clearing(~cs_n & ~iow_n_i & a_i == 4'hd), .begun(begun));

  reg started = 0;
  always @(posedge clk) started <= 1;
  always @(posedge clk) begin
    if (started) begin
      // CS# and address hold from a clock before a strobe to one after it, data to one after it.
      `OWES_WORLD(world_address_holds,
        ior_n_i & iow_n_i & $past(ior_n_i & iow_n_i) | cs_n == $past(cs_n) & a_i == $past(a_i))
      `OWES_WORLD(world_data_holds, $past(cs_n | iow_n_i) | iow_n_i == $past(iow_n_i) | db_i == $past(db_i))
    end
    if (begun && FLOATS != 0) begin
      `OWES_CORE(adstb_with_data, 9, ~adstb | (aen & db_oe))
    end
  end
endmodule
