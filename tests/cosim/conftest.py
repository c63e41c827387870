"""Builds of the chip for the benches: one for each simulator and variant, shared by all workers."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from isadma.i8237 import I8237
from isadma_sim.cosim.build import Build, available, build_core

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
