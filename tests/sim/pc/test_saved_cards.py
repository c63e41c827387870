"""Saved and loaded with every card there is: whatever drivers do, a machine put away in the middle of it ends alike."""

import json
import random
import zipfile
from io import BytesIO

import pytest

from isadma_driver import EtherLinkDriver, Floppy, Kernel, ScsiDriver, SoundDriver
from isadma_driver.fastdisk import FastDisk as FastDiskDriver
from isadma_sim import PC
from isadma_sim.devices.display import TextAdapter
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.fastdisk import FastDisk
from isadma_sim.devices.keyboard import KeyboardController
from isadma_sim.devices.rtc import RealTimeClock
from isadma_sim.devices.scsi import HostAdapter, ScsiDisk
from isadma_sim.devices.serial import SerialPort
from isadma_sim.devices.sound import SoundBlaster16

SIZE = 1 << 20


class Log:
    """What a processor does with a machine, access by access, so that another machine can be told the same."""

    def __init__(self, pc):
        self.steps = []
        self.pc = pc
        engine, pics = pc._engine, pc._world.pics
        for holder, name in ((engine, "io_read"), (engine, "io_write"), (engine, "run"), (pics, "acknowledge")):
            setattr(holder, name, self.noting(name, getattr(holder, name)))
        log = self

        class Noted(type(pc.memory)):
            __slots__ = ()

            def __setitem__(self, key, value):
                super().__setitem__(key, value)
                log.steps.append(("memory", (key, value), None))

        pc.memory.__class__ = Noted

    def noting(self, name, call):
        def noted(*arguments):
            place, waits = len(self.steps), self.pc._world.watch_int
            arguments = tuple(int(value) for value in arguments)
            result = call(*arguments)
            if name == "run":
                step = ("wait" if waits and self.pc.intr else "run", (result,), result)
            else:
                step = (name, arguments, result)
            self.steps.insert(place, step)
            return result

        return noted


def played(pc, step):
    name, arguments, _ = step
    if name == "memory":
        pc.memory[arguments[0]] = arguments[1]
        return None
    if name == "wait":
        return pc.run(arguments[0] + 1, until_intr=True)
    if name == "run":
        return pc.run(*arguments)
    if name == "acknowledge":
        return pc._interrupts.acknowledge_now()
    return getattr(pc._engine, name)(*arguments)


class Bench:
    """A machine with one of each card, made the same way as often as one likes."""

    def __init__(self, folder, seed=0):
        dice = random.Random(seed)
        self.floppy, self.disk = folder / "floppy.img", folder / "disk.img"
        self.sectors = dice.randbytes(1 << 16)
        self.floppy_bytes, self.disk_bytes = dice.randbytes(1474560), dice.randbytes(1 << 18)
        self.fresh()

    def fresh(self):
        self.floppy.write_bytes(self.floppy_bytes)
        self.disk.write_bytes(self.disk_bytes)

    def cards(self):
        ethernet = EtherLink(dma=3)
        ethernet.collisions = 2
        return {
            "sound": (SoundBlaster16(), {}),
            "scsi": (HostAdapter(ScsiDisk(self.disk), dma=6), {}),
            "ethernet": (ethernet, {}),
            "fast": (FastDisk(bytearray(self.sectors), rate=2e6), {"dma": 7, "irq": 10}),
            "serial": (SerialPort(), {"irq": 4}),
            "keyboard": (KeyboardController(), {"irq": 1}),
            "clock": (RealTimeClock(), {"irq": 8}),
            "screen": (TextAdapter(), {}),
        }

    def machine(self, engine):
        pc = PC(engine=engine, memory=SIZE, floppy=self.floppy)
        cards = self.cards()
        for card, wires in cards.values():
            pc.attach(card, **wires)
        return pc, {name: card for name, (card, _) in cards.items()}


def reads_and_writes_a_floppy(kernel, cards):
    with Floppy(kernel, "1.44M") as floppy:
        data = floppy.read(40, 3)
        floppy.write(700, bytes(reversed(data)))
        assert floppy.read(700, 3) == bytes(reversed(data))


def plays_while_a_disk_is_read(kernel, cards):
    with SoundDriver(kernel) as sound:
        sound.play(bytes(range(256)) * 2, rate=22050)
        with sound.start_playing(bytes(range(200)) * 20, rate=44100, bits=16, channels=2) as stream:
            stream.pause()
            stream.go_on()
            stream.wait()


def moves_blocks_as_bus_master(kernel, cards):
    with ScsiDriver(kernel) as disk:
        data = disk.read(3, 4)
        disk.write(100, data)
        assert disk.read(100, 4) == data


def sends_and_fetches_frames(kernel, cards):
    with EtherLinkDriver(kernel, dma=3) as ethernet:
        for size in (46, 300):
            ethernet.send(b"\xff" * 6 + ethernet.address + b"\x08\x00" + bytes(range(256))[:46] + bytes(size))


def reads_a_fast_disk(kernel, cards):
    with FastDiskDriver(kernel, dma=7, irq=10) as disk:
        data = disk.read(5, 6)
        disk.write(50, data)


def talks_over_the_serial_port(kernel, cards):
    pc = kernel.machine
    for port, value in ((0x3FB, 0x83), (0x3F8, 1), (0x3F9, 0), (0x3FB, 0x03), (0x3FA, 0x07), (0x3FC, 0x1B)):
        pc.outb(port, value)  # 115200 baud, looped back
    for value in b"to itself":
        pc.outb(0x3F8, value)
        pc.run(150)
    pc.run(4000)
    assert bytes(pc.inb(0x3F8) for _ in range(9)) == b"to itself"


