"""Every public call of the driver and of every device with every kind of value: one clear line, or it works."""

import inspect
from enum import IntEnum
from fractions import Fraction

import pytest
from values import methods, parameters, try_all

from isadma_driver import (
    AddressSpace,
    Channels,
    Direction,
    Dma,
    EtherLinkDriver,
    Floppy,
    Interrupts,
    Kernel,
    Kind,
    Modem,
    PhysicalBuffer,
    PhysicalMemory,
    ScsiDriver,
    SoundDriver,
    Transfer,
)
from isadma_driver.channels.controller import Controller
from isadma_driver.fastdisk import FastDisk as FastDiskDriver
from isadma_driver.ports import Dma1, Dma2
from isadma_driver.sound import Pcm
from isadma_sim import PC
from isadma_sim.devices import ethernet, fastdisk, floppy, scsi, serial, sound, timer

FORM = sound.Format(Fraction(8000), 8, 1, False)
#: Right values of parameters by name, so that one wrong one is met alone.
RIGHT = {
    **{"channel": 1, "owner": "x", "kind": Kind.BYTE, "direction": Direction.FROM_DEVICE, "address": 0x20000},
    **{"length": 16, "mode": 0x44, "seconds": 0.001, "count": 1, "lba": 0, "sectors": 1, "data": bytes(512)},
    **{"buffer": PhysicalBuffer(0x20000, 16), "path": "disk.img", "form": FORM, "frames": 4, "rate": 8000},
}
#: What only the machine, the controller or a saved state calls.
INSIDE = {
    *("close", "reset", "dma_read", "dma_write", "dack", "tc", "io_read", "io_write", "attached", "interrupt"),
    *("load_state", "save_state", "finish", "result", "open_host", "load_head", "take_status", "lay", "place"),
    *("alike", "at", "start", "cancel", "poll", "acquire", "release", "forget", "free_dma", "format_track"),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "disk.img").write_bytes(bytes(1_474_560))
    (tmp_path / "hard.img").write_bytes(bytes(512 * 64))


@pytest.fixture
def kernel(here):
    with PC(engine="native", floppy="disk.img", floppy_speed="full") as pc:
        yield Kernel(pc)


def right_for(call, **more):
    return {each.name: {**RIGHT, **more}[each.name] for each in parameters(call) if each.name in {**RIGHT, **more}}


def every_method(thing, record_property, **more):
    total, wrong = 0, []
    for name, method in methods(thing, INSIDE):
        count, bad = try_all(f"{type(thing).__name__}.{name}", method, right_for(method, **more))
        total, wrong = total + count, wrong + bad
    record_property("attempts", total)
    assert total > 0
    assert wrong == []


def test_channels(kernel, record_property):
    claim = kernel.dma.request_dma(1, "test")
    for thing in (kernel.dma, kernel.dma.channels):
        every_method(thing, record_property, claim=claim)


class Ports:
    """Takes bytes and nothing else; a machine would do as it was told, whatever that is."""

    def outb(self, port, value):
        assert type(port) is int or isinstance(port, IntEnum)
        assert 0 <= value <= 0xFF

    def inb(self, port):
        return 0


@pytest.mark.parametrize("ports", [Dma1, Dma2])
def test_registers_of_a_controller(ports, record_property):
    every_method(Controller(Ports(), ports), record_property)


def test_memory(kernel, record_property):
    claim = kernel.dma.request_dma(1, "test")
    for thing in (kernel.pages, kernel.address_space("test"), kernel.vm, kernel.mapper, kernel.interrupts):
        every_method(thing, record_property, claim=claim)


def test_a_kernel_and_its_transfers(kernel, record_property):
    claim = kernel.dma.request_dma(1, "test")
    every_method(kernel, record_property, claim=claim)
    every_method(kernel.transfer(claim, RIGHT["buffer"], RIGHT["direction"]), record_property)


@pytest.mark.parametrize(
    "made",
    [AddressSpace, Channels, Dma, Interrupts, Kernel, Pcm, PhysicalMemory, Transfer],
    ids=lambda made: made.__name__,
)
def test_what_the_driver_is_made_of(kernel, made, record_property):
    parts = {"machine": kernel.machine, "dma": kernel.dma, "mapper": kernel.mapper, "vm": kernel.vm, "name": "x"}
    right = right_for(made, **parts, claim=kernel.dma.request_dma(1, "test"), size=1 << 20)
    count, wrong = try_all(made.__name__, made, right)
    record_property("attempts", count)
    assert wrong == []


