// A testbench for isadma_socket at the data sheet's limits: CLK and the fabric's clock know nothing of each other, address
// and data come 30 ns after IOW# falls, and the latch outside needs A8-A15 until 30 ns after ADSTB. Times of the 8237A-5.
`timescale 1ns / 1ps

module socket_tb;
  parameter real FABRIC_NS = 13.333;  // 75 MHz: isadma verilog --core socket --set fabric_mhz=75
  parameter real CLK_NS = 200.0;      // 5 MHz

  reg fabric = 0, clk = 1, reset = 0, cs_n = 1, ready = 1, hlda = 0;
  reg ior_n = 1, iow_n = 1, cpu = 1, writing = 0;
  reg [3:0] a = 0, dreq = 0;
  reg [7:0] d = 0;
  wire hrq, aen, adstb, memr_n, memw_n, ior_out, iow_out, ior_oe, iow_oe, a_oe, db_oe, eop_oe, memr_oe, memw_oe;
  wire [3:0] dack;
  wire [7:0] a_out, db_out;

  always #(FABRIC_NS / 2) fabric = !fabric;
  always #(CLK_NS / 2) clk = !clk;

  // The bus: pull-ups, the processor, the part.
  wire [7:0] db = db_oe ? db_out : writing ? d : 8'hFF;
  wire ior = ior_oe ? ior_out : cpu ? ior_n : 1'b1;
  wire iow = iow_oe ? iow_out : cpu ? iow_n : 1'b1;

  isadma_socket part (
      .fabric_clk(fabric), .rst(1'b0), .clk(clk), .reset(reset), .cs_n(cs_n), .ready(ready), .hlda(hlda), .dreq(dreq),
      .hrq(hrq), .dack(dack), .aen(aen), .adstb(adstb),
      .ior_n_i(ior), .ior_n_o(ior_out), .ior_n_oe(ior_oe), .iow_n_i(iow), .iow_n_o(iow_out), .iow_n_oe(iow_oe),
      .memr_n_o(memr_n), .memr_n_oe(memr_oe), .memw_n_o(memw_n), .memw_n_oe(memw_oe),
      .eop_n_i(!eop_oe), .eop_n_o(), .eop_n_oe(eop_oe),
      .db_i(db), .db_o(db_out), .db_oe(db_oe), .a_i(a_oe ? a_out[3:0] : a), .a_o(a_out), .a_oe(a_oe)
  );

  integer errors = 0;
  task check(input ok, input [8*40-1:0] what);
    if (!ok) begin
      $display("FAIL at %0.1f ns: %0s", $realtime, what);
      errors = errors + 1;
    end
  endtask

  // The lines of the AC table that need no knowledge of the part, each where its edge is.
  realtime rose = 0, fell = 0, latched = 0, held = 0, read_end = 0, read_begin = 0;
  always @(posedge clk) rose = $realtime;
  always @(negedge clk) fell = $realtime;
  always @(negedge adstb) if (aen) begin
    check($realtime - rose <= 90, "TSTT: ADSTB low within 90 ns");
    check($realtime - held >= 100, "TASS: DB 100 ns before ADSTB low");
    latched = $realtime;
  end
  always @(db_out or db_oe) begin
    if (latched != 0 && aen) check($realtime - latched >= 30, "TAHS: DB 30 ns after ADSTB low");
    latched = 0;
    held = $realtime;
  end
  always @(posedge adstb) check($realtime - rose <= 130, "TSTL: ADSTB high within 130 ns");
  always @(hrq) if (!reset) check($realtime - rose <= 120, "TDQ: HRQ within 120 ns");
  always @(posedge aen) check($realtime - fell <= 200, "TAEL: AEN high within 200 ns");
  always @(negedge a_oe) check($realtime - rose <= 90 || rose == 0, "TAFAB: address floats within 90 ns");
  always @(negedge ior_n) read_begin = $realtime;
  always @(posedge ior_n) read_end = $realtime;
  always @(negedge db_oe) if (!aen && read_end != 0) check($realtime - read_end <= 70, "TRDF: DB floats within 70 ns");

  // A slow latch for A8-A15: it takes what DB shows 30 ns after ADSTB has fallen.
  reg [7:0] high = 0;
  always @(negedge adstb) #29.9 high = db;
  reg [15:0] fetched = 0;
  integer count = 0;
  always @(posedge memr_n) if (memr_oe) begin
    fetched = {high, a_out};
    count = count + 1;
  end

  // The processor gives the bus away 75 ns before CLK rises, and takes it back at once.
  always @(posedge hrq) begin
    @(posedge clk) @(posedge clk) #(CLK_NS - 75) hlda = 1; cpu = 0;
  end
  always @(negedge hrq) begin
    hlda = 0;
    @(negedge a_oe) cpu = 1;
  end

  // IOW# for 160 ns. Until 30 ns after it falls the bus has another access's address and data.
  task outb(input [3:0] port, input [7:0] value);
    begin
      cs_n = 0; writing = 1; iow_n = 0;
      #30 a = port; d = value;
      #130 iow_n = 1;
      #20 a = 2; cs_n = 1;
      #10 d = 8'hEE; writing = 0;
      #370;
    end
  endtask

  // IOR# for 200 ns. The address goes as it rises.
  reg [7:0] got;
  task inb(input [3:0] port);
    begin
      a = port; cs_n = 0;
      #50 ior_n = 0;
      #140 got = db; check(db_oe, "TRDE: DB within 140 ns");
      #60 ior_n = 1; a = 13; cs_n = 1;
      #400 a = 2;
    end
  endtask

  initial begin
    #1000 reset = 1;
    #300 reset = 0;
    #(2 * CLK_NS);
    outb(4'hB, 8'h59);  // channel 1: single, read from memory, autoinitialize
    outb(4'hC, 8'h00);
    outb(4'h2, 8'h34);
    outb(4'h2, 8'h12);
    outb(4'h3, 8'h00);
    outb(4'h3, 8'h00);
    outb(4'hA, 8'h01);
    @(negedge clk) dreq = 4'b0010;  // no set-up time
    @(negedge dack[1]) dreq = 0;
    @(posedge cpu) #500;
    check(count == 1 && fetched == 16'h1234, "one transfer, from 1234h");
    outb(4'hC, 8'h00);
    inb(4'h2);
    check(got == 8'h34, "the low byte reloads as 34h");
    inb(4'h2);
    check(got == 8'h12, "the high byte reloads as 12h");
    inb(4'h8);
    check(got[3:0] == 4'b0010, "channel 1 has reached terminal count");
    if (errors == 0) $display("PASS: channel 1 reloads 1234h");
    $finish;
  end

  initial #200000 begin
    $display("FAIL: nothing comes any more");
    $finish;
  end
endmodule
