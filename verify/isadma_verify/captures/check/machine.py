"""Runs a bench over rows of packed inputs: compiled, or in Amaranth's simulator where there is no compiler."""

from __future__ import annotations

import ctypes
import hashlib
import platform
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from amaranth.back import rtlil
from amaranth.sim import Simulator

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.compiler import find_compiler, missing
from isadma_sim.engines.native.cpplibrary import FLAGS, compile_library, yosys_to_cpp
from isadma_sim.engines.native.librarycache import cached_library
from isadma_verify.captures.check.bench import Bench

__all__ = ["ENGINES", "Machine", "machine"]

#: The engines, the fastest first.
ENGINES = ("native", "amaranth")
_SCRIPT = "read_rtlil bench.il; proc; flatten; opt; splitnets -driver; clean -purge; write_cxxrtl -O6 -g0 bench.cc"

Rows = np.ndarray[Any, np.dtype[np.uint64]]


class Machine(Protocol):
    """A bench that runs; it keeps its state from call to call."""

    def run(self, rows: Rows) -> Rows:
        """Run one fabric clock for each row of inputs, and return the outputs in each, before its edge."""
        ...


def machine(bench: Bench, engine: str | None = None) -> Machine:
    """
    Make a bench run.

    Parameters
    ----------
    bench
        The design.
    engine
        One of `ENGINES`; None takes the first that can run here.

    Raises
    ------
    isadma_sim.engines.base.EngineError
        The compiler failed.
    """
    if engine == "amaranth" or (engine is None and find_compiler() is None):
        return _Simulated(bench)
    return _Compiled(bench)


class _Compiled:
    def __init__(self, bench: Bench) -> None:
        compiler = find_compiler()
        if compiler is None:
            raise EngineError(f"{missing()}, or use --engine amaranth")
        top = bench.top()
        design = rtlil.convert(top, name="bench", ports=[top.clk, top.inputs, top.outputs])
        harness = (resources.files("isadma_verify.captures.check") / "harness.cc").read_text()

        def build(folder: Path) -> Path:
            (folder / "bench.il").write_text(design)
            (folder / "harness.cc").write_text(harness)
            yosys_to_cpp(_SCRIPT, folder)
            return compile_library(compiler, folder / "harness.cc", "the bench of captures", tuning=compiler.tuning)

        key = [design, _SCRIPT, harness, *compiler.command, compiler.version, compiler.target, *FLAGS]
        name = hashlib.sha256("\0".join([*key, platform.machine()]).encode()).hexdigest()[:24]
        self._calls = ctypes.CDLL(cached_library(f"capture-{name}", build).loads)
        self._calls.bench_open.restype = ctypes.c_void_p
        self._calls.bench_open.argtypes = []
        self._calls.bench_close.argtypes = [ctypes.c_void_p]
        self._calls.bench_run.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        self._bench = self._calls.bench_open()

    def __del__(self) -> None:
        if bench := getattr(self, "_bench", None):
            self._calls.bench_close(bench)

    def run(self, rows: Rows) -> Rows:
        given = np.ascontiguousarray(rows, np.uint64)
        shown = np.zeros_like(given)
        self._calls.bench_run(self._bench, given.ctypes.data, shown.ctypes.data, len(given))
        return shown


class _Simulated:
    """Amaranth's simulator, advanced row by row."""

    def __init__(self, bench: Bench) -> None:
        self._given: Rows = np.zeros(0, np.uint64)
        self._shown: list[int] = []
        top = bench.top()

        async def testbench(context: Any) -> None:
            while True:
                for row in self._given.tolist():
                    context.set(top.inputs, row)
                    context.set(top.clk, 0)
                    await context.delay(1e-9)
                    self._shown.append(context.get(top.outputs))
                    context.set(top.clk, 1)
                    await context.delay(1e-9)
                self._given = self._given[:0]
                await context.delay(1e-9)

        self._simulator = Simulator(top)
        self._simulator.add_testbench(testbench)

    def run(self, rows: Rows) -> Rows:
        self._given, self._shown = rows, []
        while len(self._given):
            self._simulator.advance()
        return np.array(self._shown, np.uint64)
