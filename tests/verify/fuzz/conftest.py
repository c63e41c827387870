"""Libraries of the fuzz targets: compiled once, shared by all tests of a worker."""

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.fuzz.library import load
from isadma_verify.fuzz.targets import target


@pytest.fixture(scope="session")
def library():
    """Get the library of a target, by name and fabric clocks a state."""
    if missing() is not None:
        pytest.skip(missing())
    return lambda name, per_state=1: load(target(name), per_state)
