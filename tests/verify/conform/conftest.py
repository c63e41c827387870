"""A core to judge: the worked example, its verdicts shared by all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.verdicts import Verdict
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import Laid, lay
from isadma_verify.cosim.common.simulators import available

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
BROKEN = EXAMPLES / "broken8237.v"
PINS = EXAMPLES / "broken8237.toml"

#: Builds outlive a run: the same core again costs nothing.
FOLDER = Path(__file__).parents[3] / "build" / "conform"


def laid_on(files: list[Path], pins: Path, **parameters: str) -> Laid:
    told = read_map(pins)
    return lay(read_core(files, told.top, parameters=parameters), told)


@pytest.fixture(scope="session")
def icarus() -> str:
    """Return the simulator that builds at once, or skip."""
    if not available("icarus"):
        pytest.skip("Icarus Verilog is not installed")
    return "icarus"


@pytest.fixture(scope="session")
def judged(icarus) -> Callable[..., Verdict]:
    """Return a function that judges the worked example with some of its faults on, by some rules."""

    @cache
    def verdict(faults: int, *rules: str) -> Verdict:
        laid = laid_on([BROKEN], PINS, FAULTS=str(faults))
        return judge(Request(laid, simulator=icarus, rules=rules, folder=FOLDER / f"faults{faults}"))

    return verdict
