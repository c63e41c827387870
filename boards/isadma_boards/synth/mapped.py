"""A core after synthesis for what is not placed here: cells by kind, or gate equivalents of an ASIC."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from amaranth.back import rtlil

from isadma_boards.synth.cores import CORES
from isadma_boards.synth.liberty import read_library
from isadma_tools import toolchain

__all__ = ["FLOWS", "Flow", "Mapped", "mapped"]


@dataclass(frozen=True)
class Flow:
    """How Yosys maps to a technology, and which beginnings of cell names are what. Buffers of pins are not counted."""

    synth: str
    luts: tuple[str, ...] = ()
    flip_flops: tuple[str, ...] = ()
    memories: tuple[str, ...] = ()
    #: Options of ``stat``.
    stat: str = ""


#: By the name the command line knows; each is a family of `CORES`, too.
FLOWS: Mapping[str, Flow] = {
    "xilinx7": Flow("synth_xilinx -flatten -noiopad -top top", ("LUT",), ("FD",), ("RAM",)),
    "gowin": Flow("synth_gowin -noiopads -top top", ("LUT",), ("DFF",), ("DP", "SDP", "SP", "RAM16")),
    "nexus": Flow("synth_nexus -noiopad -top top", ("LUT4",), ("FD1P3",), ("DPR", "PDP")),
    # `gates.lib` has the sizes, ours or those of a library that is given; memories are flip-flops here.
    "asic": Flow(
        "synth -flatten -top top; dfflibmap -liberty gates.lib; abc -liberty gates.lib; opt_clean -purge",
        stat="-liberty gates.lib",
    ),
}


@dataclass(frozen=True)
class Mapped:
    """
    What one core is made of.

    ``luts`` are look-up tables of all widths, ``memories`` blocks of RAM, large and small. ``gate_equivalents`` is the
    area in two-input NANDs, memories included; None for an FPGA. ``cells`` has every kind of cell with its number.
    """

    core: str
    device: str
    luts: int
    ff: int
    memories: int
    gate_equivalents: int | None
    cells: Mapping[str, int]

    def json(self) -> str:
        """Return the report as one line of JSON, with the field names as keys."""
        return json.dumps(asdict(self))


def mapped(core: str, device: str, liberty: Path | None = None) -> Mapped:
    """
    Synthesize a core and count.

    Parameters
    ----------
    core
        A key of `CORES`.
    device
        A key of `FLOWS`.
    liberty
        The library of standard cells for ``"asic"``; None: `gates.lib`, which has the usual sizes.

    Raises
    ------
    ValueError
        An unknown core or device, or a library for an FPGA.
    isadma_boards.synth.liberty.LibraryError
        The file is none that gate equivalents can be counted with.
    OSError
        It cannot be read.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    if core not in CORES:
        raise ValueError(f"no core is named {core!r}; there are {', '.join(CORES)}")
    if device not in FLOWS:
        raise ValueError(f"no device is named {device!r}; there are {', '.join(FLOWS)}")
    flow = FLOWS[device]
    if liberty is not None and not flow.stat:
        raise ValueError(f"{device} has cells of its own: a liberty file is for an ASIC")
    with tempfile.TemporaryDirectory(prefix="isadma-synth-") as name:
        folder = Path(name)
        gates = folder / "gates.lib"
        usual = resources.files("isadma_boards.synth") / "gates.lib"
        gates.write_bytes(usual.read_bytes() if liberty is None else liberty.read_bytes())
        library = read_library(gates if liberty is None else liberty) if flow.stat else None
        (folder / "core.il").write_text(rtlil.convert(CORES[core](device), name="top"))
        script = f"read_rtlil core.il; {flow.synth}; tee -q -o stat.json stat -json {flow.stat}"
        toolchain.run("yosys", ["-q", "-p", script], cwd=folder)
        found = json.loads((folder / "stat.json").read_text())["design"]
    cells = {kind: n for kind, n in found["num_cells_by_type"].items() if not kind.startswith("$")}

    def count(beginnings: tuple[str, ...]) -> int:
        return sum(n for kind, n in cells.items() if beginnings and kind.startswith(beginnings))

    return Mapped(
        core=core,
        device=device,
        luts=count(flow.luts),
        ff=count(flow.flip_flops) if library is None else sum(cells.get(name, 0) for name in library.flip_flops),
        memories=count(flow.memories),
        gate_equivalents=None if library is None else round(found["area"] / library.nand2),
        cells=dict(sorted(cells.items())),
    )
