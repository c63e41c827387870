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
    .out1(1'b0), .isa__drq(DRQ), .isa__dack_n(dack_n), .isa__aen(AEN), .isa__tc(TC), .isa__iochrdy(CHRDY),
    .isa__master_n(1'b1), .isa__a__i(A_IN), .isa__a__o(A_OUT), .isa__a__oe(a_e), .isa__sbhe_n__i(1'b1),
    .isa__sbhe_n__o(BHE_OUT), .isa__d__i(D_IN), .isa__d__o(D_OUT), .isa__d__oe(d_e), .isa__ior_n__i(RD_IN),
    .isa__ior_n__o(RD_OUT), .isa__iow_n__i(WR_IN), .isa__iow_n__o(WR_OUT), .isa__memr_n__i(1'b1),
    .isa__memr_n__o(MRD_OUT), .isa__memw_n__i(1'b1), .isa__memw_n__o(MWR_OUT));
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
