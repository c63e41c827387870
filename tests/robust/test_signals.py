"""Signals from another process at any time: nothing torn, nothing lost, nothing left behind."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from busy import busy, wounds

from isadma_sim import Device
from isadma_sim.machine import signals as held

HERE = Path(__file__).parent
SIGNALS = (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGUSR1, signal.SIGRTMIN)


def pelted(engine, rounds, seed):
    """Run a busy machine and send it so many signals; returns what it said of itself after each."""
    dice = random.Random(seed)
    child = subprocess.Popen(
        [sys.executable, str(HERE / "interrupted.py"), engine, str(rounds), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    )
    said = []
    with child:
        for line in child.stdout:
            if line == "send\n":
                time.sleep(dice.random() * 0.03)
                child.send_signal(dice.choice(SIGNALS))
            else:
                said.append(line.strip())
    assert child.returncode == 0
    return said


def torn(said, rounds):
    assert len(said) == rounds + 1
    return [line for line in said[:-1] if not line.endswith(": whole")]


@pytest.mark.parametrize(("engine", "rounds"), [("native", 100), ("reference", 20)])
def test_a_busy_machine_is_whole_after_each_signal(engine, rounds):
    assert torn(pelted(engine, rounds, 14), rounds) == []


@pytest.mark.long
@pytest.mark.parametrize(("engine", "rounds"), [("native", 2000), ("reference", 300), ("amaranth", 50)])
def test_a_busy_machine_is_whole_after_each_of_many_signals(engine, rounds):
    assert torn(pelted(engine, rounds, 237), rounds) == []


@pytest.fixture(params=["native", "reference", pytest.param("amaranth", marks=pytest.mark.long)])
def machine(request):
    pc, whole, blocks = busy(request.param)
    with pc:
        yield pc, whole, blocks


class BellError(Exception):
    pass


@pytest.fixture
def bell():
    """SIGALRM raises BellError, as a test's time limit would."""

    def ring(number, frame):
        raise BellError

    old = signal.signal(signal.SIGALRM, ring)
    yield ring
    signal.signal(signal.SIGALRM, old)


def test_a_handler_that_raises_waits_for_the_end_of_the_callback(machine, bell):
    pc, whole, blocks = machine
    after = []

    def beat():
        os.kill(os.getpid(), signal.SIGALRM)
        after.append(sum(range(1000)))  # many a bytecode later

    whole.lines.after(3, beat)
    start = pc.clocks
    with pytest.raises(BellError):
        pc.run(clocks=10_000_000)
    assert after
    assert pc.clocks - start < 1000
    assert wounds(pc, whole, blocks) == []
    assert signal.getsignal(signal.SIGALRM) is bell


def test_signals_of_several_kinds_are_all_delivered(machine, bell):
    pc, whole, _ = machine
    came = []
    old = signal.signal(signal.SIGUSR1, lambda number, frame: came.append(number))

    def beat():
        for number in (signal.SIGUSR1, signal.SIGALRM, signal.SIGINT):
            os.kill(os.getpid(), number)

    try:
        whole.lines.after(3, beat)
        with pytest.raises((BellError, KeyboardInterrupt)) as error:
            pc.run(clocks=1000)
        assert {type(error.value), type(error.value.__context__)} == {BellError, KeyboardInterrupt}
        assert came == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, old)


def test_a_handler_that_returns_stops_nothing_and_may_use_the_pc(machine):
    pc, whole, blocks = machine
    clocks = []
    old = signal.signal(signal.SIGUSR1, lambda number, frame: clocks.append((pc.clocks, pc.inb(0x83))))
    try:
        whole.lines.after(100, lambda: os.kill(os.getpid(), signal.SIGUSR1))
        start = pc.clocks
        pc.run(clocks=3000)
        assert 3000 <= pc.clocks - start < 3100
        assert [page for _, page in clocks] == [2]
        assert clocks[0][0] - start < 1000
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert wounds(pc, whole, blocks) == []


def test_a_handler_set_by_a_callback_stays(machine):
    pc, whole, _ = machine
    mine = lambda number, frame: None  # noqa: E731
    old = signal.getsignal(signal.SIGUSR2)
    try:
        signal.signal(signal.SIGUSR2, signal.default_int_handler)
        whole.lines.after(3, lambda: signal.signal(signal.SIGUSR2, mine))
        pc.run(clocks=50)
        assert signal.getsignal(signal.SIGUSR2) is mine
    finally:
        signal.signal(signal.SIGUSR2, old)


class Hanging(Device):
    name = "hanging"

    def hang(self):
        os.kill(os.getpid(), signal.SIGINT)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.01)


def test_a_callback_that_never_returns_is_left_all_the_same(machine, monkeypatch):
    monkeypatch.setattr(held, "PATIENCE", 0.3)
    pc, _, _ = machine
    device = Hanging()
    pc.attach(device)
    device.lines.after(5, device.hang)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        pc.run(clocks=100)
    assert time.monotonic() - begun < 30
    assert pc.inb(0x83) == 0x02


class Irq(Device):
    name = "irq"


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_that_comes_with_a_signal_is_there_for_the_next_wait(machine, monkeypatch, when):
    pc, _, _ = machine
    device = Irq()
    pc.attach(device, irq=5)
    pc.outb(0x21, pc.inb(0x21) & ~0x20)
    take = pc._world.pics.acknowledge

    def acknowledge():
        taken = take()
        os.kill(os.getpid(), signal.SIGINT)
        return taken

    for _ in range(3):
        device.lines.after(20, lambda: device.lines.irq(True))
        if when == "before":
            device.lines.after(10, lambda: os.kill(os.getpid(), signal.SIGINT))
        else:
            monkeypatch.setattr(pc._world.pics, "acknowledge", acknowledge)
        with pytest.raises(KeyboardInterrupt):
            pc.wait_irq(5, clocks=1000)
        monkeypatch.setattr(pc._world.pics, "acknowledge", take)
        pc.wait_irq(5, clocks=1000)
        device.lines.irq(False)
        pc.outb(0x20, 0x20)


def test_a_wait_for_the_bus_is_left_between_two_clocks():
    pc, whole, blocks = busy("native", bus_timeout=1 << 32)
    with pc:

        class Master(Device):
            name = "master"

        master = Master()
        pc.attach(master, dma=5)
        pc.outb(0xD6, 0xC1)
        pc.outb(0xD4, 0x01)
        master.lines.dreq(True)
        pc.run(clocks=100)
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            pc.inb(0x83)
        timer.join()
        master.lines.dreq(False)
        assert wounds(pc, whole, blocks) == []


def test_in_another_thread_the_main_thread_has_the_signal_and_the_machine_goes_on():
    done, stop, finished = [], threading.Event(), threading.Event()

    def work():
        pc, whole, blocks = busy("native")
        with pc:
            while not stop.is_set():
                pc.run(clocks=20_000)
            done.append(wounds(pc, whole, blocks))
        finished.set()

    thread = threading.Thread(target=work)
    thread.start()
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        finished.wait(timeout=60)  # a `join` that is interrupted takes the thread for ended
    stop.set()
    assert finished.wait(timeout=60)
    timer.join()
    assert done == [[]]
