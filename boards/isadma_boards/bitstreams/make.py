"""Makes a board's bitstream with the open tools, under one seed or several, and says how it came out."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from isadma_boards.bitstreams.critical import in_words
from isadma_boards.bitstreams.throughput import Throughput, on_paper
from isadma_boards.tops import BOARDS, SOCKETS, BoardSpec, SocketSpec, SocketTop, Top
from isadma_tools import toolchain
from isadma_tools.files.whole import write_whole

__all__ = ["BuildReport", "build"]


@dataclass(frozen=True)
class BuildReport:
    """
    How a bitstream came out.

    ``cells`` and ``bram`` are what place and route filled, ``cells_there`` and ``bram_there`` what the part has;
    ``fmax_mhz`` is the fastest clock of the best seed, ``clock_mhz`` the board's oscillator or what its PLL makes;
    ``seconds`` are wall time.
    ``throughput`` is on paper, each mode at both clocks; at ``mhz_for_40_mbyte`` the fastest one passes 40 Mbyte/s;
    nothing of both for the part in its socket, which has the clock it is given.
    """

    board: str
    bitstream: str
    cells: int
    cells_there: int
    bram: int
    bram_there: int
    fmax_mhz: float
    clock_mhz: float
    seed: int
    fmax_by_seed: Mapping[int, float]
    critical_path: str
    seconds: float
    throughput: Sequence[Throughput]
    mhz_for_40_mbyte: float

    @property
    def meets_clock(self) -> bool:
        """Whether the bitstream is fast enough for its clock."""
        return self.fmax_mhz >= self.clock_mhz

    def json(self) -> str:
        """Return the report as one line of JSON, with the field names as keys."""
        return json.dumps(asdict(self))


def _prepare(spec: BoardSpec, socket: SocketSpec | None, folder: Path) -> None:
    """Leave ``top.il`` and the pins' constraints in the folder."""
    # Not with the script that Amaranth writes beside them: it knows no seeds, and for Gowin a tool PyPI does not have.
    platform = spec.make_platform()
    if socket is not None:
        platform.add_resources([socket.resource()])
    plan = platform.prepare(Top(spec) if socket is None else SocketTop(socket), do_program=False)
    for name in ("top.il", spec.family.constraints):
        text = plan.files[name]
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def _place(spec: BoardSpec, folder: Path, seed: int) -> Mapping[str, Any]:
    """Place and route under one seed; return the tool's report."""
    family = spec.family
    options = ["--seed", str(seed), "--report", "report.json", "--timing-allow-fail", "--quiet", *family.placing]
    toolchain.run(family.pnr, [*spec.part, *family.files, *options], cwd=folder)
    return json.loads((folder / "report.json").read_text())


def _fmax(report: Mapping[str, Any]) -> float:
    return round(min(clock["achieved"] for clock in report["fmax"].values()), 2)


def build(
    board: str,
    folder: Path,
    *,
    seeds: int = 1,
    clock_hz: int | None = None,
    wait_states: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> BuildReport:
    """
    Make a board's bitstream.

    Parameters
    ----------
    board
        A key of `BOARDS` or `SOCKETS`.
    folder
        Where ``BOARD.bin`` (or ``.bit``, ``.fs``) and the tools' files go; made where it is not there.
    seeds
        How many placements to choose the fastest of; the seeds are 1, 2, …
    clock_hz, wait_states
        As for `BoardSpec.given`.
    progress
        Called with a short sentence before each step.

    Returns
    -------
    BuildReport
        Also of a bitstream that is too slow for the board's clock.

    Raises
    ------
    ValueError
        An unknown board, no seed, or a clock that it cannot be given.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        A tool is not there, or the design does not fit.
    """
    if board not in BOARDS and board not in SOCKETS:
        raise ValueError(f"no board is named {board!r}; there are {', '.join([*BOARDS, *SOCKETS])}")
    if seeds < 1:
        raise ValueError(f"seeds must be 1 or more, not {seeds}")
    socket = SOCKETS.get(board)
    if socket is None:
        spec = BOARDS[board].given(clock_hz, wait_states)
        runs_at = spec.clock_hz
    elif clock_hz is None and wait_states is None:
        spec, runs_at = BOARDS[socket.board], socket.fabric_hz
    else:
        raise ValueError(f"{board} has a clock of its own and no wait states")
    family = spec.family
    for tool in ("yosys", family.pnr, family.packer):
        toolchain.find(tool)
    began = time.monotonic()
    work = folder / board
    work.mkdir(parents=True, exist_ok=True)
    progress("writing the design")
    _prepare(spec, socket, work)
    progress("synthesizing it")
    toolchain.run("yosys", ["-q", "-p", f"read_rtlil top.il; {family.synth}"], cwd=work)
    bitstream = folder / f"{board}{Path(family.bitstream).suffix}"
    by_seed: dict[int, float] = {}
    best: Mapping[str, Any] = {}
    best_seed = 0
    for seed in range(1, seeds + 1):
        progress(f"placing and routing it, seed {seed} of {seeds}")
        report = _place(spec, work, seed)
        by_seed[seed] = _fmax(report)
        if not best or by_seed[seed] > by_seed[best_seed]:
            best, best_seed = report, seed
            toolchain.run(family.packer, list(family.pack), cwd=work)
            write_whole(bitstream, (work / family.bitstream).read_bytes())
    used = best["utilization"]
    rates: Sequence[Throughput] = ()
    needed = 0.0
    if socket is None:
        rates, needed = on_paper(spec.kind, spec.wait_states, runs_at, by_seed[best_seed] * 1e6)
    return BuildReport(
        board=board,
        bitstream=str(bitstream),
        cells=used[family.cell]["used"],
        cells_there=used[family.cell]["available"],
        bram=used[family.bram]["used"],
        bram_there=used[family.bram]["available"],
        fmax_mhz=by_seed[best_seed],
        clock_mhz=runs_at / 1e6,
        seed=best_seed,
        fmax_by_seed=by_seed,
        critical_path=in_words(best),
        seconds=round(time.monotonic() - began, 1),
        throughput=rates,
        mhz_for_40_mbyte=round(needed / 1e6, 2),
    )
