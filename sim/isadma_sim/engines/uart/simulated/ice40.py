"""A design as Yosys maps it to an iCE40, made of the simulation models of the FPGA's own cells."""

# Ref: Yosys, techlibs/ice40/cells_sim.v: the models of SB_LUT4, SB_DFF*, SB_CARRY and SB_RAM40_4K.

__all__ = ["SCRIPT"]

#: From RTL to a netlist of cells, and from there to what CXXRTL can write: no cell is left that is not a model.
SCRIPT = (
    "synth_ice40 -dff -top top; design -stash mapped; read_verilog +/ice40/cells_sim.v; "
    "design -copy-from mapped -as top top; hierarchy -check -top top; proc; flatten; opt -full; clean -purge; "
    "splitnets -driver; clean -purge"
)
