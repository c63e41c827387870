"""The engine that runs the tour's experiments here; the command itself comes from the folder above."""

from __future__ import annotations

import pytest

from isadma_sim.engines.native.compiler import missing


@pytest.fixture(scope="session")
def engine() -> str:
    """Return the fastest engine there is: the hardware, compiled, or its model."""
    return "native" if missing() is None else "reference"
