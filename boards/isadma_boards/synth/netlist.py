"""A core after synthesis for an iCE40: look-up tables, flip-flops, carries and block RAMs, as Verilog to simulate."""

# Ref: Yosys, techlibs/ice40/cells_sim.v: the models of the FPGA's own cells.

import tempfile
from collections.abc import Callable
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma.naming import verilog_ports
from isadma_tools import toolchain

__all__ = ["ice40_netlist"]

_SCRIPT = (
    "read_rtlil core.il; synth_ice40 -dff -top {top}; tee -q -o cells stat; design -stash mapped; "
    "read_verilog +/ice40/cells_sim.v; design -copy-from mapped -as {top} {top}; hierarchy -check -top {top}; proc; "
    "flatten; opt_clean -purge; write_verilog -noattr core.v"
)


def ice40_netlist(core: wiring.Component, top: str, *, prepare: Callable[[str], str] = str) -> str:
    """
    Synthesize a core and write what came out, every cell replaced by its model.

    Parameters
    ----------
    core
        What to synthesize.
    top
        Name of the module.
    prepare
        Takes the core in Yosys's language, and returns what to synthesize in its place.

    Returns
    -------
    str
        One Verilog module with the core's ports. It has no timing: a cell answers at once.

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    with tempfile.TemporaryDirectory(prefix="isadma-netlist-") as name:
        folder = Path(name)
        (folder / "core.il").write_text(
            prepare(rtlil.convert(core, name=top, ports=verilog_ports(core), emit_src=False))
        )
        toolchain.run("yosys", ["-q", "-p", _SCRIPT.format(top=top)], cwd=folder)
        return (folder / "core.v").read_text()
