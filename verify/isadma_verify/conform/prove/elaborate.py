"""A core for a solver: read by slang, after GHDL's synthesis where it is VHDL, and written as one RTLIL file."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from isadma_tools import toolchain
from isadma_tools.processes.workers import run_child
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.prove.netlist import plain
from isadma_verify.conform.sources.ports import Core
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.cosim.common.build import GHDL_FLAGS, VERILOG_2005
from isadma_verify.cosim.common.simulators import SimulatorError, find_simulator

#: How slang reads: all files as one, a core's own assertions left alone, and what simulators take and it would not.
_READER = (
    "--threads 1",
    "--single-unit",
    "--ignore-assertions",
    "--allow-use-before-declare",
    "--relax-enum-conversions",
    "--allow-hierarchical-const",
    "--allow-merging-ansi-ports",
)


def in_verilog(core: Core, place: Path, timeout: float) -> Core:
    """
    Return a VHDL core as GHDL synthesizes it, in Verilog, its generics set; one in Verilog as it is.

    Parameters
    ----------
    core
        The core.
    place
        An existing folder for GHDL's library and what it writes.
    timeout
        Seconds of wall time.

    Raises
    ------
    ConformError
        GHDL is not installed, or cannot synthesize it.
    """
    if core.language == "verilog":
        return core
    if any(port.group is not None for port in core.ports.values()):
        raise ConformError("--prove takes no records: GHDL makes one vector of each; give the core ports of bits")
    try:
        ghdl = find_simulator("ghdl")
    except SimulatorError as error:
        raise ConformError(f"--prove of VHDL needs GHDL, which makes Verilog of it: {error}") from error
    library = place / "ghdl"
    shutil.rmtree(library, ignore_errors=True)
    library.mkdir()
    common = [*GHDL_FLAGS, f"--workdir={library}"]
    generics = [f"-g{name}={value}" for name, value in core.parameters.items()]
    files = [str(file.resolve()) for file in core.files]
    _ghdl(core, [ghdl.program, "-i", *common, *files], place, timeout)
    # Made first: a component is bound to an entity that is analysed, and a black box where there is none yet.
    _ghdl(core, [ghdl.program, "-m", *common, core.top], place, timeout)
    text = _ghdl(core, [ghdl.program, "--synth", *common, *generics, "--out=verilog", core.top], place, timeout)
    netlist = place / "synthesized.v"
    netlist.write_text(plain(text))
    return replace(core, files=(netlist,), language="verilog", parameters={}, standard="")


def _ghdl(core: Core, command: list[str], place: Path, timeout: float) -> str:
    try:
        done = run_child(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise ConformError(f"GHDL did not end within {timeout:g} s") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if re.search(r":\d+:\d+:(?!.*\bwarning)", line)]
        said = (lines or done.stderr.splitlines() or [f"status {done.returncode}"])[0]
        raise ConformError(f"--prove takes what can be synthesized, and GHDL says of {core.top}: {said}")
    if unbound := re.search(r'of component "([^"]*)" is not bound', done.stderr):
        raise ConformError(f"component {unbound[1]!r} has no entity: give the file that has it")
    return done.stdout


def elaborate(core: Core, wrapper: Path, place: Path, timeout: float) -> str | None:
    """
    Write ``core.il``: the wrapper with the core in it, flat.

    Parameters
    ----------
    core
        A core in Verilog.
    wrapper
        Its wrapper.
    place
        Where the file goes.
    timeout
        Seconds of wall time.

    Returns
    -------
    str or None
        What slang says against it; None where the file is written.
    """
    told = [*_READER, f"--top {TOP}", *(f'-I "{folder.resolve()}"' for folder in core.includes)]
    told += ["--std 1364-2005"] if core.standard == VERILOG_2005 else []
    told += [f"-D {key}={value}" if value else f"-D {key}" for key, value in core.defines.items()]
    told += [f'"{file.resolve()}"' for file in (*core.files, wrapper)]
    # In a file, where a path may have blanks in it.
    (place / "core.f").write_text("\n".join(told))
    try:
        toolchain.run_script("read_slang -f core.f; write_rtlil core.il", cwd=place, timeout=timeout)
    except (toolchain.ToolFailedError, toolchain.ToolMissingError) as error:
        return str(error)
    return None
