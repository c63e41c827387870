// What the processor and whoever drives the bus for a DMA owe each other, chip or board, as properties.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6, 13 and 19, figures 11 to 15.
//
// CHIP = 1 asserts what the core owes and assumes what the world owes; CHIP = 0 is the other way around. One clock is a
// half of a state. Only what open Yosys reads: assert, assume and cover in a clocked process, with $past. Each label is
// a rule of `isadma conform`. REFUTED has a bit for each rule of the core that is asserted no more; those in GIVEN are
// taken as kept in its place: what breaks then is no consequence. With EVERY_STEP defined, clk is the solver's own
// step, for a core that is clocked by CLK's edges. i8237_rules.sv and isa_rules.sv say what is which at their pins.
`define OWES_CORE(rule, number, holds) \
  if (CHIP != 0 && !REFUTED[number]) begin rule: assert (holds); end \
  else if (CHIP == 0 || GIVEN[number]) begin rule``_given: assume (holds); end
`define OWES_WORLD(rule, holds) \
  if (CHIP != 0) begin rule: assume (holds); end else begin rule``_owed: assert (holds); end

module bus_rules #(
  parameter CHIP = 1, parameter FLOATS = 1, parameter [8:0] GIVEN = 9'd0, REFUTED = 9'd0
) (
`ifdef EVERY_STEP
  (* gclk *)
`endif
  input        clk,
  input        reset, hlda, hrq, aen, ior_n_i, iow_n_i,
  input        ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe, a_oe,
  input [15:0] a_o,
  // Whether at most one DACK is active, whether one begins, whether a strobe is the core's, and whether it is Master Clear.
  input        one_dack_at_most, dack_begins, selected, clearing,
  output       begun
);
  // What the core itself holds low.
  wire ior = ior_n_oe & ~ior_n_o, iow = iow_n_oe & ~iow_n_o, memr = memr_n_oe & ~memr_n_o, memw = memw_n_oe & ~memw_n_o;
  wire any = ior | iow | memr | memw;
  wire accessing = selected & (~ior_n_i | ~iow_n_i) & ~hlda & ~aen;

  reg [2:0] age = 0;        // clocks since the start: RESET is on in the first four
  reg [2:0] rested = 0;     // clocks since the processor's last access
  reg [2:0] cleared = 7;    // clocks since its last Master Clear, which does what RESET does
  assign    begun = age == 3'd7;
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
      // HLDA answers HRQ, and only that; an access is over for a while before it comes.
      `OWES_WORLD(world_hlda_follows, hlda == $past(hlda) | hlda == $past(hrq))
      `OWES_WORLD(world_hlda_stays, ~($past(hlda) & $past(hrq)) | hlda)
      `OWES_WORLD(world_hlda_settled, ~(hlda & ~$past(hlda)) | rested > 3'd4)
    end
    if (age == 3'd0) begin
      `OWES_WORLD(world_idle, ~hlda & ior_n_i & iow_n_i)
    end

    if (begun) begin
      `OWES_CORE(one_dack, 0, one_dack_at_most)
      `OWES_CORE(strobes_need_the_bus, 1, ~any | (hlda & hrq))
      `OWES_CORE(bus_after_hlda, 2, ~(aen & ~$past(aen) | dack_begins) | ($past(hlda) & $past(hrq)))
      `OWES_CORE(hrq_waits_for_hlda, 3, ~($past(hrq) & ~hrq) | $past(hlda) | cleared != 3'd7)
      `OWES_CORE(hrq_release, 4, ~(hrq & ~$past(hrq)) | ~$past(hlda))
      `OWES_CORE(strobe_pairs, 5, ~(ior & (iow | memr)) & ~(memw & (iow | memr)))
      `OWES_CORE(write_ends_first, 6, ~($past(memr) & ~memr & iow) & ~($past(ior) & ~ior & memw))
      `OWES_CORE(address_steady, 7, ~($past(any) & $past(a_oe) & a_oe) | a_o == $past(a_o))
      if (FLOATS != 0) begin
        `OWES_CORE(bus_floats, 8, ~(ior_n_oe | iow_n_oe | memr_n_oe | memw_n_oe | a_oe) | aen)
      end
    end

    reached_hrq:    cover (begun & hrq);
    reached_aen:    cover (begun & aen);
    reached_strobe: cover (begun & any);
    reached_end:    cover (begun & $past(aen) & ~aen);
  end
endmodule
