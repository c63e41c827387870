"""What every test starts from."""

import ctypes
import gc
import os
import shutil
import signal
from collections.abc import Iterator
from functools import partial

import pytest

from isadma_sim.engines.native.compiler import find_compiler

# A shell starts what it puts in the background with SIGINT ignored, `nohup` with SIGHUP, and Python leaves it so; tests
# send both.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_configure(config: pytest.Config) -> None:
    """Have Clang build what the quick suite builds, where it is: a quarter of GCC's time, for a tenth less speed.

    The long suite builds with the compiler that a user gets, and so does one test of the quick one.
    """
    if config.option.markexpr == "not long" and not os.environ.get("CXX") and shutil.which("clang++"):
        os.environ["CXX"] = "clang++"
        find_compiler.cache_clear()  # a conftest below this one has asked already where it is named on the command line


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the proofs, which take minutes: no worker shall end alone with one of them."""
    items.sort(key=lambda item: "formal" not in item.path.parts)


@pytest.fixture(autouse=True)
def _cores_that_are_refused(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect the cores that a test made in vain while its filter holds: Amaranth warns of them when they are freed."""
    yield
    if any("UnusedElaboratable" in str(mark.args) for mark in request.node.iter_markers("filterwarnings")):
        gc.collect()


@pytest.fixture
def bound_by_modes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let files' modes bind root as they bind everybody: without the capabilities that override them."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "capset"):
        pytest.skip("root may do everything here")
    header, has = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # version 3, this thread
    assert libc.capget(header, has) == 0
    less = (ctypes.c_uint32 * 6)(*has)
    less[0] &= ~0b110  # of the effective ones: DAC_OVERRIDE, DAC_READ_SEARCH
    assert libc.capset(header, less) == 0
    monkeypatch.setattr(os, "access", partial(os.access, effective_ids=True))
    try:
        yield
    finally:
        assert libc.capset(header, has) == 0
