"""A PC with a keyboard: an AT's 8042, or a PC/XT's 8255."""

import pytest

from isadma_sim.devices.keyboard import KeyboardController, KeyboardPort


class At:
    """An AT whose keyboard has passed its self-test, with its line on and translation as given."""

    def __init__(self, slot):
        self.a20 = []
        self.resets = 0
        self.chip = KeyboardController(a20=self.a20.append, reset_cpu=self._reset)
        self.pc = slot(self.chip)
        self.keyboard = self.chip.keyboard

    def _reset(self):
        self.resets += 1

    def command(self, command, *data):
        self.out(0x64, command)
        for value in data:
            self.out(0x60, value)

    def out(self, port, value):
        self.pc.outb(port, value)
        for _ in range(50):
            if not self.pc.inb(0x64) & 0x02:
                return
        raise AssertionError("the input buffer never emptied")

    def read(self, seconds=0.5):
        """The next byte, or None when none comes in that time."""
        end = self.pc.clock + seconds * self.pc.clock_hz
        while not self.pc.inb(0x64) & 0x01:
            if self.pc.clock >= end:
                return None
            self.pc.step(end)
        return self.pc.inb(0x60)

    def read_all(self, seconds=0.05):
        found = []
        while (value := self.read(seconds)) is not None:
            found.append(value)
        return found


@pytest.fixture
def at(slot):
    return At(slot)


@pytest.fixture
def ready(at):
    """The AT after what a BIOS does: tests, keyboard reset, interrupt and translation on."""
    at.command(0xAA)
    assert at.read() == 0x55
    at.command(0x60, 0x65)
    assert at.read() == 0xAA
    return at


class ControlPort:
    """What the keyboard's port stands in front of: remembers port B, and has OUT2 in port C."""

    def __init__(self):
        self.written = 0

    def io_read(self, port):
        return {0x61: self.written, 0x62: 0x20}[port]

    def io_write(self, port, value):
        assert port == 0x61
        self.written = value


@pytest.fixture
def xt(slot):
    return slot(KeyboardPort(switches=0x6D), clock_hz=4_772_727, behind=ControlPort())
