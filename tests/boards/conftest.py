"""Cores as text, each written once for all tests."""

import pytest

from isadma_boards.verilog import VERILOG_CORES, export

#: Every core as it comes, and each with other parameters than its own.
CORES = [
    *((core, {}) for core in VERILOG_CORES),
    ("i8237", {"variant": "cmos", "memory": {"ram_style": "distributed"}}),
    ("at", {"high_pages": True, "refresh": True, "wait_states": 0}),
    ("xt", {"wait_states": 7, "undefined_read": 0}),
    ("wishbone", {"variant": "cmos", "name": "dma_of_mine"}),
    ("socket", {"stages": 3, "variant": "cmos"}),
]
_made = {}


def exported_once(core, **parameters):
    """Return a core as text; it is written when it is asked for the first time."""
    key = core, repr(sorted(parameters.items()))
    if key not in _made:
        _made[key] = export(core, **parameters)
    return _made[key]


@pytest.fixture
def exported():
    return exported_once


def pytest_generate_tests(metafunc):
    """Give a test that asks for `core_as_text` every core, and each with other parameters."""
    if "core_as_text" in metafunc.fixturenames:
        names = [f"{core}-changed" if parameters else core for core, parameters in CORES]
        metafunc.parametrize("core_as_text", CORES, ids=names, indirect=True)


@pytest.fixture
def core_as_text(request):
    core, parameters = request.param
    return exported_once(core, **parameters)
