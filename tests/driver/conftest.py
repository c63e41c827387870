"""The simulated PC under the driver's tests."""

import random

import pytest

from isadma_sim import PC

#: Runs the tests; the hardware's own engine has tests of its own, marked by name.
ENGINE = "reference"


@pytest.fixture
def pc():
    with PC(engine=ENGINE) as machine:
        yield machine


@pytest.fixture
def rng(request):
    """Randomness whose seed is the test's name, so a failure repeats."""
    print("seed", request.node.name)
    return random.Random(request.node.name)
