"""What the chip's surroundings promise, in Verilog around its netlist: proofs look at no other inputs."""

from collections.abc import Mapping

__all__ = ["CLOCKINGS", "MODULE", "instance", "pins"]

#: Every clock a state, and CLK's edges by turns, any number of clocks apart: what drives the inputs of the chip.
CLOCKINGS: Mapping[str, Mapping[str, str]] = {
    "whole": {"rst": "1'b0", "i_rise": "1'b1", "i_fall": "1'b1"},
    "halves": {"rst": "1'b0", "i_rise": "i_edge & ~second", "i_fall": "i_edge & second"},
}
_INPUTS = ("i_reset", "i_cs_n", "i_hlda", "i_ior_n", "i_iow_n", "i_db", "i_a")
#: Outputs by their numbers in the list of `isadma_verify.fuzz.wires.chip_wires`.
_OUTPUTS = {"hrq": "o0_inside", "dack": "o1_inside", "aen": "o2_inside"}
# The clock contract's program side, and no more of it than random programs keep. HLDA rises with HRQ, two clocks after
# an access, and falls without HRQ, or in a cascade, which DACK shows: a master may lose it. A strobe with CS# and
# without HLDA is an access: one at a time, two clocks after the one before; address and data stand from the clock
# before it to the clock after it, CS# from its first clock on. Nobody resets in an access: what a half-written word
# holds is not defined.
MODULE = """\
module contract(input clk, i_reset, i_cs_n, i_hlda, i_ior_n, i_iow_n, input [7:0] i_db, input [3:0] i_a,
                input hrq, aen, input [3:0] dack, output lawful);
    reg was_hlda = 0, was_access = 0, was_before = 0, was_aen = 0, was_write = 0;
    reg [7:0] was_db = 0;
    reg [3:0] was_a = 0;
    wire access = ~i_cs_n & ~i_hlda & ~(i_ior_n & i_iow_n);
    wire cascade = ~aen & |dack & ~&dack;
    always @(posedge clk) begin
        was_hlda <= i_hlda;
        was_access <= access;
        was_before <= was_access;
        was_write <= access & ~i_iow_n;
        was_aen <= aen;
        was_db <= i_db;
        was_a <= i_a;
    end
    assign lawful = &{
        i_hlda == was_hlda | (i_hlda ? hrq & ~was_access & ~was_before : ~hrq | cascade),
        ~access | ~(aen | was_aen | was_hlda),
        ~access | i_ior_n | i_iow_n,
        ~(access & ~was_access & was_before),
        ~(access & was_access & (was_write == i_iow_n)),
        ~(access | was_access) | (i_a == was_a),
        ~(access & ~i_iow_n | was_write) | (i_db == was_db),
        ~was_access | ~(i_cs_n | i_hlda),
        ~(access | was_access) | ~i_reset
    };
endmodule
"""


def pins(clocking: str) -> tuple[list[str], list[str]]:
    """Return inputs and lines that a clocking needs beside the chip's own."""
    if clocking == "whole":
        return [], []
    return ["input i_edge"], ["reg second = 0;", "always @(posedge clk) if (i_edge) second <= ~second;"]


def instance(lawful: str) -> str:
    """Return the line that makes a wire high while the promises are kept."""
    inner = ", ".join(f".{name}({wire})" for name, wire in {**{pin: pin for pin in _INPUTS}, **_OUTPUTS}.items())
    return f"contract contract(.clk(clk), {inner}, .lawful({lawful}));"
