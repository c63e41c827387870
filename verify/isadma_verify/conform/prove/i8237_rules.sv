// The rules at an 8237A's pins as properties: the chip's, and those of the world around it.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6, 13 and 19, figures 11 to 15.
//
// CHIP = 1 asserts what the chip owes and assumes what the world owes: instantiate it beside a chip to prove that.
// CHIP = 0 is the other way around, for who builds the processor's side or a device.
// One clock here is a half of a state; `half` is CLK's level in it. Only what open Yosys reads: assert, assume and
// cover in a clocked process, with $past. Each label is a rule of `isadma conform`. REFUTED has a bit for each rule of
// the chip that is asserted no more; those in GIVEN are taken as kept in its place: what breaks then is no consequence.
// With EVERY_STEP defined, clk is the solver's own step, for a core that is clocked by CLK's edges.
`define OWES_CHIP(rule, number, holds) \
  if (CHIP != 0 && !REFUTED[number]) begin rule: assert (holds); end \
  else if (CHIP == 0 || GIVEN[number]) begin rule``_given: assume (holds); end
`define OWES_WORLD(rule, holds) \
  if (CHIP != 0) begin rule: assume (holds); end else begin rule``_owed: assert (holds); end

module i8237_rules #(parameter CHIP = 1, parameter FLOATS = 1, parameter [9:0] GIVEN = 10'd0, REFUTED = 10'd0) (
`ifdef EVERY_STEP
  (* gclk *)
`endif
  input       clk,
  input       half, reset, cs_n, ready, hlda,
  input [3:0] dreq, dack,
  input       hrq, aen, adstb,
  input       ior_n_i, iow_n_i, eop_n_i,
  input       ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe,
  input       a_oe, db_oe,
  input [3:0] a_i,
  input [7:0] a_o, db_i
);
  // What the chip itself holds low.
  wire ior = ior_n_oe & ~ior_n_o, iow = iow_n_oe & ~iow_n_o, memr = memr_n_oe & ~memr_n_o, memw = memw_n_oe & ~memw_n_o;
  wire any = ior | iow | memr | memw;
  // DACK's polarity is the command register's: what is the rarer level is the active one.
  wire [2:0] ones = dack[0] + dack[1] + dack[2] + dack[3];
  // Master Clear does what RESET does.
  wire clearing = ~cs_n & ~iow_n_i & a_i == 4'hd;
  wire accessing = ~cs_n & (~ior_n_i | ~iow_n_i) & ~hlda & ~aen;

  reg [2:0] age = 0;        // clocks since the start: RESET is on in the first three
  reg [2:0] rested = 0;     // clocks since the processor's last access
  reg [2:0] cleared = 7;    // clocks since its last Master Clear
  wire      begun = age == 3'd7;
  always @(posedge clk) begin
    if (age != 3'd7) age <= age + 3'd1;
    rested <= accessing ? 3'd0 : rested == 3'd7 ? 3'd7 : rested + 3'd1;
    cleared <= clearing ? 3'd0 : cleared == 3'd7 ? 3'd7 : cleared + 3'd1;
  end

  always @(posedge clk) begin
    // RESET comes first, for two states, and then no more here.
    `OWES_WORLD(world_reset, reset == (age < 3'd4))
    // The processor keeps off while it has lent the bus, and does one thing at a time.
    `OWES_WORLD(world_keeps_off, ~(hlda | aen) | (ior_n_i | ior_n_oe) & (iow_n_i | iow_n_oe))
    `OWES_WORLD(world_one_strobe, ior_n_i | iow_n_i | hlda | aen)
    if (age > 3'd0) begin
      // CS# and address hold from a clock before a strobe to one after it, data to one after it.
      `OWES_WORLD(world_address_holds,
        ior_n_i & iow_n_i & $past(ior_n_i & iow_n_i) | cs_n == $past(cs_n) & a_i == $past(a_i))
      `OWES_WORLD(world_data_holds, $past(cs_n | iow_n_i) | iow_n_i == $past(iow_n_i) | db_i == $past(db_i))
      // HLDA answers HRQ, and only that; an access is over for a while before it comes.
      `OWES_WORLD(world_hlda_follows, hlda == $past(hlda) | hlda == $past(hrq))
      `OWES_WORLD(world_hlda_stays, ~($past(hlda) & $past(hrq)) | hlda)
      `OWES_WORLD(world_hlda_settled, ~(hlda & ~$past(hlda)) | rested > 3'd4)
    end
    if (age == 3'd0) begin
      `OWES_WORLD(world_idle, ~hlda & ior_n_i & iow_n_i)
    end

    if (begun) begin
      `OWES_CHIP(one_dack, 0, ones == 3'd0 | ones == 3'd1 | ones == 3'd3 | ones == 3'd4)
      `OWES_CHIP(strobes_need_the_bus, 1, ~any | (hlda & hrq))
      `OWES_CHIP(bus_after_hlda, 2, ~(aen & ~$past(aen)) | ($past(hlda) & $past(hrq)))
      `OWES_CHIP(hrq_waits_for_hlda, 3, ~($past(hrq) & ~hrq) | $past(hlda) | cleared != 3'd7)
      `OWES_CHIP(hrq_release, 4, ~(hrq & ~$past(hrq)) | ~$past(hlda))
      `OWES_CHIP(strobe_pairs, 5, ~(ior & (iow | memr)) & ~(memw & (iow | memr)))
      `OWES_CHIP(write_ends_first, 6, ~($past(memr) & ~memr & iow) & ~($past(ior) & ~ior & memw))
      `OWES_CHIP(address_steady, 7, ~($past(any) & $past(a_oe) & a_oe) | a_o == $past(a_o))
      if (FLOATS != 0) begin
        `OWES_CHIP(bus_floats, 8, ~(ior_n_oe | iow_n_oe | memr_n_oe | memw_n_oe | a_oe) | aen)
        `OWES_CHIP(adstb_with_data, 9, ~adstb | (aen & db_oe))
      end
    end

    reached_hrq:    cover (begun & hrq);
    reached_aen:    cover (begun & aen);
    reached_strobe: cover (begun & any);
    reached_end:    cover (begun & $past(aen) & ~aen);
  end
endmodule
