// Comparisons with both sides equally wide, for lint: Yosys cuts constants short, and writes `!bus` for a test of zero.
(* techmap_celltype = "$eq $ne" *)
module compare (A, B, Y);
  parameter A_SIGNED = 0, B_SIGNED = 0, A_WIDTH = 1, B_WIDTH = 1, Y_WIDTH = 1;
  parameter _TECHMAP_CELLTYPE_ = "";
  localparam WIDTH = A_WIDTH > B_WIDTH ? A_WIDTH : B_WIDTH;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;
  wire _TECHMAP_FAIL_ = A_WIDTH == B_WIDTH || A_SIGNED || Y_WIDTH != 1;
  wire [WIDTH-1:0] a = A;
  wire [WIDTH-1:0] b = B;
  generate
    if (_TECHMAP_CELLTYPE_ == "$eq") assign Y = a == b;
    else assign Y = a != b;
  endgenerate
endmodule

(* techmap_celltype = "$logic_not" *)
module zero (A, Y);
  parameter A_SIGNED = 0, A_WIDTH = 1, Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  output [Y_WIDTH-1:0] Y;
  wire _TECHMAP_FAIL_ = A_WIDTH == 1 || Y_WIDTH != 1;
  assign Y = A == {A_WIDTH{1'b0}};
endmodule

(* techmap_celltype = "$shr $shift $shiftx" *)
module byte_of (A, B, Y);
  parameter A_SIGNED = 0, B_SIGNED = 0, A_WIDTH = 1, B_WIDTH = 1, Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTVAL_B_ = 0;
  localparam POSITIVE = _TECHMAP_CONSTMSK_B_ >> (B_WIDTH - 1) & ~(_TECHMAP_CONSTVAL_B_ >> (B_WIDTH - 1)) & 1;
  wire _TECHMAP_FAIL_ = A_WIDTH <= Y_WIDTH || (B_SIGNED && !POSITIVE);
  wire [A_WIDTH-1:0] whole = A >> $unsigned(B);
  assign Y = whole[Y_WIDTH-1:0];
endmodule
