"""Cores as text, each written once for all tests, and a Yosys that starts at once."""

import os
import shlex
from contextlib import contextmanager

import pytest

from isadma_boards.verilog import VERILOG_CORES, export
from isadma_tools.toolchain import soonest_yosys

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


@pytest.fixture(scope="session")
def native_yosys(tmp_path_factory):
    """Return a context in which PATH has a Yosys, which is taken before the one that would be compiled for a minute.

    It counts within one per cent of that one's figures; the long suite has those themselves.
    """
    folder = tmp_path_factory.mktemp("yosys")
    (folder / "yosys").write_text(f'#!/bin/sh\nexec {shlex.join(soonest_yosys())} "$@"\n')
    (folder / "yosys").chmod(0o755)

    @contextmanager
    def first():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
            yield

    return first


@pytest.fixture
def by_native_yosys(native_yosys):
    with native_yosys():
        yield
