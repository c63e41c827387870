"""Another core's pin names: the chip behind a wrapper with foreign ports, benched through a pin map."""

import sys
from pathlib import Path

import pytest

from isadma_verify.cosim.common.build import build_verilog
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import require, run

#: Foreign names, direction pins that are high for input, a CLK pin whose levels are the enables.
WRAPPER = """
module foreign (
  input fabric, input CLK, input RST, input CS, input RDY, input HLDA, input [3:0] DRQ, output HOLD, output [3:0] DAK,
  output AEN, output STB, input RD_IN, output RD_OUT, output RD_Z, input WR_IN, output WR_OUT, output WR_Z,
  output MRD, output MRD_Z, output MWR, output MWR_Z, input EOP_IN, output EOP_Z,
  input [7:0] D_IN, output [7:0] D_OUT, output D_Z, input [3:0] A_IN, output [7:0] A_OUT, output A_Z);
  wire rd_e, wr_e, mrd_e, mwr_e, eop_e, d_e, a_e;
  assign {RD_Z, WR_Z, MRD_Z, MWR_Z, EOP_Z, D_Z, A_Z} = ~{rd_e, wr_e, mrd_e, mwr_e, eop_e, d_e, a_e};
  i8237 chip (.clk(fabric), .rst(1'b0), .clk_rise(~CLK), .clk_fall(CLK), .reset(RST), .cs_n(CS),
    .ready(RDY), .hlda(HLDA), .dreq(DRQ), .hrq(HOLD), .dack(DAK), .aen(AEN), .adstb(STB),
    .ior_n_i(RD_IN), .ior_n_o(RD_OUT), .ior_n_oe(rd_e), .iow_n_i(WR_IN), .iow_n_o(WR_OUT), .iow_n_oe(wr_e),
    .memr_n_o(MRD), .memr_n_oe(mrd_e), .memw_n_o(MWR), .memw_n_oe(mwr_e), .eop_n_i(EOP_IN), .eop_n_oe(eop_e),
    .db_i(D_IN), .db_o(D_OUT), .db_oe(d_e), .a_i(A_IN), .a_o(A_OUT), .a_oe(a_e));
endmodule
"""

PINS = """
from isadma_verify.cosim.chip.pins import PinMap

PINS = PinMap(
    clock="fabric", clk="CLK", clk_fall=None, clk_rise=None, tied={},
    ports={
        "reset": "RST", "cs_n": "CS", "ready": "RDY", "hlda": "HLDA", "dreq": "DRQ", "hrq": "HOLD", "dack": "DAK",
        "aen": "AEN", "adstb": "STB", "ior_n.i": "RD_IN", "ior_n.o": "RD_OUT", "ior_n.oe": "RD_Z", "iow_n.i": "WR_IN",
        "iow_n.o": "WR_OUT", "iow_n.oe": "WR_Z", "memr_n.o": "MRD", "memr_n.oe": "MRD_Z", "memw_n.o": "MWR",
        "memw_n.oe": "MWR_Z", "eop_n.i": "EOP_IN", "eop_n.oe": "EOP_Z", "db.i": "D_IN", "db.o": "D_OUT",
        "db.oe": "D_Z", "a.i": "A_IN", "a.o": "A_OUT", "a.oe": "A_Z",
    },
    inverted=frozenset({"ior_n.oe", "iow_n.oe", "memr_n.oe", "memw_n.oe", "eop_n.oe", "db.oe", "a.oe"}),
)
"""


@pytest.mark.long
def test_figures_pass_through_a_pin_map_and_leave_waves_on_request(chip, tmp_path: Path):
    core = chip()
    (tmp_path / "foreign.v").write_text(WRAPPER)
    (tmp_path / "foreign_pins.py").write_text(PINS)
    sources = [core.folder / "i8237.v", tmp_path / "foreign.v"]
    build = build_verilog(sources, top="foreign", waves=True, folder=core.folder.parent)
    options = BenchOptions(per_state=2, pins="foreign_pins:PINS")
    sys.path.insert(0, str(tmp_path))
    try:
        outcome = run(build, "isadma_verify.cosim.chip.benches.figures", options=options, folder=tmp_path / "run")
    finally:
        sys.path.remove(str(tmp_path))
    require(outcome, seed=options.seed)
    assert len(outcome) == 6
    assert b"$enddefinitions" in (tmp_path / "run" / "dump.vcd").read_bytes()
