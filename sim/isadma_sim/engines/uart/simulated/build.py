"""Builds the simulated FPGA's library, once per content, beside the native engine's."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import subprocess
import tempfile
from importlib import resources
from pathlib import Path

from filelock import FileLock

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.build import BUILD_TIMEOUT, _cache_folder, _runtime
from isadma_sim.engines.native.compiler import find_compiler, missing
from isadma_tools import toolchain

__all__ = ["load"]

_FLAGS = ("-std=c++17", "-O2", "-fPIC", "-shared", "-DNDEBUG")


def load(rtlil: str, script: str) -> ctypes.CDLL:
    """Return the library of a design, building it where the cache has none.

    Parameters
    ----------
    rtlil : str
        The module ``top`` with ports ``clk``, ``rx``, ``tx`` and ``leds``.
    script : str
        What Yosys does between reading ``top.il`` and writing C++.

    Raises
    ------
    EngineError
        There is no compiler, or it failed.
    """
    compiler = find_compiler()
    if compiler is None:
        raise EngineError(f"{missing()}: a simulated board is compiled")
    harness = resources.files("isadma_sim.engines.uart.simulated") / "harness.cc"
    key = "\0".join([rtlil, script, harness.read_text(), *compiler.command, compiler.version, platform.machine()])
    name = f"uart-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    folder = _cache_folder()
    library = folder / f"{name}.so"
    with FileLock(str(folder / f"{name}.lock"), timeout=BUILD_TIMEOUT):
        if not library.exists():
            _build(rtlil, script, harness.read_text(), compiler.command, library)
    loaded = ctypes.CDLL(str(library))
    loaded.uart_open.restype = ctypes.c_void_p
    loaded.uart_open.argtypes = [ctypes.c_uint]
    loaded.uart_close.argtypes = [ctypes.c_void_p]
    loaded.uart_clocks.restype = ctypes.c_uint64
    loaded.uart_clocks.argtypes = [ctypes.c_void_p]
    loaded.uart_leds.restype = ctypes.c_uint32
    loaded.uart_leds.argtypes = [ctypes.c_void_p]
    loaded.uart_exchange.restype = ctypes.c_size_t
    loaded.uart_exchange.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint64,
    ]
    return loaded


def _build(
    rtlil: str,
    script: str,
    harness: str,
    command: tuple[str, ...],
    library: Path,
) -> None:
    with tempfile.TemporaryDirectory(prefix="build-", dir=library.parent) as name:
        folder = Path(name)
        (folder / "top.il").write_text(rtlil)
        (folder / "harness.cc").write_text(harness)
        said = toolchain.run("yosys", ["-q", "-p", f"read_rtlil top.il; {script}; write_cxxrtl -g0 top.cc"], cwd=folder)
        if "delta cycles" in said:
            raise EngineError("one evaluation per clock does not settle this design: it has combinational feedback")
        made = folder / library.name
        done = subprocess.run(
            [*command, *_FLAGS, f"-I{_runtime()}", "-o", str(made), str(folder / "harness.cc")],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            said = next((line for line in done.stderr.splitlines() if "error" in line), "it said nothing")
            raise EngineError(f"{command[0]} could not build the simulated board: {said.strip()}")
        os.replace(made, library)
