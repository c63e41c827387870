// An 8237A as it stands in its socket: a port for each of its pins.
module dip (
  input CLK, CLK_2X, CS_L, RESET, READY, HLDA, DREQ0, DREQ1, DREQ2, DREQ3, output DACK0, DACK1, DACK2, DACK3,
  output HRQ, AEN, ADSTB, MEMR_L, MEMW_L, A4, A5, A6, A7,
  inout IOR_L, IOW_L, EOP_L, A0, A1, A2, A3, DB0, DB1, DB2, DB3, DB4, DB5, DB6, DB7, input PIN5);
  broken8237 #(.FAULTS(0)) chip (.CLK(CLK), .CLK2(CLK_2X), .RESET(RESET), .CS_N(CS_L), .READY(READY), .HLDA(HLDA),
    .DREQ({DREQ3, DREQ2, DREQ1, DREQ0}), .DACK({DACK3, DACK2, DACK1, DACK0}), .HRQ(HRQ), .AEN(AEN), .ADSTB(ADSTB),
    .DB({DB7, DB6, DB5, DB4, DB3, DB2, DB1, DB0}), .A_LOW({A3, A2, A1, A0}), .A_HIGH({A7, A6, A5, A4}),
    .IOR_N(IOR_L), .IOW_N(IOW_L), .EOP_N(EOP_L), .MEMR_N(MEMR_L), .MEMW_N(MEMW_L));
endmodule
