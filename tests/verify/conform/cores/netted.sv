// The worked example behind an interface without a modport: all of its pins are nets and variables of the interface.
interface isa_pins (input logic CLK, CLK_2X, RESET);
  logic [3:0] DREQ, DACK, ADDR_U;
  wire  [3:0] ADDR_L;
  wire  [7:0] DB;
  wire        IOR_N, IOW_N, EOP_N;
  logic       HLDA, HRQ, CS_N, READY, AEN, ADSTB;
  wire        MEMR_N, MEMW_N;
endinterface

module netted (isa_pins pins);
  broken8237 #(.FAULTS(0)) chip (.CLK2(pins.CLK_2X), .CLK(pins.CLK), .RESET(pins.RESET), .CS_N(pins.CS_N),
    .READY(pins.READY), .HLDA(pins.HLDA), .DREQ(pins.DREQ), .DACK(pins.DACK), .HRQ(pins.HRQ), .AEN(pins.AEN),
    .ADSTB(pins.ADSTB), .DB(pins.DB), .A_LOW(pins.ADDR_L), .A_HIGH(pins.ADDR_U), .IOR_N(pins.IOR_N),
    .IOW_N(pins.IOW_N), .EOP_N(pins.EOP_N), .MEMR_N(pins.MEMR_N), .MEMW_N(pins.MEMW_N));
endmodule
