"""Writes a core as one Verilog file: the same text every time, and clean under lint."""

import re
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from amaranth.back import rtlil

from isadma_boards.verilog.cores import VERILOG_CORES
from isadma_boards.verilog.ports import FABRIC_CLOCK, ports_of
from isadma_tools import toolchain

__all__ = ["VARIANTS", "export"]

VARIANTS = ("nmos", "cmos")

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
_RENAMED_CLOCK = re.compile(r"^ *input \\(clk\$\d+) ;$", re.MULTILINE)

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


def _header(core: str, name: str, parameters: dict[str, object], rows: list[tuple[str, str, str, str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"// {name}: {VERILOG_CORES[core].summary}.",
        f"// Written by `isadma verilog --core {core} --variant {parameters['variant']}`, isadma {version('isadma')}.",
        "// SPDX-License-Identifier: BSD-2-Clause",
        "//",
        "// Parameters: " + ", ".join(f"{key} = {value!r}" for key, value in parameters.items() if value is not None),
        "//",
        "// Ports:",
    ]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
        lines.append(f"//   {'  '.join([*cells, row[3]])}".rstrip())
    return "\n".join(lines) + "\n\n"


def export(core: str, *, variant: str = "nmos") -> str:
    """
    Write a core as Verilog-2005.

    Parameters
    ----------
    core
        A key of `VERILOG_CORES`; the module is called ``isadma_`` and that name.
    variant
        ``"nmos"`` (8237A) or ``"cmos"`` (82C37A).

    Returns
    -------
    str
        One module with a header: version, parameters, and every port. The same text for the same versions of isadma,
        Amaranth and Yosys.

    Raises
    ------
    ValueError
        An unknown core or variant.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    if core not in VERILOG_CORES:
        raise ValueError(f"no core is named {core!r}; there are {', '.join(VERILOG_CORES)}")
    if variant not in VARIANTS:
        raise ValueError(f"variant is {variant!r}: there are {' and '.join(VARIANTS)}")
    chosen = VERILOG_CORES[core]
    component = chosen.make(variant=variant)
    name = f"isadma_{core}"
    rows = [
        (port.name, "in" if port.is_input else "out", str(port.width), port.meaning) for port in ports_of(component)
    ]
    with tempfile.TemporaryDirectory(prefix="isadma-verilog-") as folder:
        place = Path(folder)
        (place / "core.il").write_text(rtlil.convert(component, name=name, emit_src=False))
        (place / "widths.v").write_text((files("isadma_boards.verilog") / "widths.v").read_text())
        toolchain.run("yosys", ["-q", "-p", _SCRIPT], cwd=place)
        text = (place / "core.v").read_text()
    text = text[text.index("\n") + 1 :]  # the first line names the build of Yosys
    text = _INLINE_ATTRIBUTES.sub("", _ATTRIBUTE_LINES.sub("", text))
    # A declaration with an initial value and an assignment in a process are two drivers to lint; this says the same.
    text = _INITIAL.sub(r"\1\2\3;\n\1initial \3 = \4;", text)
    if renamed := _RENAMED_CLOCK.search(text):
        text = text.replace(f"\\{renamed[1]} ", FABRIC_CLOCK)
    text = _BLANK_LINES.sub("\n\n", text).strip() + "\n"
    return _header(core, name, {**chosen.parameters, "variant": variant}, rows) + _LINT + text + _LINT_ON
