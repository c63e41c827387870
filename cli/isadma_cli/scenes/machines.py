"""Scenes of the machine around the controller: devices, a bus master, refresh, the XT's arbiter, the program side."""

from __future__ import annotations

from pathlib import Path

from isadma_cli.fat12_format import make_image
from isadma_cli.scenes.parts import Feeder, program
from isadma_cli.scenes.scene import Scene, Stage
from isadma_driver import Floppy, Kernel, SoundDriver
from isadma_sim import Device
from isadma_sim.devices.sound import SoundBlaster16

__all__ = ["MACHINES"]

_SINGLE_WRITE, _SINGLE_READ, _BLOCK_WRITE, _CASCADE = 0x44, 0x48, 0x84, 0xC0


def _disk(folder: Path) -> Path:
    image = folder / "disk.img"
    image.write_bytes(make_image({}))
    return image


def _sector(stage: Stage) -> None:
    with Floppy(Kernel(stage.pc), "1.44M", dma=True) as floppy:
        stage.begin()
        floppy.read(0, 1)


def _sound(stage: Stage) -> None:
    stage.pc.attach(SoundBlaster16())
    with SoundDriver(Kernel(stage.pc), buffer_bytes=64) as sound:
        stage.begin()
        sound.play(bytes(range(128)), rate=44100)


class _Master(Device):
    name = "master"

    def dack(self, active: bool) -> None:
        if active:
            self.lines.master(0x20000, bytearray(b"bus master"), to_memory=True, done=self._done)

    def _done(self, moved: int) -> None:
        self.lines.after(1, lambda: self.lines.dreq(False))


def _bus_master(stage: Stage) -> None:
    pc, card = stage.pc, _Master()
    pc.attach(card, dma=6)
    pc.outb(0xD6, _CASCADE | 2)
    pc.outb(0xD4, 0x02)
    stage.begin()
    pc.run(clocks=4)
    card.lines.dreq(True)
    pc.run(clocks=50)


def _refresh(stage: Stage) -> None:
    stage.begin()
    stage.pc.run(clocks=160)


def _xt(stage: Stage) -> None:
    pc, device = stage.pc, Feeder()
    pc.attach(device, dma=1)
    program(pc, 1, _SINGLE_WRITE, 0x20000, 40)
    stage.begin()
    device.ask()
    pc.run(clocks=240)


def _registers(stage: Stage) -> None:
    stage.begin()
    program(stage.pc, 1, _SINGLE_READ, 0x12345, 0x100)
    stage.pc.inb(0x08)


def _read_registers(stage: Stage) -> None:
    program(stage.pc, 1, _SINGLE_READ, 0x12345, 0x100)
    stage.pc.outb(0x0C, 0)
    stage.begin()
    for port in (2, 2, 3, 3, 8):  # address, low byte first, count, status
        stage.pc.inb(port)


def _reset(stage: Stage) -> None:
    pc, device = stage.pc, Feeder()
    pc.attach(device, dma=1)
    program(pc, 1, _BLOCK_WRITE, 0x20000, 1000)
    stage.begin()
    pc.run(clocks=4)
    device.ask()
    pc.run(clocks=24)
    pc.reset()
    pc.run(clocks=10)


MACHINES = (
    Scene(
        "sector",
        "the first byte of a floppy's sector, on channel 2",
        _sector,
        ("CLK", "DMA 1", "DMA 2", "DRQ2", "HRQ", "HLDA", "AEN", "DACK2#", "A23-A0", "IOR#", "MEMW#", "D15-D0", "TC"),
        ("dma.dack2_n", 0),
        12,
        30,
        {"floppy": _disk},
    ),
    Scene(
        "sound",
        "a Sound Blaster takes its buffer's last byte: TC, the channel begins again by itself, the driver answers",
        _sound,
        ("CLK", "DMA 1", "DRQ0", "HRQ", "HLDA", "AEN", "DACK0#", "A23-A0", "MEMR#", "IOW#", "D15-D0", "TC", "CPU"),
        ("isa.tc", 1),
        16,
        48,
    ),
    Scene(
        "bus-master",
        "a card on a cascaded channel drives the bus by itself",
        _bus_master,
        ("CLK", "DMA 2", "DRQ6", "HRQ", "HLDA", "DACK6#", "bus", "MASTER#", "A23-A0", "MEMW#", "SBHE#", "D15-D0"),
        ("isa.master_n", 0),
        12,
        36,
    ),
    Scene(
        "refresh",
        "the AT's refresh: asked for by the timer, four clocks on the bus",
        _refresh,
        ("CLK", "OUT1", "HRQ", "HLDA", "bus", "REFRESH#", "A23-A0", "MEMR#", "AEN"),
        ("isa.refresh_n", 0),
        10,
        26,
        {"refresh": True},
    ),
    Scene(
        "xt-arbiter",
        "the PC/XT: refresh on channel 0 and a device on channel 1 share the bus",
        _xt,
        ("CLK", "DMA", "OUT1", "DRQ1", "HRQ", "HLDA", "AEN", "DACK0#", "DACK1#", "A23-A0", "MEMR#", "MEMW#"),
        ("dma.dack0_n", 0),
        16,
        60,
        {"board": "xt", "refresh": True},
    ),
    Scene(
        "registers",
        "the processor loads a channel, byte by byte: slave mode, write (figure 9)",
        _registers,
        ("CLK", "CPU", "IOW#", "IOR#", "A23-A0", "D15-D0"),
        ("cpu.access", "out:00Ch"),
        6,
        60,
    ),
    Scene(
        "read-back",
        "the processor reads a channel's address, its count and the status: slave mode, read (figure 10)",
        _read_registers,
        ("CLK", "CPU", "IOR#", "IOW#", "A23-A0", "D15-D0"),
        ("cpu.access", "in:002h"),
        4,
        36,
    ),
    Scene(
        "reset",
        "RESET in the middle of a block: the chip is idle and masked, the request is not served (figure 15)",
        _reset,
        ("CLK", "RESET", "DMA 1", "DMA 2", "DRQ1", "HRQ", "HLDA", "AEN", "DACK1#", "A23-A0", "IOR#", "MEMW#", "CPU"),
        ("cpu.reset", 1),
        14,
        44,
    ),
)
"""The machine's scenes."""
