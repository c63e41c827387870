"""Every test that asks for `engine` runs on each engine."""

import pytest


@pytest.fixture(params=["reference", "amaranth", "native"])
def engine(request):
    return request.param
