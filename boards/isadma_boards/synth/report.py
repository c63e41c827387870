"""Synthesizes a bare core, places it under several seeds, and counts."""

import json
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma_boards.synth.cores import CORES
from isadma_boards.synth.devices import DEVICES, Device
from isadma_boards.synth.wrapper import ShiftWrapper
from isadma_tools import toolchain
from isadma_tools.processes.workers import Workers


@dataclass(frozen=True)
class Report:
    """
    What one core takes on one device.

    ``lut4``, ``ff`` and ``bram`` are Yosys cells of the bare core; ``cells`` are the logic cells that place and
    route filled, less the shift wrapper's own; ``fmax_mhz`` is the median over ``seeds`` placements of the fastest
    register-to-register clock, which ``fmax_by_seed`` lists.
    """

    core: str
    device: str
    lut4: int
    ff: int
    bram: int
    cells: int
    fmax_mhz: float
    seeds: int
    fmax_by_seed: Sequence[float]

    def json(self) -> str:
        """Return the report as one line of JSON, with the field names as keys."""
        return json.dumps(asdict(self))


def _synthesize(top: wiring.Component, device: Device, folder: Path, name: str) -> Mapping[str, int]:
    """Map a component to the device; leave ``name.json`` in the folder and return the number of cells by type."""
    (folder / f"{name}.il").write_text(rtlil.convert(top, name="top"))
    script = f"read_rtlil {name}.il; {device.synth} -top top -json {name}.json; tee -q -o {name}.stat stat -json"
    toolchain.run("yosys", ["-q", "-p", script], cwd=folder)
    return json.loads((folder / f"{name}.stat").read_text())["design"]["num_cells_by_type"]


def _place(device: Device, folder: Path, seed: int) -> tuple[float, int]:
    """Place and route ``placed.json`` under one seed; return the clock in MHz and the cells used."""
    report = f"seed{seed}.json"
    options = ["--json", "placed.json", "--seed", str(seed), "--freq", "200", "--timing-allow-fail", "--report", report]
    toolchain.run(device.pnr, [*device.part, *options, "-q"], cwd=folder)
    data = json.loads((folder / report).read_text())
    clocks = [clock["achieved"] for clock in data["fmax"].values()]
    return min(clocks), data["utilization"][device.cell]["used"]


def _check(core: str, device: str) -> None:
    if core not in CORES:
        raise ValueError(f"no core is named {core!r}; there are {', '.join(CORES)}")
    if device not in DEVICES:
        raise ValueError(f"no device is named {device!r}; there are {', '.join(DEVICES)}")


@dataclass(frozen=True)
class Size:
    """Yosys cells of a bare core: four-input look-up tables, flip-flops and block RAMs."""

    lut4: int
    ff: int
    bram: int


def _count(cells: Mapping[str, int], device: Device) -> Size:
    return Size(
        lut4=sum(cells.get(cell, 0) for cell in device.luts),
        ff=sum(n for cell, n in cells.items() if cell.startswith(device.flip_flops)),
        bram=sum(cells.get(cell, 0) for cell in device.brams),
    )


def size(core: str, device: str) -> Size:
    """
    Count a core's cells after synthesis, without placing it: seconds.

    Parameters
    ----------
    core, device
        As for `measure`, which also says what is raised.
    """
    _check(core, device)
    target = DEVICES[device]
    with tempfile.TemporaryDirectory(prefix="isadma-synth-") as name:
        return _count(_synthesize(CORES[core](target.family), target, Path(name), "bare"), target)


def measure(core: str, device: str, *, seeds: int = 5, progress: Callable[[str], None] = lambda step: None) -> Report:
    """
    Measure a core on a device.

    Parameters
    ----------
    core
        A key of `CORES`.
    device
        A key of `DEVICES`.
    seeds
        How many placements to take the median of; 1 or more. The seeds are 1, 2, …
    progress
        Called with a short sentence before each step.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        An unknown core or device, or no seed.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        A tool is not there, or did not do its work.
    """
    _check(core, device)
    if seeds < 1:
        raise ValueError(f"seeds must be 1 or more, not {seeds}")
    target = DEVICES[device]
    with tempfile.TemporaryDirectory(prefix="isadma-synth-") as name:
        folder = Path(name)
        progress(f"synthesizing {core} for {device}")
        cells = _synthesize(CORES[core](target.family), target, folder, "bare")
        wrapper = ShiftWrapper(CORES[core](target.family))
        _synthesize(wrapper, target, folder, "placed")
        progress(f"placing it under {seeds} seeds")
        with Workers(2) as workers:
            placing = [workers.submit(_place, target, folder, seed) for seed in range(1, seeds + 1)]
            placed = [place.result() for place in placing]
    counted = _count(cells, target)
    speeds = [round(mhz, 1) for mhz, _ in placed]
    return Report(
        core=core,
        device=device,
        lut4=counted.lut4,
        ff=counted.ff,
        bram=counted.bram,
        cells=placed[0][1] - wrapper.outputs - (wrapper.inputs if target.cell_per_ff else 0),
        fmax_mhz=round(statistics.median(speeds), 1),
        seeds=seeds,
        fmax_by_seed=speeds,
    )
