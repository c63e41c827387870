"""Waveforms that C++ writes hold what Python's writer would have written, signal for signal."""

import random

import pylibfst
import pytest

from isadma_sim import PC, Device
from isadma_sim.engines.native.compiler import missing
from isadma_sim.waves.dump import Waves

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class Card(Device):
    """A card that gives and takes bytes by DMA in spurts, and interrupts at terminal count."""

    name = "card"
    ports = (0x300,)

    def __init__(self, seed):
        self._random = random.Random(seed)

    def ask(self):
        self.lines.dreq(True)
        self.lines.after(self._random.randint(5, 40), lambda: self.lines.dreq(False))

    def dma_read(self):
        return self._random.randint(0, 255)

    def tc(self):
        self.lines.dreq(False)
        self.lines.irq(True)
        self.lines.after(30, lambda: self.lines.irq(False))


class Master(Device):
    """A bus master: a few words to memory each time it has the bus."""

    name = "master"

    def dack(self, active):
        if active:
            self.lines.master(
                0x12344, bytearray(b"master!!"), to_memory=True, done=lambda moved: self.lines.dreq(False)
            )


def changes(path):
    """All changes of an FST in order of time, by name, with the names' widths."""
    lib, ffi = pylibfst.lib, pylibfst.ffi
    reader = lib.fstReaderOpen(str(path).encode())
    _, signals = pylibfst.get_scopes_signals2(reader)
    names = {signal.handle: name for name, signal in signals.by_name.items()}
    lib.fstReaderSetFacProcessMaskAll(reader)
    found = []

    def change(_, time, handle, value):
        found.append((time, names[handle], pylibfst.string(value)))

    def text(_, time, handle, value, size):
        found.append((time, names[handle], bytes(ffi.buffer(value, size))))

    pylibfst.fstReaderIterBlocks2(reader, change, text)
    end = lib.fstReaderGetEndTime(reader)
    lib.fstReaderClose(reader)
    return sorted(found, key=repr), end, names


def play(pc, traced=False):
    """Ports, DMA, idle time, interrupts; `traced`: some of it clock by clock in Python."""
    card = Card(7)
    pc.attach(card, dma=2, irq=6)
    masters = [] if pc.board == "xt" else [Master()]
    for master in masters:
        pc.attach(master, dma=5)
        pc.outb(0xD6, 0xC1)
        pc.outb(0xD4, 0x01)
    for port, value in ((0x0C, 0), (0x0B, 0x56), (4, 0x10), (4, 0), (0x81, 2), (5, 5), (5, 0), (0x0A, 2)):
        pc.outb(port, value)
    pc.outb(0x21, pc.inb(0x21) & ~0x40)
    for turn in range(6):
        card.ask()
        pc.run(clocks=60)
        pc.inb(0x300)
        for master in masters:
            master.lines.dreq(True)
        pc.run(clocks=50)
        log = pc.trace() if traced and turn % 2 else None
        pc.inb(0x61)
        pc.run(clocks=200)
        if log is not None:
            assert len(log)
            pc._engine.trace(None)
        if pc.intr:
            pc.inta()
            pc.outb(0x20, 0x20)
    pc.run(clocks=5000)


@pytest.mark.parametrize(
    ("machine", "options", "traced"),
    [
        ({}, {}, False),
        ({"refresh": True, "clock_hz": 3_999_999}, {}, False),
        ({"board": "xt", "refresh": True}, {}, True),
        ({"skip_idle": False}, {"first": 100, "last": 700}, False),
        ({}, {"first": "dreq2", "last": "tc"}, False),
        ({}, {"first": "irq6", "last": "dack2"}, True),
        ({}, {"first": "hrq", "last": 3000}, False),
        ({}, {"limit": 40_000}, False),
    ],
)
def test_cpp_writes_what_python_writes(tmp_path, monkeypatch, machine, options, traced):
    seen = []
    for handed in (True, False):
        if not handed:
            monkeypatch.setattr(Waves, "can_be_handed_over", False)
        path = tmp_path / f"{handed}.fst"
        with PC(engine="native", memory=1 << 20, **machine) as pc:
            waves = pc.waves(path, **options)
            play(pc, traced)
            told = waves.begun, waves.ended, waves.full
        assert told == (waves.begun, waves.ended, waves.full)
        seen.append((*changes(path), told))
    assert len(seen[0][0]) > 200
    assert seen[0] == seen[1]
