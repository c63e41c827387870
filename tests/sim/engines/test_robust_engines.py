"""What goes wrong in a device or at the keyboard surfaces from the call, and the machine goes on."""

import os
import signal

import pytest

from isadma_sim import PC, Device, EngineError
from isadma_sim.engines.base import open_engine


class Faulty(Device):
    """Fails where it is told to."""

    name = "faulty"
    ports = (0x300,)

    def __init__(self):
        self.fail = None

    def _maybe(self, where):
        if self.fail == where:
            raise ArithmeticError(where)

    def io_read(self, port):
        self._maybe("io_read")
        return 0x5A

    def io_write(self, port, value):
        self._maybe("io_write")

    def dma_read(self):
        self._maybe("dma_read")
        return 0x77

    def dack(self, active):
        self._maybe("dack")

    def tc(self):
        self.lines.dreq(False)
        self._maybe("tc")


@pytest.fixture
def machine(runner):
    name, options = runner
    with PC(engine=name, **options) as pc:
        device = Faulty()
        pc.attach(device, dma=1)
        for port, value in ((0x0C, 0), (0x0B, 0x45), (2, 0), (2, 0), (0x83, 1), (3, 3), (3, 0), (0x0A, 1)):
            pc.outb(port, value)
        yield pc, device


@pytest.mark.parametrize("where", ["dma_read", "dack", "tc"])
def test_an_exception_in_a_dma_callback_surfaces_and_the_transfer_goes_on(machine, where):
    pc, device = machine
    device.fail = where
    device.lines.dreq(True)
    with pytest.raises(ArithmeticError, match=where):
        pc.run(clocks=500)
    device.fail = None
    pc.run(clocks=500)
    assert pc.inb(0x08) & 0x02
    assert pc.memory[0x10003] == 0x77
    assert pc.stats.transfers[1] == 4


@pytest.mark.parametrize("where", ["io_read", "io_write"])
def test_an_exception_in_a_port_access_surfaces_and_the_bus_is_free_again(machine, where):
    pc, device = machine
    device.fail = where
    with pytest.raises(ArithmeticError, match=where):
        pc.inb(0x300) if where == "io_read" else pc.outb(0x300, 1)
    device.fail = None
    assert pc.inb(0x300) == 0x5A
    assert pc.inb(0x83) == 0x01


def test_an_exception_in_an_ordered_call_surfaces_and_later_ones_are_made(machine):
    pc, device = machine
    made = []
    device.lines.after(10, lambda: 1 // 0)
    device.lines.after(20, lambda: made.append(pc.clocks))
    start = pc.clocks
    with pytest.raises(ZeroDivisionError):
        pc.run(clocks=100)
    assert pc.clocks == start + 10
    pc.run(clocks=100)
    assert made == [start + 20]


def test_ctrl_c_surfaces_at_a_clock_boundary_and_leaves_the_machine_usable(machine):
    pc, device = machine
    device.lines.after(50, lambda: os.kill(os.getpid(), signal.SIGINT))
    start = pc.clocks
    with pytest.raises(KeyboardInterrupt):
        pc.run(clocks=1_000_000)
    assert pc.clocks - start < 1000
    device.lines.dreq(True)
    pc.run(clocks=200)
    assert pc.memory[0x10000:0x10004] == b"\x77" * 4
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_cpu_does_not_wait_for_the_bus_for_ever(runner):
    name, options = runner
    with PC(engine=name, bus_timeout=2000, **options) as pc:
        device = Faulty()
        pc.attach(device, dma=5)
        pc.outb(0xD6, 0xC1)  # a bus master's channel: DACK5# stays as long as DRQ5
        pc.outb(0xD4, 0x01)
        device.lines.dreq(True)
        pc.run(clocks=20)
        with pytest.raises(EngineError, match=r"waited 2000 clocks for the bus.*HRQ"):
            pc.inb(0x80)
        device.lines.dreq(False)
        pc.outb(0x80, 0x42)
        assert pc.inb(0x80) == 0x42


def test_a_wait_that_takes_too_long_surfaces_and_the_machine_goes_on(machine):
    pc, device = machine
    start = pc.clocks
    with pytest.raises(TimeoutError, match="IRQ 5"):
        pc.wait_irq(5, clocks=3000)
    assert start + 3000 <= pc.clocks < start + 3100
    device.lines.dreq(True)
    pc.run(clocks=200)
    assert pc.memory[0x10000:0x10004] == b"\x77" * 4


def test_an_unknown_engine_is_refused_with_the_names_there_are():
    with pytest.raises(EngineError, match=r"^no engine named 'icarus': use one of amaranth.*reference") as error:
        PC(engine="icarus")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("board", ["ps2", "AT"])
def test_an_unknown_board_is_refused(board, runner):
    with pytest.raises(ValueError, match=rf"^no board '{board}': use one of "):
        PC(engine=runner[0], board=board, **runner[1])


@pytest.mark.parametrize("name", ["hlda_delay", "bus_timeout"])
@pytest.mark.parametrize("clocks", [0, -1, 1.5, (1 << 32) + 1])
def test_a_wait_of_no_clocks_or_too_many_is_refused(runner, name, clocks):
    with pytest.raises(ValueError, match=rf"^{name}={clocks}: give a number of clocks, 1 to 4294967296$"):
        PC(engine=runner[0], **{name: clocks}, **runner[1])


def test_engines_are_opened_by_name_from_their_own_modules():
    with pytest.raises(EngineError):
        open_engine("", None)


def test_a_machine_begins_as_new_on_the_simulator_of_one_that_was_closed_in_the_middle_of_a_transfer():
    def opened():
        return PC(engine="amaranth")

    with opened() as pc:
        new, board = pc.save(), pc._engine.board
        device = Faulty()
        pc.attach(device, dma=1)
        for port, value in ((0x0C, 0), (0x0B, 0x45), (2, 0), (2, 0), (0x83, 1), (3, 3), (3, 0), (0x0A, 1)):
            pc.outb(port, value)
        device.lines.dreq(True)
        pc.run(9)
        assert pc._engine.stats.dma_clocks
    with opened() as pc:
        assert pc._engine.board is board, "the simulator is used again"
        with opened() as beside:
            assert beside._engine.board is not board, "but by one machine at a time"
            assert beside.save() == pc.save() == new
