"""The engine "uart" on a simulated board: devices of the machine, and memory on both sides."""

import random

import pytest

from isadma_sim import PC, Device, EngineError
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.link import Link
from isadma_sim.engines.uart.selftest import Trial, self_test
from isadma_sim.engines.uart.serial_port import open_line
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl


class Disk(Device):
    """Gives what `source` has, keeps what it is given."""

    name, ports = "disk", (0x310,)

    def __init__(self):
        self.source, self.sink, self.ends = bytearray(), [], 0

    def io_write(self, port, value):
        self.lines.dreq(bool(value))

    def dma_read(self):
        return self.source.pop(0)

    def dma_write(self, value):
        self.sink.append(value)

    def tc(self):
        self.ends += 1
        self.lines.dreq(False)


@pytest.fixture
def pc(port):
    with PC(engine="uart", port=port.name) as machine:
        yield machine


def program(pc, mode, address, count):
    """Program channel 1 by the data sheet's ports: mode, flip-flop, address, page, count, unmask."""
    for port, value in (
        (0x0B, mode | 1),
        (0x0C, 0),
        (0x02, address & 0xFF),
        (0x02, address >> 8 & 0xFF),
        (0x83, address >> 16),
        (0x03, count & 0xFF),
        (0x03, count >> 8),
        (0x0A, 0x01),
    ):
        pc.outb(port, value)


@pytest.mark.parametrize("address", [0x0101, 0x3F8, 0x20000], ids=["on the board", "across its end", "beyond it"])
def test_bytes_go_both_ways_wherever_the_memory_is(pc, address):
    disk = Disk()
    pc.attach(disk, dma=1)
    data = random.Random(address).randbytes(16)
    disk.source += data
    program(pc, 0x44, address, 15)
    pc.outb(0x310, 1)
    pc.run(clocks=400)
    assert (pc.memory[address : address + 16], disk.ends) == (data, 1)
    program(pc, 0x48, address, 15)
    pc.outb(0x310, 1)
    pc.run(clocks=400)
    assert (bytes(disk.sink), disk.ends) == (data, 2)


@pytest.mark.parametrize(("start", "end"), [(0x1, 0x2), (0x1, 0x82), (0x81, 0x2), (0x81, 0x82)], ids=str)
def test_a_copy_memory_to_memory_shows_in_the_machines_memory_on_the_board_and_beyond(pc, start, end):
    source, target = start << 8, end << 8
    pc.memory[source : source + 16] = bytes(range(0x40, 0x50))
    for port, value in (
        (0x08, 0x01),  # memory to memory
        (0x87, 0),
        (0x83, 0),
        (0x0B, 0x88),
        (0x0B, 0x85),
        (0x0C, 0),
        (0x00, 0x00),
        (0x00, start),
        (0x02, 0x00),
        (0x02, end),
        (0x01, 0x0F),
        (0x01, 0),
        (0x03, 0x0F),
        (0x03, 0),
        (0x09, 0x04),  # request on channel 0
    ):
        pc.outb(port, value)
    pc.run(clocks=400)
    assert pc.inb(0x08) & 0x02
    assert pc.memory[target : target + 16] == bytes(range(0x40, 0x50))


def test_the_board_has_what_the_machines_memory_has(pc):
    pc.memory[0x10:0x20] = b"sixteen bytes ok"
    pc.run(clocks=1)
    assert pc._engine.client.read(0x10, 16) == b"sixteen bytes ok"


def test_clocks_with_nothing_to_do_do_not_go_over_the_line(pc, port):
    before, start = port.clocks, pc.clocks
    pc.run(clocks=1_000_000)
    assert pc.clocks - start == 1_000_000
    assert port.clocks - before < 100_000


def test_an_access_takes_as_many_clocks_as_on_the_other_engines(pc):
    with PC(engine="reference") as other:
        for machine in (pc, other):
            start = machine.clocks
            machine.outb(0x87, 0x12)
            assert machine.inb(0x87) == 0x12
            assert machine.clocks - start == 14


def test_the_self_test_passes_on_the_board(client):
    report = self_test(client)
    assert [check for check in report.checks if check.failure] == []
    assert len(report.checks) == 2 + 7 + 7 + 1
    assert report.clocks_per_byte == 12  # SI SI S0 S1 S2 S3 SW S4, and four more through the second controller
    # The simulated board has four clocks a bit.
    assert (report.clock_hz, report.dma_bytes_per_second) == (4_000_000, pytest.approx(4_000_000 / 12))


@pytest.mark.long
def test_a_board_without_a_device_of_its_own_passes_what_it_can(library):
    with SimulatedPort(rtl(10, device=False)) as port:
        report = self_test(Client(Link(open_line(port.name))))
    assert [check for check in report.checks if check.failure] == []
    assert len(report.checks) == 2 + 7


def test_an_xt_passes_what_it_has_and_is_no_at():
    with SimulatedPort(rtl(10, device=False, board="xt")) as port:
        client = Client(Link(open_line(port.name)))
        report = self_test(client)
        client.close()
        assert [check for check in report.checks if check.failure] == []
        assert len(report.checks) == 2 + 3
        assert report.clocks_per_byte == 8
        with pytest.raises(EngineError, match=r"^/dev/\S+: the board is a PC/XT: PC\(board='xt'\)$"):
            PC(engine="uart", port=port.name)
        with PC(engine="uart", port=port.name, board="xt") as pc:
            disk = Disk()
            pc.attach(disk, dma=1)
            disk.source += b"four"
            program(pc, 0x44, 0x10, 3)
            pc.outb(0x310, 1)
            pc.run(clocks=200)
            assert (pc.memory[0x10:0x14], disk.ends) == (b"four", 1)


def test_the_self_test_names_what_a_broken_memory_has(client):
    whole = client.write
    client.write = lambda address, data: whole(address, data[:-1] + b"\x00")
    trial = Trial(client, lambda step: None)
    assert trial.memory() == "address 03FFh reads 00h, not 60h"