def is_typed_at_and_told_the_time(kernel, cards):
    pc, controller = kernel.machine, cards["keyboard"]
    for port, value in ((0x64, 0x60), (0x60, 0x45), (0x70, 0x0B), (0x71, 0x52), (0x70, 0x0A), (0x71, 0x26)):
        pc.outb(port, value)
        pc.delay(0.001)
    pc.delay(0.4)
    pc.inb(0x60)
    for port in (0x70, 0x71, 0x3DA, 0x3DA, 0x64):
        pc.inb(port)
    assert controller is not None


WORKS = [
    reads_and_writes_a_floppy,
    plays_while_a_disk_is_read,
    moves_blocks_as_bus_master,
    sends_and_fetches_frames,
    reads_a_fast_disk,
    talks_over_the_serial_port,
    is_typed_at_and_told_the_time,
]


def recorded(bench, work):
    """Let a driver work on the golden model, and keep what it did to the machine."""
    pc, cards = bench.machine("reference")
    log = Log(pc)
    work(Kernel(pc), cards)
    end = *parts_of(pc.save()), bench.floppy.read_bytes(), bench.disk.read_bytes()
    pc.close()
    bench.fresh()
    return log.steps, end


def put_away(pc, bench):
    """Save a machine, close it, and load it; None where a command of the SCSI adapter is under way."""
    adapter = next(device for device in pc._world.devices if isinstance(device, HostAdapter))
    if adapter.master is not None and adapter.master.busy:
        with pytest.raises(RuntimeError, match="let clocks go by, and save then"):
            pc.save()
        return None
    saved = pc.save()
    pc.close()
    loaded = PC.load(saved, cards=[card for card, _ in bench.cards().values()])
    assert parts_of(loaded.save()) == parts_of(saved)
    return loaded


def parts_of(saved):
    """The two files of a saved machine, the first one taken apart, so that a difference can be read."""
    with zipfile.ZipFile(BytesIO(saved)) as archive:
        return json.loads(archive.read("machine.json")), archive.read("memory.bin")


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_put_away_anywhere_it_ends_alike(tmp_path, work):
    bench = Bench(tmp_path)
    steps, end = recorded(bench, work)
    dice = random.Random(work.__name__)
    at = set(dice.sample(range(len(steps)), min(12, len(steps))))
    runs = [number for number, step in enumerate(steps) if step[0] in ("run", "wait")]
    at |= set(dice.sample(runs, min(8, len(runs))))
    pc, _ = bench.machine("reference")
    times = 0
    for number, step in enumerate(steps):
        if number in at:
            if step[0] in ("run", "wait") and step[2] > 1:
                first = dice.randrange(1, step[2])
                pc.run(first)
                step = (step[0], (step[2] - first,), step[2] - first)
            loaded = put_away(pc, bench)
            if loaded is not None:
                pc, times = loaded, times + 1
        assert played(pc, step) == step[2], f"step {number}: {step}"
    assert times >= 8
    assert (*parts_of(pc.save()), bench.floppy.read_bytes(), bench.disk.read_bytes()) == end
    pc.close()


# ---------------------------------------------------------------- what does not fit
@pytest.fixture
def saved(tmp_path):
    """A machine with a floppy and a sound card, and where its disk is."""
    disk = tmp_path / "floppy.img"
    disk.write_bytes(bytes(1474560))
    with PC(engine="reference", memory=1 << 16, floppy=disk) as pc:
        pc.attach(SoundBlaster16())
        return pc.save(), disk


def test_a_disk_is_named_by_its_bytes_and_may_have_moved(saved):
    state, disk = saved
    moved = disk.rename(disk.with_name("moved.img"))
    with PC.load(state, cards=[SoundBlaster16()], floppy=moved) as pc:
        assert str(pc.floppy.drives[0].image.path) == str(moved)
    with pytest.raises(FileNotFoundError, match="no floppy image"):
        PC.load(state, cards=[SoundBlaster16()])
    moved.write_bytes(bytes(1474559) + b"x")
    with pytest.raises(ValueError, match=r"moved.img is not what .*floppy.img was when the machine was saved"):
        PC.load(state, cards=[SoundBlaster16()], floppy=moved)


def changed(state, change):
    """Change the first file of a saved machine."""
    out = BytesIO()
    machine, memory = parts_of(state)
    change(machine["taken apart"])
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("machine.json", json.dumps(machine))
        archive.writestr("memory.bin", memory)
    return out.getvalue()


@pytest.mark.parametrize(
    "thing",
    [
        {"function": "os:system"},
        {"function": "isadma_sim.machine.functions:importlib"},
        {"closure": ["os", "system", 0], "cells": [], "defaults": None},
        {"closure": ["isadma_sim.pc", "PC.close", 7], "cells": [], "defaults": None},
        {"model": "isadma_sim.machine.world:SlotWorld", "id": 900, "parts": {}},
        {"model": "subprocess:Popen", "id": 900, "parts": {}},
        {"enum": "isadma_sim.pc:PC", "value": 1},
        {"method": "__class__", "of": {"bytes": ""}},
        {"same": 12345},
        {"apart": "isadma_sim.devices.imagefile:ImageFile", "id": 900, "state": {}},
        {"line": "x", "lines": 99},
        {"what": 1},
        [],
    ],
    ids=str,
)
def test_a_saved_machine_leads_to_nothing_but_this_packages_models(saved, thing):
    state, _ = saved

    def change(apart):
        apart["models"][-1][1]["parts"]["takes"] = thing

    with pytest.raises(ValueError, match=r"no saved machine|there is no ImageFile") as error:
        PC.load(changed(state, change), cards=[SoundBlaster16()])
    assert "\n" not in str(error.value)
