"""Draw the guide's figures and its clock table from a run: `.venv/bin/python docs/make_figures.py [ENGINE]`.

A simulated PC reads one sector of a floppy by DMA and dumps its waveforms; figures and table come from that dump alone.
"""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from isadma_cli.fat12_format import make_image
from isadma_cli.scenes.dumped import dumped
from isadma_driver.floppy import Floppy
from isadma_driver.kernel import Kernel
from isadma_sim import PC
from isadma_sim.waves.diagram import Trace
from isadma_sim.waves.diagram import draw as draw_traces
from isadma_sim.waves.samples import Sample, samples

GUIDE = Path(__file__).parent / "guide"
PAGE = GUIDE / "4-transfer.md"
DEVICE_PAGE = GUIDE / "your-device.md"
#: The table stands between these two lines of the page.
BEGIN, END = "<!-- clock table: begin -->\n", "<!-- clock table: end -->\n"


def run(engine: str, vcd: Path) -> None:
    """Read one sector by DMA on a PC and leave the waveforms of the read in `vcd`."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "disk.img"
        image.write_bytes(make_image({}))
        with PC(engine=engine, floppy=image) as pc, Floppy(Kernel(pc), "1.44M", dma=True) as floppy:
            pc.waves(vcd)
            floppy.read(0, 1)


def transfer(found: Sequence[Sample], within: int, *, lead: int) -> list[Sample]:
    """Return the clocks of the transfer that has DACK2# low in clock `within`: from `lead` clocks before its HRQ on."""
    first = end = within
    while found[first]["cpu.hrq"]:
        first -= 1
    while found[end]["cpu.hlda"]:
        end += 1
    return list(found[first + 1 - lead : end + 2])


def first_byte(found: Sequence[Sample]) -> list[Sample]:
    """Return the clocks of the sector's first byte, from the clock before its DRQ2."""
    first = next(index for index, now in enumerate(found) if not now["dma.dack2_n"])
    return transfer(found, first, lead=3)


def last_byte(found: Sequence[Sample]) -> list[Sample]:
    """Return the clocks of the byte with terminal count."""
    last = max(index for index, now in enumerate(found) if now["isa.tc"] and not now["dma.dack2_n"])
    return transfer(found, last, lead=1)


# The table ------------------------------------------------------------------------------------------------------------

_COLUMNS = ("clock", "DMA 1", "DMA 2", "DRQ2", "HRQ", "HLDA", "AEN", "DACK2#", "A23-A0", "IOR#", "MEMW#", "D7-D0", "TC")


def table(clocks: Sequence[Sample]) -> str:
    """Return a transfer as a Markdown table, a row a clock; a line that floats is a dash."""
    rows = [_COLUMNS, ("---",) * len(_COLUMNS)]
    for number, now in enumerate(clocks):
        address, data = now["isa.a"], now["isa.d"]
        plain = ("dma1.state", "dma2.state", "dma.drq2", "cpu.hrq", "cpu.hlda", "isa.aen", "dma.dack2_n")
        rows.append(
            (
                str(number),
                *(str(now[name]) for name in plain),
                f"{address:06X}h" if isinstance(address, int) and now["isa.aen"] else "-",
                str(now["isa.ior_n"]),
                str(now["isa.memw_n"]),
                f"{data & 0xFF:02X}h" if isinstance(data, int) else "-",
                str(now["isa.tc"]),
            )
        )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def put_table(page: Path, text: str) -> None:
    """Replace the table of a page."""
    before, rest = page.read_text().split(BEGIN)
    page.write_text(before + BEGIN + text + END + rest.split(END)[1])


# The figures ----------------------------------------------------------------------------------------------------------

#: Lines of a figure: label, name in the dump, kind.
_LINES = (
    ("CLK", "clk", "clock"),
    ("DMA 1", "dma1.state", "word"),
    ("DMA 2", "dma2.state", "word"),
    ("DRQ2", "dma.drq2", "bit"),
    ("HRQ", "cpu.hrq", "bit"),
    ("HLDA", "cpu.hlda", "bit"),
    ("AEN", "isa.aen", "bit"),
    ("DACK2#", "dma.dack2_n", "bit"),
    ("A23-A0", "isa.a", "address"),
    ("IOR#", "isa.ior_n", "bit"),
    ("MEMW#", "isa.memw_n", "bit"),
    ("D7-D0", "isa.d", "data"),
    ("TC", "isa.tc", "bit"),
)


def _text(kind: str, value: int | str | None, sample: Sample) -> str:
    """Say what a bus carries; nothing for one that floats or is the CPU's leftover."""
    if value is None or (kind == "address" and not sample["isa.aen"]):
        return ""
    if isinstance(value, int):
        return f"{value:06X}h" if kind == "address" else f"{value & 0xFF:02X}h"
    return value


def draw(clocks: Sequence[Sample], title: str, path: Path) -> None:
    """Draw clocks as a timing diagram, SVG or PNG by the ending; the clocks in which HLDA is high are shaded."""
    traces = []
    for label, name, kind in _LINES:
        if kind in ("word", "address", "data"):
            traces.append(Trace(label, "bus", [_text(kind, now[name], now) for now in clocks]))
        else:
            traces.append(Trace(label, kind, [int(now[name] or 0) for now in clocks]))
    held = [index for index, now in enumerate(clocks) if now["cpu.hlda"]]
    draw_traces(traces, title, path, shaded=(held[0], held[-1]), note="the CPU has let go of the bus")


def own_device(folder: Path, picture: Path) -> None:
    """Run the program of the page on devices, and draw what its own command draws."""
    (program,) = re.findall(r"^```python\n(.*?)^```", DEVICE_PAGE.read_text(), re.MULTILINE | re.DOTALL)
    with contextlib.chdir(folder), contextlib.redirect_stdout(None):
        exec(compile(program, DEVICE_PAGE.name, "exec"), {"__name__": "__main__"})
    played = dumped(folder / "counter.vcd", "dack3", 38)
    draw_traces(played.traces(), "A device of one's own, on channel 3", picture)


def main(engine: str = "amaranth") -> None:
    """Draw everything anew."""
    with tempfile.TemporaryDirectory() as folder:
        vcd = Path(folder) / "read.vcd"
        run(engine, vcd)
        found = list(samples(vcd))
        own_device(Path(folder), GUIDE / "figures" / "own-device.svg")
    figures = GUIDE / "figures"
    draw(first_byte(found), "The first byte of a sector, from device to memory", figures / "first-byte.svg")
    draw(last_byte(found), "The last byte: terminal count, and DRQ2 goes", figures / "last-byte.svg")
    put_table(PAGE, table(first_byte(found)))
    print(f"wrote {figures} and the table of {PAGE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
