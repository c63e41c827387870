// The rules at the slots of a PC/AT's or PC/XT's DMA board as properties: the board's, and those of the world around it.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6, 13 and 19, figures 11 to 15; IBM PC AT Technical
// Reference, "I/O Channel" (AEN, TC, DACK#).
//
// CHIP = 1 asserts what the board owes and assumes what the world owes; CHIP = 0 is the other way around. One clock here
// is a half of a state; `half` is CLK's level in it. REFUTED has a bit for each rule of the board that is asserted no
// more; those in GIVEN are taken as kept in its place. Nobody asks for a refresh, and no card takes the bus over with
// MASTER#. XT = 1: channel 0 is refresh, its DACK# REFRESH#, and there are no channels from 4 on. With EVERY_STEP
// defined, clk is the solver's own step, for a board that is clocked by CLK's edges.
`define OWES_BOARD(rule, number, holds) \
  if (CHIP != 0 && !REFUTED[number]) begin rule: assert (holds); end \
  else if (CHIP == 0 || GIVEN[number]) begin rule``_given: assume (holds); end
`define OWES_SLOTS(rule, holds) \
  if (CHIP != 0) begin rule: assume (holds); end else begin rule``_owed: assert (holds); end

module isa_rules #(
  parameter CHIP = 1, parameter FLOATS = 1, parameter XT = 0, parameter [10:0] GIVEN = 11'd0, REFUTED = 11'd0
) (
`ifdef EVERY_STEP
  (* gclk *)
`endif
  input        clk,
  input        half, reset, hlda, hrq, aen, tc, refresh_n,
  input [7:0]  drq, dack_n,
  input        iochrdy,
  input        ior_n_i, iow_n_i,
  input        ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe,
  input        a_oe, d_oe,
  input [9:0]  a_i,
  input [7:0]  d_i,
  input [15:0] a_o
);
  // What the board itself holds low.
  wire ior = ior_n_oe & ~ior_n_o, iow = iow_n_oe & ~iow_n_o, memr = memr_n_oe & ~memr_n_o, memw = memw_n_oe & ~memw_n_o;
  wire any = ior | iow | memr | memw;
  wire [7:0] dack = ~dack_n;
  // The command registers and Master Clear of DMA 1 and 2; the polarities in a command are what the board is wired for.
  wire command = (a_i[9:5] == 5'd0 & a_i[3:0] == 4'h8) | a_i[9:1] == 9'h068;
  wire clearing = ((a_i[9:5] == 5'd0 & a_i[3:0] == 4'hd) | a_i[9:1] == 9'h06d) & ~iow_n_i;
  wire accessing = (~ior_n_i | ~iow_n_i) & ~hlda & ~aen;

  reg [2:0] age = 0;        // clocks since the start: RESET is on in the first four
  reg [2:0] rested = 0;     // clocks since the processor's last access
  reg [2:0] cleared = 7;    // clocks since its last Master Clear, which does what RESET does
  wire      begun = age == 3'd7;
  always @(posedge clk) begin
    if (age != 3'd7) age <= age + 3'd1;
    rested <= accessing ? 3'd0 : rested == 3'd7 ? 3'd7 : rested + 3'd1;
    cleared <= clearing ? 3'd0 : cleared == 3'd7 ? 3'd7 : cleared + 3'd1;
  end

  always @(posedge clk) begin
    `OWES_SLOTS(world_reset, reset == (age < 3'd4))
    // The processor keeps off while it has lent the bus, and does one thing at a time.
    `OWES_SLOTS(world_keeps_off, ~(hlda | aen) | (ior_n_i | ior_n_oe) & (iow_n_i | iow_n_oe))
    `OWES_SLOTS(world_one_strobe, ior_n_i | iow_n_i | hlda | aen)
    if (age > 3'd0) begin
      // The address holds from a clock before a strobe to one after it, data to one after it.
      `OWES_SLOTS(world_address_holds, ior_n_i & iow_n_i & $past(ior_n_i & iow_n_i) | a_i == $past(a_i))
      `OWES_SLOTS(world_data_holds, $past(iow_n_i) | iow_n_i == $past(iow_n_i) | d_i == $past(d_i))
      `OWES_SLOTS(world_leaves_polarities, $past(iow_n_i) & iow_n_i | ~command | d_i[7:6] == 2'd0)
      // HLDA answers HRQ, and only that; an access is over for a while before it comes.
      `OWES_SLOTS(world_hlda_follows, hlda == $past(hlda) | hlda == $past(hrq))
      `OWES_SLOTS(world_hlda_stays, ~($past(hlda) & $past(hrq)) | hlda)
      `OWES_SLOTS(world_hlda_settled, ~(hlda & ~$past(hlda)) | rested > 3'd4)
    end
    if (age == 3'd0) begin
      `OWES_SLOTS(world_idle, ~hlda & ior_n_i & iow_n_i)
    end

    if (begun) begin
      `OWES_BOARD(one_dack, 0, (dack & (dack - 8'd1)) == 8'd0)
      `OWES_BOARD(strobes_need_the_bus, 1, ~any | (hlda & hrq))
      `OWES_BOARD(bus_after_hlda, 2, ~(aen & ~$past(aen) | |(dack & ~$past(dack))) | ($past(hlda) & $past(hrq)))
      `OWES_BOARD(hrq_waits_for_hlda, 3, ~($past(hrq) & ~hrq) | $past(hlda) | cleared != 3'd7)
      `OWES_BOARD(hrq_release, 4, ~(hrq & ~$past(hrq)) | ~$past(hlda))
      `OWES_BOARD(strobe_pairs, 5, ~(ior & (iow | memr)) & ~(memw & (iow | memr)))
      `OWES_BOARD(write_ends_first, 6, ~($past(memr) & ~memr & iow) & ~($past(ior) & ~ior & memw))
      `OWES_BOARD(address_steady, 7, ~($past(any) & $past(a_oe) & a_oe) | a_o == $past(a_o))
      `OWES_BOARD(tc_with_aen, 8, ~tc | aen)
      `OWES_BOARD(off_the_bus, 9, XT != 0 | dack_n[4] & refresh_n)
      if (FLOATS != 0) begin
        `OWES_BOARD(bus_floats, 10, ~(ior_n_oe | iow_n_oe | memr_n_oe | memw_n_oe | a_oe) | aen)
      end
    end

    reached_hrq:    cover (begun & hrq);
    reached_aen:    cover (begun & aen);
    reached_strobe: cover (begun & any);
    reached_end:    cover (begun & $past(aen) & ~aen);
  end
endmodule
