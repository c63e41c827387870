"""The driver's transfer tests, as they are, on a board at the end of a serial line: its RTL, and its iCE40 netlist."""

import importlib.util
from pathlib import Path

import pytest

from isadma_sim import PC
from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.simulated import SimulatedPort, netlist, rtl

pytestmark = [pytest.mark.long, pytest.mark.skipif(missing() is not None, reason="no C++ compiler")]

_spec = importlib.util.spec_from_file_location("transfer_tests", Path(__file__).with_name("test_transfer.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
globals().update({name: test for name, test in vars(_module).items() if name.startswith("test_")})

MEMORY_BITS = 10


@pytest.fixture(scope="module", params=[rtl, netlist], ids=["rtl", "netlist"])
def library(request):
    return request.param(MEMORY_BITS)


@pytest.fixture
def pc(library):
    with SimulatedPort(library) as port, PC(engine="uart", port=port.name) as machine:
        yield machine


@pytest.fixture(autouse=True)
def on_the_board(pc):
    """Make `pc` a fixture of every test, also of those that come by it through `rig`."""
    return pc
