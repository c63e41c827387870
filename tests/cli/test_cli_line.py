"""A board that cannot be used, as a user meets it: one line, a status, and that within two seconds."""

import os
import threading
import time
import tty
from contextlib import contextmanager, suppress

import pytest
import serial

from isadma_sim import PC, EngineError
from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.frame import Decoder, encode

#: Seconds within which a failure is told: a bound on waits, and no measure of speed.
SOON = 2.0


@contextmanager
def terminal():
    """Yield a pseudo-terminal's two ends."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    try:
        yield master, slave
    finally:
        os.close(master)
        os.close(slave)


@contextmanager
def behind(master, step):
    """Call `step` until the end, on a thread."""
    over = threading.Event()

    def work():
        while not over.is_set():
            with suppress(BlockingIOError):
                step()
                continue
            time.sleep(0.001)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)


@contextmanager
def no_such_port():
    yield "/dev/ttyNONE9"


@contextmanager
def silent_port():
    with terminal() as (_, slave):
        yield os.ttyname(slave)


@contextmanager
def babbling_port():
    with terminal() as (master, slave):
        noise = bytes(range(256)) + b"\x7e\x04\x01\x2e\x2f\x89\x65"
        with behind(master, lambda: os.write(master, noise)):
            yield os.ttyname(slave)


@contextmanager
def blocked_port():
    with terminal() as (_, slave):
        os.set_blocking(slave, False)
        # The kernel makes room a while later, when it has moved what it took: full is what stays full.
        for _ in range(20):
            with suppress(BlockingIOError):
                while True:
                    os.write(slave, bytes(4096))
            time.sleep(0.01)
        yield os.ttyname(slave)


@contextmanager
def port_in_use():
    with terminal() as (_, slave), serial.Serial(os.ttyname(slave), exclusive=True) as other:
        yield other.name


@contextmanager
def other_firmware():
    decoder = Decoder()
    with terminal() as (master, slave):

        def answer():
            for sequence, _ in decoder.feed(os.read(master, 64)):
                os.write(master, encode(sequence, bytes([0, 7, 12])))

        with behind(master, answer):
            yield os.ttyname(slave)


FAULTS = {
    "no such port": (no_such_port, "no serial port '{port}': this machine has "),
    "silent": (silent_port, "{port}: no answer within 1.2 s: check that the board has power, "),
    "babbling": (babbling_port, "{port}: "),
    "takes no bytes": (blocked_port, "{port}: the line takes no bytes: check what is at its other end"),
    "in use": (port_in_use, "the serial port '{port}' is in use: close the other program"),
    "other firmware": (other_firmware, "{port}: the board speaks protocol 7, this isadma 1: `isadma program` loads "),
}


@pytest.fixture(params=FAULTS.values(), ids=FAULTS.keys())
def fault(request):
    """Yield a port with something wrong, and how what is said of it begins."""
    make, message = request.param
    with make() as port:
        yield port, message.format(port=port)


def test_board_test_says_in_one_line_what_is_wrong_with_a_port(isadma, fault):
    port, message = fault
    began = time.monotonic()
    outcome = isadma("board", "test", port)
    assert time.monotonic() - began < SOON
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.complaint.startswith(f"isadma: {message}")


def test_a_job_on_the_board_says_the_same(isadma, fault, disk, monkeypatch):
    port, message = fault
    monkeypatch.setenv("ISADMA_PORT", port)
    began = time.monotonic()
    outcome = isadma("floppy", "read", disk, "--engine", "uart")
    assert time.monotonic() - began < SOON
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.complaint.startswith(f"isadma: {message}")


def test_so_does_a_pc(fault):
    port, message = fault
    began = time.monotonic()
    with pytest.raises(EngineError) as caught:
        PC(engine="uart", port=port)
    assert time.monotonic() - began < SOON
    assert str(caught.value).startswith(message)


def test_a_port_that_babbles_is_told_from_one_that_is_silent(isadma):
    with babbling_port() as port:
        outcome = isadma("board", "test", port)
    assert outcome.complaint.endswith(
        " bytes came within 1.2 s and no answer among them: check that this is the board's port, and its speed"
    )


@pytest.mark.skipif(missing() is not None, reason="no C++ compiler")
@pytest.mark.parametrize("frames", [1, 5, 40, 150])
def test_a_cable_pulled_in_the_middle_of_the_test_is_told(isadma, monkeypatch, frames):
    from isadma_sim.engines.uart.link import Link
    from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

    pulled = []
    whole = Link.exchange

    def exchange(link, *arguments):
        pulled.append(time.monotonic())
        if len(pulled) == frames:
            board.unplug()
        return whole(link, *arguments)

    monkeypatch.setattr(Link, "exchange", exchange)
    with SimulatedPort(rtl(10)) as board:
        outcome = isadma("board", "test", board.name)
    assert time.monotonic() - pulled[-1] < SOON
    assert len(pulled) == frames
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.complaint == f"isadma: {board.name}: the line is gone: check cable and power"
