"""Builds the simulated FPGA's library, once per content, beside the native engine's."""

from __future__ import annotations

import ctypes
import hashlib
import platform
from importlib import resources
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import find_compiler, missing
from isadma_sim.engines.native.cpplibrary import FLAGS, compile_library, yosys_to_cpp
from isadma_sim.engines.native.librarycache import cached_library

__all__ = ["load"]


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
    harness = (resources.files("isadma_sim.engines.uart.simulated") / "harness.cc").read_text()

    def build(folder: Path) -> Path:
        (folder / "top.il").write_text(rtlil)
        (folder / "harness.cc").write_text(harness)
        yosys_to_cpp(f"read_rtlil top.il; {script}; write_cxxrtl -g0 top.cc", folder)
        return compile_library(compiler, folder / "harness.cc", "the simulated board")

    key = "\0".join([rtlil, script, harness, *compiler.command, compiler.version, *FLAGS, platform.machine()])
    library = cached_library(f"uart-{hashlib.sha256(key.encode()).hexdigest()[:24]}", build)
    loaded = ctypes.CDLL(library.loads)
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
