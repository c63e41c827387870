"""Ports of the RTL boards by their Verilog names, and where each is in the packed pins."""

from __future__ import annotations

from isadma_sim.engines.pins import Field, In, Out

#: Input pins to input ports.
INPUT_PORTS: dict[Field, str] = {
    In.IOR_N: "isa__ior_n__i",
    In.IOW_N: "isa__iow_n__i",
    In.MEMR_N: "isa__memr_n__i",
    In.MEMW_N: "isa__memw_n__i",
    In.HLDA: "hlda",
    In.RESET: "reset",
    In.IOCHRDY: "isa__iochrdy",
    In.MASTER_N: "isa__master_n",
    In.DRQ: "isa__drq",
    In.A: "isa__a__i",
    In.D: "isa__d__i",
    In.SBHE_N: "isa__sbhe_n__i",
    In.OUT1: "out1",
}
#: Inputs that never change: both clock enables high make it one state per clock.
TIED: dict[str, int] = {"clk_fall": 1, "clk_rise": 1}
#: Output pins to output ports, in the order of their places.
OUTPUT_PORTS: dict[Field, str] = {
    Out.MEMR_N: "isa__memr_n__o",
    Out.MEMW_N: "isa__memw_n__o",
    Out.IOR_N: "isa__ior_n__o",
    Out.IOW_N: "isa__iow_n__o",
    Out.TC: "isa__tc",
    Out.AEN: "isa__aen",
    Out.HRQ: "hrq",
    Out.SBHE_N: "isa__sbhe_n__o",
    Out.DACK_N: "isa__dack_n",
    Out.A: "isa__a__o",
    Out.D: "isa__d__o",
    Out.D_OE: "isa__d__oe",
    Out.A_OE: "isa__a__oe",
    Out.STROBES_OE: "isa__memr_n__oe",
    Out.REFRESH_N: "isa__refresh_n",
}
#: Three-state outputs that are pulled up: high where their enable is low.
ENABLES: dict[Field, str] = {
    Out.MEMR_N: "isa__memr_n__oe",
    Out.MEMW_N: "isa__memw_n__oe",
    Out.IOR_N: "isa__ior_n__oe",
    Out.IOW_N: "isa__iow_n__oe",
    Out.SBHE_N: "isa__sbhe_n__oe",
}
