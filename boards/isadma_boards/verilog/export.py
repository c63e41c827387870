"""Writes a core as one Verilog file: the same text every time, and clean under lint."""

import re
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from amaranth import ClockDomain, Fragment
from amaranth.back import rtlil

from isadma.naming import clock_ports, verilog_ports
from isadma_boards.verilog.header import header
from isadma_boards.verilog.parameters import Configuration, configure
from isadma_boards.verilog.vhdl import package
from isadma_tools import toolchain

__all__ = ["Exported", "export"]

#: One module, so that a file is all there is to add to a project; names keep the path they had in the hierarchy.
_SCRIPT = (
    "read_rtlil core.il; proc -norom; flatten; opt -full; memory_collect; opt_mem; pmuxtree; opt -full; "
    "delete t:$scopeinfo; techmap -map widths.v; opt_clean -purge; splitnets -driver; opt_clean -purge; "
    "write_verilog core.v"
)
#: Attributes that say where in the hierarchy a net was, and the like: nothing for whoever reads the file.
_ATTRIBUTE_LINES = re.compile(r"^ *\(\* (?:hdlname|keep|top|generator|src) = .* \*\)\n", re.MULTILINE)
_INLINE_ATTRIBUTES = re.compile(r"\(\* (?:full_case|src) = [^*]* \*\) ")
_BLANK_LINES = re.compile(r"\n{3,}")
_INITIAL = re.compile(r"^( *)(reg (?:\[\d+:\d+\] )?)(\S+ ?) = ([^;]+);$", re.MULTILINE)

_LINT = """\
// The core's own buses have members that it does not use: inputs without an effect, and nets that only fed those.
/* verilator lint_off UNUSEDSIGNAL */
// The file's name is whatever you give it.
/* verilator lint_off DECLFILENAME */
"""
_LINT_ON = """\
/* verilator lint_on DECLFILENAME */
/* verilator lint_on UNUSEDSIGNAL */
"""


@dataclass(frozen=True)
class Exported:
    """A core as text.

    Attributes
    ----------
    name
        The module's.
    verilog
        One module in Verilog-2005 with a header: version, parameters, and every port. The same text for the same
        versions of isadma, Amaranth and Yosys, whatever the version of Python.
    vhdl
        A package ``NAME_pkg`` with the component declaration, as VHDL-93 and VHDL-2008 read it. A tool that reads both
        languages binds the component to the module by its name.
    """

    name: str
    verilog: str
    vhdl: str


def _netlist(configuration: Configuration) -> str:
    """Return the core in Yosys's language, its ports and its clock under their names outside."""
    core, sync = configuration.component, ClockDomain("sync")
    fragment = Fragment.get(core, None)
    fragment.add_domains(sync)
    ports = verilog_ports(core)
    clocks = {port: (signal, None) for port, signal in zip(clock_ports(core), (sync.clk, sync.rst), strict=True)}
    return rtlil.convert(fragment, name=configuration.name, ports={**ports, **clocks}, emit_src=False)


def export(core: str, *, name: str | None = None, **parameters: object) -> Exported:
    """
    Write a core as Verilog-2005, and its component declaration in VHDL.

    Parameters
    ----------
    core
        A key of `VERILOG_CORES`.
    name
        The module's name. Unless told it is ``isadma_`` and the core's, and then each parameter that is not at its
        default: ``isadma_at_cmos_high_pages``.
    **parameters
        The core's own, for instance ``variant="cmos"`` (82C37A); those not given are at their defaults.

    Returns
    -------
    Exported

    Raises
    ------
    ValueError
        An unknown core or parameter, a value that the core refuses, or a name that not every language can write.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    configuration = configure(core, name=name, **parameters)
    with tempfile.TemporaryDirectory(prefix="isadma-verilog-") as folder:
        place = Path(folder)
        (place / "core.il").write_text(_netlist(configuration))
        (place / "widths.v").write_text((files("isadma_boards.verilog") / "widths.v").read_text())
        toolchain.run_script(_SCRIPT, cwd=place)
        text = (place / "core.v").read_text()
    text = text[text.index("\n") + 1 :]  # the first line names the build of Yosys
    text = _INLINE_ATTRIBUTES.sub("", _ATTRIBUTE_LINES.sub("", text))
    # A declaration with an initial value and an assignment in a process are two drivers to lint; this says the same.
    text = _INITIAL.sub(r"\1\2\3;\n\1initial \3 = \4;", text)
    text = _BLANK_LINES.sub("\n\n", text).strip() + "\n"
    verilog = header(configuration) + _LINT + text + _LINT_ON
    return Exported(configuration.name, verilog, header(configuration, comment="--") + package(configuration))