#: Driver, and the device that it is for.
DRIVERS = {
    "floppy": (Floppy, None),
    "scsi": (ScsiDriver, lambda pc: pc.attach(scsi.HostAdapter("hard.img"))),
    "sound": (SoundDriver, lambda pc: pc.attach(sound.SoundBlaster16())),
    "ethernet": (EtherLinkDriver, lambda pc: pc.attach(ethernet.EtherLink(dma=1, irq=3))),
    "modem": (Modem, lambda pc: pc.attach(serial.SerialPort(), irq=4)),
    "fast disk": (FastDiskDriver, lambda pc: pc.attach(fastdisk.FastDisk(bytearray(4096)), dma=3, irq=14)),
}


@pytest.mark.parametrize("name", DRIVERS)
def test_drivers_of_devices(kernel, name, record_property):
    made, attach = DRIVERS[name]
    if attach is not None:
        attach(kernel.machine)
    with made(kernel) as driver:
        every_method(driver, record_property)
    count, wrong = try_all(made.__name__, made, {"kernel": kernel})
    record_property("attempts", count)
    assert wrong == []


MADE = {
    "floppy controller": (floppy.FloppyController, {}),
    "image": (floppy.Image.open, {}),
    "image of bytes": (floppy.Image.from_bytes, {}),
    "host adapter": (scsi.HostAdapter, {"disk": "hard.img"}),
    "disk": (scsi.ScsiDisk, {"path": "hard.img"}),
    "etherlink": (ethernet.EtherLink, {}),
    "read_pcap": (ethernet.read_pcap, {}),
    "write_pcap": (ethernet.write_pcap, {"packets": []}),
    "serial port": (serial.SerialPort, {}),
    "sound blaster 1": (sound.SoundBlaster1, {}),
    "sound blaster 2": (sound.SoundBlaster2, {}),
    "sound blaster pro": (sound.SoundBlasterPro, {}),
    "sound blaster 16": (sound.SoundBlaster16, {}),
    "tape": (sound.Tape, {"data": b"ab", "form": FORM}),
    "tape of a file": (sound.Tape.open, {}),
    "fast disk": (fastdisk.FastDisk, {"data": bytearray(512)}),
    "timer": (timer.Timer, {}),
    "pit": (timer.Pit8254, {"read_back": True}),
}


@pytest.mark.parametrize("name", MADE)
def test_devices_and_files_as_they_are_made(here, name, record_property):
    made, right = MADE[name]
    count, wrong = try_all(name, made, right)
    record_property("attempts", count)
    assert wrong == []


@pytest.mark.parametrize("name", ["host adapter", "etherlink", "serial port", "sound blaster 16", "fast disk"])
def test_methods_of_a_device(here, name, record_property):
    made, right = MADE[name]
    with PC(engine="reference") as pc:
        device = made(**right)
        wires = {"serial port": {"irq": 4}, "fast disk": {"dma": 3, "irq": 14}}.get(name, {})
        pc.attach(device, **wires)
        if any(True for _ in methods(device, INSIDE)):
            every_method(device, record_property)


def test_methods_of_a_floppy_drive_and_of_its_disk(kernel, record_property):
    controller = kernel.machine.floppy
    for thing in (controller.drives[0].image, controller):
        every_method(thing, record_property)
    for name in ("insert", "for_image"):
        method = getattr(floppy.Drive("1.44M"), name)
        assert try_all(name, method, right_for(method))[1] == []


def test_methods_of_a_tape_and_of_a_take(here, record_property):
    for thing in (sound.Tape(bytes(8), FORM), sound.Take(FORM)):
        every_method(thing, record_property)


def test_numbers_of_other_kinds_are_numbers(kernel):
    np = pytest.importorskip("numpy")
    claim = kernel.dma.request_dma(np.uint8(1), "test")
    assert type(claim.channel) is int
    kernel.dma.start_dma(claim, np.int64(0x20000), np.uint16(256), np.uint8(0x44))
    assert kernel.dma.get_dma_residue(claim) == 256
    assert type(kernel.pages.alloc(np.int32(5000), "test").size) is int


def test_every_public_class_of_the_driver_is_tried():
    import isadma_driver

    tried = inspect.getsource(inspect.getmodule(test_memory))
    constants = {"AT", "XT", "Board", "Block", "Bounce", "Claim", "DmaError", "Mapping", "Phase", "State", "UserBuffer"}
    machines = {"DevPort", "Machine", "RecordingMachine", "SharedMachine", "Wiring"}
    names = {name for name in isadma_driver.__all__ if not name.startswith("DMA_")}
    assert {name for name in names if name not in tried} <= constants | machines
