"""Closing a PC closes all of it, says what failed first, and gives its memory back; a refused PC leaves nothing."""

import gc
import os
import sys
import weakref
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from busy import busy

from isadma_sim import PC, Costs, Device
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.sound import SoundBlaster16
from isadma_sim.devices.sound.samples import Format, Take


class Failing(Device):
    def __init__(self, name, error):
        self.name, self.error, self.closed = name, error, 0

    def close(self):
        self.closed += 1
        if self.error is not None:
            raise self.error


def machine(engine, *errors):
    pc = PC(engine=engine)
    devices = [Failing(f"card{number}", error) for number, error in enumerate(errors)]
    for device in devices:
        pc.attach(device)
    return pc, devices


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_everything_is_closed_and_the_first_error_raised_with_the_others_as_notes(engine, tmp_path):
    pc, devices = machine(engine, ValueError("first"), None, OSError(28, "No space"), KeyError("x"))
    waves = tmp_path / "t.vcd"
    pc.waves(waves)
    pc.run(clocks=20)
    with pytest.raises(KeyError) as error:  # the last one plugged in is the first one out
        pc.close()
    assert [device.closed for device in devices] == [1, 1, 1, 1]
    assert error.value.__notes__ == [
        "while closing, too: OSError: [Errno 28] No space",
        "while closing, too: ValueError: first",
    ]
    assert waves.stat().st_size > 0
    pc.close()
    with pytest.raises(RuntimeError, match="this PC is closed"):
        pc.run(clocks=1)


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_the_programs_own_exception_wins(engine):
    pc, _ = machine(engine, OSError(28, "No space"))
    with pytest.raises(ArithmeticError, match="mine") as error, pc:
        raise ArithmeticError("mine")
    assert error.value.__notes__ == ["while closing, too: OSError: [Errno 28] No space"]
    pc, _ = machine(engine, OSError(28, "No space"))
    with pytest.raises(OSError, match="No space"), pc:
        pass


def unwritable(folder, kind):
    if kind == "no folder":
        return folder / "nowhere" / "file"
    if kind == "folder":
        return folder
    if os.geteuid() == 0:
        return Path("/proc/sys/kernel/ostype")  # read-only for root too
    file = folder / "read-only"
    file.touch(0o400)
    return file


@pytest.mark.parametrize("kind", ["no folder", "folder", "read-only"])
@pytest.mark.parametrize("card", ["sound", "ethernet"])
def test_an_output_file_is_tried_when_its_card_is_attached(tmp_path, card, kind):
    path = unwritable(tmp_path, kind)
    device = SoundBlaster16(play_to=path) if card == "sound" else EtherLink(frames_out=path)
    with PC(engine="reference") as pc:
        with pytest.raises(OSError, match=path.name):
            pc.attach(device)
        pc.attach(SoundBlaster16() if card == "sound" else EtherLink())  # nothing of it is plugged in


@pytest.mark.parametrize("there", [True, False])
def test_trying_an_output_file_changes_nothing(tmp_path, there):
    path = tmp_path / "frames.pcap"
    if there:
        path.write_bytes(b"old")
    with PC(engine="reference") as pc:
        pc.attach(EtherLink(frames_out=path))
        assert path.read_bytes() == b"old" if there else not path.exists()
    assert path.read_bytes()[:4] == b"\xd4\xc3\xb2\xa1"


def test_one_cards_unwritable_file_loses_no_other_cards(tmp_path):
    folder = tmp_path / "later gone"
    folder.mkdir()
    pcap = tmp_path / "frames.pcap"
    pc = PC(engine="reference")
    card = SoundBlaster16(play_to=folder / "played.wav")
    pc.attach(EtherLink(frames_out=pcap, dma=3))
    pc.attach(card)
    card.takes.append(Take(Format(Fraction(8000), 8, 1, signed=False)))
    folder.rmdir()
    with pytest.raises(OSError, match="played"):
        pc.close()
    assert pcap.read_bytes()[:4] == b"\xd4\xc3\xb2\xa1"


@pytest.mark.parametrize("close", [True, False], ids=["closed", "with"])
@pytest.mark.parametrize("engine", ["native", "reference", "amaranth"])
def test_the_memory_of_a_closed_pc_goes_at_once(engine, close):
    gc.collect()
    gc.disable()
    try:
        pc, whole, _ = busy(engine)
        pc.charge(Costs())
        pc.on_irq(5, partial(print, pc))
        pc.run(clocks=20)
        raw, memory, machine = pc.memory.raw, weakref.ref(pc.memory), weakref.ref(pc)
        if close:
            pc.close()
        else:
            with pc:
                pass
        assert pc.clocks > 0
        assert pc.memory[0x20000] >= 0  # to look at still
        del pc
        assert machine() is None
        assert sys.getrefcount(raw) == 2
        del raw
        assert memory() is None
        assert whole.lines.clock == 0
    finally:
        gc.enable()


def opened():
    return len(os.listdir("/proc/self/fd"))


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize(
    "bad",
    [
        {"engine": "icarus"},
        {"board": "ps2"},
        {"clock_hz": 0},
        {"memory": 0},
        {"hlda_delay": 0},
        {"floppy_speed": "warp"},
        {"wait_states": -1},
        {"nonsense": 1},
    ],
    ids=lambda bad: next(iter(bad)),
)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_refused_pc_leaves_nothing_behind(tmp_path, engine, bad):
    image = tmp_path / "disk.img"
    image.write_bytes(bytes(1_474_560))

    def refused():
        with pytest.raises((ValueError, TypeError, RuntimeError)):
            PC(**{"engine": engine, "floppy": image, **bad})

    refused()
    gc.collect()
    before, files = resident(), opened()
    gc.disable()
    try:
        for _ in range(10):
            refused()
            assert opened() == files
    finally:
        gc.enable()
    assert resident() - before < 64


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_many_pcs_one_after_the_other_take_no_more_than_one(engine):
    def one():
        pc, _, _ = busy(engine)
        with pc:
            pc.memory[0:0x1000000] = bytes(0x1000000)
            pc.run(clocks=500)

    one()
    gc.collect()
    before, files = resident(), opened()
    gc.disable()
    try:
        for _ in range(12):
            one()
    finally:
        gc.enable()
    assert opened() == files
    assert resident() - before < 48
