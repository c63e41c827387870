// A testbench for isadma_at: a processor programs DMA channel 1, and a device's eight bytes go to memory at 1_2340h.
`timescale 1ns / 1ps

module transfer_tb;
  localparam BYTES = 8;
  localparam [23:0] ADDRESS = 24'h012340;

  reg clk = 0, reset = 1, hlda = 0;
  reg [23:0] a = 0;
  reg [15:0] d = 16'hFFFF;
  reg ior_n = 1, iow_n = 1;
  reg drq = 0;
  wire hrq, tc, aen;
  wire [23:0] address;
  wire [7:0] dack_n;
  wire [15:0] board_d;
  wire board_d_oe, ior_low, memw_low, ior_oe, memw_oe;

  always #125 clk = !clk;  // CLK of the 8237As in an 8 MHz AT: 4 MHz

  isadma_at board (
      .clk(clk), .rst(1'b0), .clk_fall(1'b1), .clk_rise(1'b1), .reset(reset),
      .hrq(hrq), .hlda(hlda), .out1(1'b0),
      .isa_a_i(a), .isa_a_o(address), .isa_a_oe(),
      .isa_d_i(d), .isa_d_o(board_d), .isa_d_oe(board_d_oe),
      .isa_ior_n_i(ior_n), .isa_ior_n_o(ior_low), .isa_ior_n_oe(ior_oe),
      .isa_iow_n_i(iow_n), .isa_iow_n_o(), .isa_iow_n_oe(),
      .isa_memr_n_i(1'b1), .isa_memr_n_o(), .isa_memr_n_oe(),
      .isa_memw_n_i(1'b1), .isa_memw_n_o(memw_low), .isa_memw_n_oe(memw_oe),
      .isa_sbhe_n_i(1'b1), .isa_sbhe_n_o(), .isa_sbhe_n_oe(),
      .isa_aen(aen), .isa_drq({6'b0, drq, 1'b0}), .isa_dack_n(dack_n), .isa_tc(tc),
      .isa_iochrdy(1'b1), .isa_master_n(1'b1), .isa_refresh_n()
  );

  // The processor gives the bus away as soon as it is asked.
  always @(posedge clk) hlda <= hrq;

  // A port write: the address one clock ahead of the strobe and one behind it.
  task outb(input [15:0] port, input [7:0] value);
    begin
      @(negedge clk) a = port; d = {value, value};
      @(negedge clk) iow_n = 0;
      repeat (3) @(negedge clk);
      iow_n = 1;
      repeat (3) @(negedge clk);
    end
  endtask

  // The device: it asks until its last byte went, and drives D0-D7 while DACK1# and IOR# are low.
  integer given = 0;
  wire device_read = !dack_n[1] && ior_oe && !ior_low;
  reg was_read = 0;
  always @(negedge clk) begin
    if (device_read && !was_read) begin
      d = {8'hFF, 8'hA0 + given[7:0]};
      given = given + 1;
      if (given == BYTES) drq = 0;
    end
    was_read = device_read;
  end

  // Memory takes the byte at the end of MEMW#.
  reg [7:0] memory[0:BYTES-1];
  integer taken = 0, counts = 0, errors = 0, i;
  wire memory_write = memw_oe && !memw_low;
  reg was_write = 0, was_tc = 0;
  always @(negedge clk) begin
    if (was_write && !memory_write) begin
      if (address < ADDRESS || address >= ADDRESS + BYTES) begin
        $display("FAIL: a write to %h", address);
        errors = errors + 1;
      end else memory[address - ADDRESS] = d[7:0];
      taken = taken + 1;
    end
    if (tc && !was_tc) counts = counts + 1;
    was_write = memory_write;
    was_tc = tc;
  end

  initial begin
    repeat (4) @(negedge clk);
    reset = 0;
    outb(16'hD6, 8'hC0);  // DMA 2's channel 0 (channel 4): cascade
    outb(16'hD4, 8'h00);  // and unmasked
    outb(16'h0B, 8'h45);  // channel 1: single, write to memory
    outb(16'h0C, 8'h00);  // first byte is the low one
    outb(16'h02, ADDRESS[7:0]);
    outb(16'h02, ADDRESS[15:8]);
    outb(16'h83, ADDRESS[23:16]);
    outb(16'h03, BYTES - 1);
    outb(16'h03, 8'h00);
    outb(16'h0A, 8'h01);  // unmask channel 1
    drq = 1;
    repeat (200) @(negedge clk);
    for (i = 0; i < BYTES; i = i + 1)
      if (memory[i] !== 8'hA0 + i) begin
        $display("FAIL: memory[%0d] is %h", i, memory[i]);
        errors = errors + 1;
      end
    if (taken != BYTES) begin
      $display("FAIL: %0d bytes were written", taken);
      errors = errors + 1;
    end
    if (counts != 1) begin
      $display("FAIL: %0d terminal counts", counts);
      errors = errors + 1;
    end
    if (errors == 0) $display("PASS: %0d bytes, one terminal count", taken);
    $finish;
  end
endmodule
