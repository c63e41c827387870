"""Builds of the chip for the benches: one for each simulator and variant, shared by all workers."""

import fcntl
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from isadma.i8237 import I8237
from isadma_sim.cosim.build import Build, available, build_core
from isadma_sim.cosim.options import BenchOptions
from isadma_sim.cosim.run import Result, read_results, run

#: Builds outlive a run: the same core again costs nothing.
BUILDS = Path(__file__).parents[2] / "build" / "cosim"


@cache
def _build(simulator: str, variant: str) -> Build:
    return build_core(I8237(variant=variant), simulator=simulator, folder=BUILDS)


@pytest.fixture(scope="session")
def chip() -> Callable[..., Build]:
    """Return a function that builds the chip, or skips where Icarus is not installed."""

    def build(simulator: str = "verilator", variant: str = "nmos") -> Build:
        if simulator == "icarus" and not available(simulator):
            pytest.skip("Icarus Verilog is not installed; the same benches ran on Verilator")
        return _build(simulator, variant)

    return build


@pytest.fixture(scope="session")
def outcomes(chip, tmp_path_factory) -> Callable[[str, BenchOptions], list[Result]]:
    """Return a function that runs all benches of a module once, whichever worker asks first, and has their results."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base

    @cache
    def results(module: str, options: BenchOptions) -> list[Result]:
        name = f"{module.rpartition('.')[2]}-{options.per_state}-{options.variant}"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = shared / name / "results.xml"
            if done.exists():
                return read_results(done)
            return run(chip(variant=options.variant), module, options=options, folder=done.parent)

    return results
