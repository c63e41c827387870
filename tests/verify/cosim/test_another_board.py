"""Another board's pin names: ours behind a wrapper with foreign ports, benched through a pin map."""

import sys
from pathlib import Path

import pytest

from isadma_verify.cosim.board.pins import BoardPinMap
from isadma_verify.cosim.common.build import build_verilog
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import require, run

#: Foreign names, one direction pin for all that a DMA cycle drives, high for input; DACK active high.
WRAPPER = """
module foreign_board (
  input fabric, input half, input whole, input RST, output HOLD, input HLDA, input [7:0] DRQ, output [7:0] DAK,
  output AEN, output TC, input CHRDY, input [23:0] A_IN, output [23:0] A_OUT, output BUS_Z, output BHE_OUT,
  input [15:0] D_IN, output [15:0] D_OUT, output D_Z, input RD_IN, output RD_OUT, input WR_IN, output WR_OUT,
  output MRD_OUT, output MWR_OUT);
  wire a_e, d_e; wire [7:0] dack_n;
  assign {BUS_Z, D_Z, DAK} = ~{a_e, d_e, dack_n};
  at board (.clk(fabric), .rst(1'b0), .clk_rise(half), .clk_fall(whole), .reset(RST), .hrq(HOLD), .hlda(HLDA),
    .out1(1'b0), .isa_drq(DRQ), .isa_dack_n(dack_n), .isa_aen(AEN), .isa_tc(TC), .isa_iochrdy(CHRDY),
    .isa_master_n(1'b1), .isa_a_i(A_IN), .isa_a_o(A_OUT), .isa_a_oe(a_e), .isa_sbhe_n_i(1'b1),
    .isa_sbhe_n_o(BHE_OUT), .isa_d_i(D_IN), .isa_d_o(D_OUT), .isa_d_oe(d_e), .isa_ior_n_i(RD_IN),
    .isa_ior_n_o(RD_OUT), .isa_iow_n_i(WR_IN), .isa_iow_n_o(WR_OUT), .isa_memr_n_i(1'b1),
    .isa_memr_n_o(MRD_OUT), .isa_memw_n_i(1'b1), .isa_memw_n_o(MWR_OUT));
endmodule
"""

PINS = """
from isadma_verify.cosim.board.pins import BoardPinMap

DRIVEN = ("a", "sbhe_n", "ior_n", "iow_n", "memr_n", "memw_n")
PINS = BoardPinMap(
    clock="fabric", clk_rise="half", clk_fall="whole", tied={},
    ports={
        "reset": "RST", "hlda": "HLDA", "hrq": "HOLD", "out1": None, "drq": "DRQ", "dack_n": "DAK", "aen": "AEN",
        "tc": "TC", "iochrdy": "CHRDY", "master_n": None, "refresh_n": None, "a.i": "A_IN", "a.o": "A_OUT",
        "sbhe_n.i": None, "sbhe_n.o": "BHE_OUT", "d.i": "D_IN", "d.o": "D_OUT", "d.oe": "D_Z", "ior_n.i": "RD_IN",
        "ior_n.o": "RD_OUT", "iow_n.i": "WR_IN", "iow_n.o": "WR_OUT", "memr_n.i": None, "memr_n.o": "MRD_OUT",
        "memw_n.i": None, "memw_n.o": "MWR_OUT", **{f"{name}.oe": "BUS_Z" for name in DRIVEN},
    },
    inverted=frozenset({"dack_n", "d.oe", *(f"{name}.oe" for name in DRIVEN)}),
)
"""


@pytest.mark.long
def test_figures_of_the_board_pass_through_a_pin_map(board, tmp_path: Path):
    core = board()
    (tmp_path / "foreign_board.v").write_text(WRAPPER)
    (tmp_path / "foreign_board_pins.py").write_text(PINS)
    build = build_verilog(
        [core.folder / "at.v", tmp_path / "foreign_board.v"], top="foreign_board", folder=core.folder.parent
    )
    options = BenchOptions(per_state=2, pins="foreign_board_pins:PINS")
    sys.path.insert(0, str(tmp_path))
    try:
        outcome = run(build, "isadma_verify.cosim.board.benches.figures", options=options, folder=tmp_path / "run")
    finally:
        sys.path.remove(str(tmp_path))
    require(outcome, seed=options.seed)
    assert len(outcome) == 5


def test_a_pin_of_the_chip_is_not_one_of_the_boards():
    with pytest.raises(ValueError, match="pin 'adstb' is not one of the board's; take one of reset, hlda"):
        BoardPinMap(ports={"adstb": "STB"})
