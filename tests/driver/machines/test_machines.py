"""The machines a driver can be given: one that records, the PC it runs on, and one shared by threads."""

import os
import threading

import pytest

from isadma_driver import DevPort, Kernel, RecordingMachine, SharedMachine
from isadma_driver.errors import DmaError

# Recording ------------------------------------------------------------------------------------------------------------


def test_a_recorder_prints_accesses_as_port_direction_value():
    machine = RecordingMachine(answers={0x3F4: [0x80]})
    machine.outb(0x0B, 0x46)
    machine.outb(0x04, 0)
    machine.inb(0x3F4)
    machine.inb(0x3F4)
    machine.wait_irq(6, seconds=1)
    assert machine.trace() == "0b<46 04<00 3f4>80 3f4>ff irq6"
    machine.clear()
    assert machine.trace() == ""


def test_a_recorder_in_front_of_a_machine_passes_everything_on(pc):
    machine = RecordingMachine(pc)
    machine.outb(0x87, 0x12)
    assert machine.inb(0x87) == 0x12
    machine.memory[0x500:0x503] = b"abc"
    assert pc.memory[0x500:0x503] == b"abc"
    before = pc.clocks
    machine.delay(0.001)
    assert pc.clocks - before == 4000
    with pytest.raises(TimeoutError):
        machine.wait_irq(5, seconds=0.0001)
    assert machine.trace() == "87<12 87>12 irq5?"


# A real PC ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def device_files(tmp_path):
    for name in ("port", "mem"):
        (tmp_path / name).write_bytes(bytes(0x10000))
    return tmp_path / "port", tmp_path / "mem"


def test_a_machine_without_the_device_file_is_refused_politely(tmp_path):
    with pytest.raises(DmaError, match=r"this machine has no .*/port: use the simulated PC"):
        DevPort(tmp_path / "port", tmp_path / "mem")


def test_a_user_without_permission_is_told_what_to_do(device_files, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DmaError, match=r"no permission for .*: run as root on a real PC, or use the simulated one"):
        DevPort(*device_files)


def test_another_system_is_refused_politely(device_files, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(DmaError, match="port access on darwin: only Linux has"):
        DevPort(*device_files)


def test_missing_memory_lets_go_of_the_ports(device_files):
    device_files[1].unlink()
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(DmaError, match=r"has no .*/mem"):
        DevPort(*device_files)
    assert len(os.listdir("/proc/self/fd")) == before


def test_ports_and_memory_are_bytes_at_their_number_in_the_files(device_files):
    with DevPort(*device_files) as machine:
        machine.outb(0x3F2, 0x1C)
        assert machine.inb(0x3F2) == 0x1C
        machine.memory[0x500:0x503] = b"abc"
        assert machine.memory[0x4FF:0x504] == b"\0abc\0"
        assert len(machine.memory) == 1 << 20
        assert Kernel(machine).pages.reports()[0].total == 1 << 20
        for port in (-1, 0x10000):
            with pytest.raises(ValueError, match="no port"):
                machine.inb(port)
        with pytest.raises(ValueError, match="outb of 256 to port 80h"):
            machine.outb(0x80, 256)
        with pytest.raises(ValueError, match="2 bytes for 3 bytes of memory at 500h"):
            machine.memory[0x500:0x503] = b"ab"
    assert device_files[0].read_bytes()[0x3F2] == 0x1C


def test_no_interrupt_is_seen_through_the_device_files(device_files):
    with DevPort(*device_files) as machine, pytest.raises(TimeoutError, match="the driver has to poll"):
        machine.wait_irq(6, seconds=0.001)


# Threads --------------------------------------------------------------------------------------------------------------


def test_a_waiting_thread_does_not_keep_others_from_the_machine(pc):
    machine = SharedMachine(pc)
    answers = []

    def wait():
        try:
            machine.wait_irq(5, seconds=5)
        except TimeoutError:
            answers.append("timeout")

    thread = threading.Thread(target=wait)
    thread.start()
    for value in range(100):
        machine.outb(0x87, value)
        answers.append(machine.inb(0x87))
    early = thread.is_alive()
    thread.join(timeout=60)
    assert early
    assert answers == [*range(100), "timeout"]


def test_a_shared_wait_keeps_its_limit(pc):
    before = pc.clocks
    with pytest.raises(TimeoutError, match=r"IRQ 5 did not come within 0\.01 s"):
        SharedMachine(pc).wait_irq(5, seconds=0.01)
    assert 40_000 <= pc.clocks - before <= 40_100


def test_a_slice_of_no_time_is_refused(pc):
    with pytest.raises(ValueError, match="slice_seconds is 0"):
        SharedMachine(pc, slice_seconds=0)
