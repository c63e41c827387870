// An 8237A, small and plain, with ten faults to switch on: what `isadma conform` is shown at work on.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 11, figures 11 to 15.
//
// FAULTS has a bit for each; 0 makes it a whole 8237A. What each one breaks:
//   0  a write to port E masks every channel instead of none            clear-mask
//   1  Master Clear clears the mode registers too                       master-clear
//   2  verify waits for READY                                           verify
//   3  a status read leaves the TC bits as they are                     status-tc
//   4  EOP# from outside ends a service, and does not mask its channel  external-eop
//   5  the rotation goes on by one, whichever channel was served        rotating-priority
//   6  DREQ that goes before HLDA gives the service to another channel  dreq-gone
//   7  FFFFh + 1 is FF00h                                               wrap
//   8  status hides the requests of masked channels                     status-requests
//   9  a write to port F moves the first/last flip-flop                 flip-flop
module broken8237 #(parameter [9:0] FAULTS = 10'h3FF) (
  input            CLK2, CLK,  // CLK2 is twice as fast as CLK, and CLK moves with its rising edge
  input            RESET, CS_N, READY, HLDA,
  input      [3:0] DREQ,
  output     [3:0] DACK,
  output reg       HRQ, AEN, ADSTB,
  inout      [7:0] DB,
  inout      [3:0] A_LOW,
  output     [3:0] A_HIGH,
  inout            IOR_N, IOW_N, EOP_N,
  output           MEMR_N, MEMW_N
);
  localparam SI = 0, ASK = 1, S0 = 2, S1 = 3, S2 = 4, S3 = 5, SW = 6, S4 = 7, CASCADE = 8, LEAVE = 9,
             S11 = 10, S12 = 11, S13 = 12, S14 = 13, S21 = 14, S22 = 15, S23 = 16, S24 = 17;

  // Registers of the data sheet's figure 3.
  reg [15:0] base_address [0:3], base_count [0:3], address [0:3], count [0:3];
  reg [5:0]  mode [0:3];
  reg [7:0]  command, temporary;
  reg [3:0]  mask, request, reached;
  reg        high_byte;

  reg [4:0]  state;
  reg [1:0]  channel, last;
  reg        granted, ends, carries, stop, still_asked;
  reg        drives, ior, iow, memr, memw, eop, db_out;
  reg [3:0]  acknowledged;
  reg [7:0]  low, data;
  reg        reading, writing;
  reg [3:0]  port;
  reg [7:0]  written;

  wire       copies     = command[0];
  wire       compressed = command[3] & ~copies;
  wire       extended   = command[5] | compressed;
  wire [3:0] asking     = command[6] ? ~DREQ : DREQ;
  wire [3:0] pending    = (asking & ~mask) | request;
  wire [1:0] kind       = mode[channel][5:4];
  wire       down       = mode[channel][3];
  wire       again      = mode[channel][2];
  wire       to_memory  = mode[channel][1:0] == 2'b01;
  wire       from_memory = mode[channel][1:0] == 2'b10;
  wire       is_last    = count[channel] == 16'h0000;
  wire       waits      = ~READY & (to_memory | from_memory | FAULTS[2]);

  // Three-state pins. The CPU reads while it has the bus.
  wire       cpu_reads = ~CS_N & ~IOR_N & ~HLDA & ~AEN;
  reg  [7:0] answer;
  assign DB     = cpu_reads | db_out ? (cpu_reads ? answer : data) : 8'bz;
  assign A_LOW  = drives ? low[3:0] : 4'bz;
  assign A_HIGH = drives ? low[7:4] : 4'bz;
  assign IOR_N  = drives ? ~ior : 1'bz;
  assign IOW_N  = drives ? ~iow : 1'bz;
  assign MEMR_N = drives ? ~memr : 1'bz;
  assign MEMW_N = drives ? ~memw : 1'bz;
  assign EOP_N  = eop ? 1'b0 : 1'bz;
  assign DACK   = command[7] ? acknowledged : ~acknowledged;

  wire [15:0] word = A_LOW[0] ? count[A_LOW[2:1]] : address[A_LOW[2:1]];
  always @* begin
    answer = 8'hFF;
    if (~A_LOW[3]) answer = high_byte ? word[15:8] : word[7:0];
    else if (A_LOW == 4'h8) answer = {FAULTS[8] ? asking & ~mask : asking, reached};
    else if (A_LOW == 4'hD) answer = temporary;
  end

  // Who is next: from channel 0 on, or from the one after the last served.
  function [1:0] winner(input [3:0] requests, input [1:0] first);
    integer step;
    reg [1:0] one;
    begin
      winner = first;
      for (step = 3; step >= 0; step = step - 1) begin
        one = first + step[1:0];
        if (requests[one]) winner = one;
      end
    end
  endfunction
  wire [1:0] next = winner(pending, command[4] ? last + 2'd1 : 2'd0);

  function [15:0] stepped(input [15:0] from, input backwards);
    stepped = backwards ? from - 16'd1 : FAULTS[7] & &from ? 16'hFF00 : from + 16'd1;
  endfunction

  // The end of a process: TC or EOP# from outside.
  task finish(input [1:0] one, input outside);
    begin
      reached[one] <= 1'b1;
      request[one] <= 1'b0;
      if (mode[one][2]) begin
        address[one] <= base_address[one];
        count[one]   <= base_count[one];
      end else if (~(outside & FAULTS[4])) mask[one] <= 1'b1;
    end
  endtask

  task clear;
    begin
      command <= 8'h00; temporary <= 8'h00; request <= 4'h0; reached <= 4'h0; mask <= 4'hF; high_byte <= 1'b0;
    end
  endtask

  task write(input [3:0] to, input [7:0] value);
    begin
      if (~to[3]) begin
        high_byte <= ~high_byte;
        case ({to[0], high_byte})
          2'b00: begin base_address[to[2:1]][7:0]  <= value; address[to[2:1]][7:0]  <= value; end
          2'b01: begin base_address[to[2:1]][15:8] <= value; address[to[2:1]][15:8] <= value; end
          2'b10: begin base_count[to[2:1]][7:0]    <= value; count[to[2:1]][7:0]    <= value; end
          2'b11: begin base_count[to[2:1]][15:8]   <= value; count[to[2:1]][15:8]   <= value; end
        endcase
      end else case (to)
        4'h8: command <= value;
        4'h9: request[value[1:0]] <= value[2];
        4'hA: mask[value[1:0]] <= value[2];
        4'hB: mode[value[1:0]] <= value[7:2];
        4'hC: high_byte <= 1'b0;
        4'hD: begin
          clear;
          if (FAULTS[1]) begin mode[0] <= 0; mode[1] <= 0; mode[2] <= 0; mode[3] <= 0; end
        end
        4'hE: mask <= FAULTS[0] ? 4'hF : 4'h0;
        4'hF: begin
          mask <= value[3:0];
          if (FAULTS[9]) high_byte <= ~high_byte;
        end
      endcase
    end
  endtask

  // An access counts at the end of its strobe; a strobe may be as short as half a clock.
  task program_side;
    begin
      reading <= cpu_reads;
      writing <= ~CS_N & ~IOW_N & ~HLDA & ~AEN;
      port    <= A_LOW;
      written <= DB;
      if (writing & IOW_N) write(port, written);
      if (reading & IOR_N) begin
        if (~port[3]) high_byte <= ~high_byte;
        if (port == 4'h8 & ~FAULTS[3]) reached <= 4'h0;
      end
    end
  endtask

  // CLK falls, its high half is over: the next state begins; DREQ, READY and EOP# are sampled; AEN rises, DACK moves.
  task fall;
    begin
      case (state)
        SI: if (~HLDA & ~command[2] & |pending) begin
          channel <= next;
          state   <= ASK;
        end
        ASK: state <= S0;
        S0: begin
          if (FAULTS[6] & ~pending[channel] & |pending) channel <= next;
          if (granted) begin
            ends <= 1'b0;
            stop <= 1'b0;
            if (copies & channel == 2'd0) begin state <= S11; AEN <= 1'b1; end
            else if (kind == 2'b11) state <= CASCADE;
            else begin state <= S1; AEN <= 1'b1; end
          end
        end
        S1: begin
          state <= S2;
          stop  <= ~EOP_N;
          acknowledged[channel] <= 1'b1;
        end
        S2: if (~compressed) state <= S3;
            else begin state <= waits ? SW : S4; still_asked <= asking[channel] | request[channel]; end
        S3, SW: begin state <= waits ? SW : S4; still_asked <= asking[channel] | request[channel]; end
        S4: if (ends) begin
          state <= SI;
          acknowledged <= 4'h0;
          last <= FAULTS[5] ? last + 2'd1 : channel;
        end else begin
          state <= carries ? S1 : S2;
          if (~carries) stop <= ~EOP_N;
        end
        CASCADE: if (acknowledged == 4'h0) acknowledged[channel] <= 1'b1;
                 else if (~asking[channel] & ~request[channel]) state <= LEAVE;
        LEAVE: begin
          state <= SI;
          acknowledged <= 4'h0;
          last <= channel;
        end
        S11: begin state <= S12; if (~EOP_N) begin finish(2'd0, 1'b1); stop <= 1'b1; end end
        S12: state <= S13;
        S13: if (READY) state <= S14;
        S14: state <= S21;
        S21: begin state <= S22; if (~EOP_N) begin stop <= 1'b1; carries <= 1'b1; end end
        S22: state <= S23;
        S23: if (READY) state <= S24;
        S24: begin
          state <= ends ? SI : S11;
          if (ends) last <= 2'd0;
        end
        default: state <= SI;
      endcase
    end
  endtask

  // CLK rises, in the middle of a state: HRQ, ADSTB, addresses, data and strobes move; HLDA is sampled.
  task rise;
    begin
      case (state)
        SI: begin
          AEN <= 1'b0; drives <= 1'b0; db_out <= 1'b0; granted <= 1'b0;
        end
        ASK: begin AEN <= 1'b0; drives <= 1'b0; db_out <= 1'b0; HRQ <= 1'b1; end
        S0: granted <= HLDA;
        S1: begin
          ADSTB <= 1'b1; drives <= 1'b1; db_out <= 1'b1;
          {data, low} <= address[channel];
        end
        S2: begin
          ADSTB <= 1'b0; db_out <= 1'b0;
          low  <= address[channel][7:0];
          ior  <= to_memory;
          memr <= from_memory;
          memw <= to_memory & extended;
          iow  <= from_memory & extended;
          eop  <= compressed & is_last;
        end
        S3: begin memw <= to_memory; iow <= from_memory; eop <= is_last; end
        S4: begin
          {ior, iow, memr, memw, eop} <= 5'b0;
          count[channel]   <= count[channel] - 16'd1;
          address[channel] <= stepped(address[channel], down);
          carries <= down ? address[channel][7:0] == 8'h00 : address[channel][7:0] == 8'hFF;
          ends    <= is_last | stop | kind == 2'b01 | (kind == 2'b00 & ~still_asked);
          if (is_last | stop) finish(channel, ~is_last);
          if (is_last | stop | kind == 2'b01 | (kind == 2'b00 & ~still_asked)) HRQ <= 1'b0;
        end
        LEAVE: HRQ <= 1'b0;
        S11: begin
          ADSTB <= 1'b1; drives <= 1'b1; db_out <= 1'b1; carries <= 1'b0;
          {data, low} <= address[0];
        end
        S12: begin ADSTB <= 1'b0; db_out <= 1'b0; memr <= 1'b1; end
        S14: begin
          memr <= 1'b0; temporary <= DB;
          if (~(stop & mode[0][2])) begin
            count[0] <= count[0] - 16'd1;
            if (~command[1]) address[0] <= stepped(address[0], mode[0][3]);
            if (count[0] == 16'h0000 & mode[0][2]) begin count[0] <= base_count[0]; address[0] <= base_address[0]; end
          end
        end
        S21: begin ADSTB <= 1'b1; db_out <= 1'b1; {data, low} <= address[1]; end
        S22: begin ADSTB <= 1'b0; data <= temporary; memw <= command[5]; end
        S23: begin memw <= 1'b1; eop <= count[1] == 16'h0000; end
        S24: begin
          memw <= 1'b0; eop <= 1'b0;
          count[1]   <= count[1] - 16'd1;
          address[1] <= stepped(address[1], mode[1][3]);
          ends <= stop | count[1] == 16'h0000;
          if (carries | count[1] == 16'h0000) finish(2'd1, count[1] != 16'h0000);
          if (stop | count[1] == 16'h0000) begin HRQ <= 1'b0; request[0] <= 1'b0; end
        end
        default: ;
      endcase
    end
  endtask

  always @(posedge CLK2)
    if (RESET) begin
      clear;
      state <= SI; last <= 2'd3; channel <= 2'd0; acknowledged <= 4'h0;
      {HRQ, AEN, ADSTB, drives, db_out, ior, iow, memr, memw, eop} <= 10'b0;
      {granted, ends, carries, stop, still_asked, reading, writing} <= 7'b0;
    end else begin
      program_side;
      if (CLK) fall; else rise;
    end
endmodule
