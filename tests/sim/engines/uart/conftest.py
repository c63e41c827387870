"""A simulated board, straight on its serial pins and behind its pseudo-terminal."""

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.link import Link
from isadma_sim.engines.uart.serial_port import open_line
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

MEMORY_BITS = 10


@pytest.fixture(scope="session")
def library():
    if missing() is not None:
        pytest.skip(missing())
    return rtl(MEMORY_BITS)


@pytest.fixture
def port(library):
    with SimulatedPort(library) as board:
        yield board


@pytest.fixture
def client(port):
    board = Client(Link(open_line(port.name)))
    yield board
    board.close()
