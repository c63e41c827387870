"""Whatever is written to a device's ports, the machine goes on; after the next reset the driver works as if new."""

import random

import pytest

from isadma_driver import Floppy, Kernel, Modem, ScsiDriver
from isadma_driver.fastdisk import FastDisk
from isadma_sim import PC
from isadma_sim.devices import fastdisk, scsi
from isadma_sim.devices.serial import COM1, IRQ, SerialPort
from isadma_sim.engines.native.compiler import missing

ENGINE = "native" if missing() is None else "reference"
WRITES = 10_000
SECTOR = 512


class Serial:
    ports = range(0x3F8, 0x400)
    #: Values that open and close what is behind other bits: DLAB, the FIFO, loopback, break.
    likely = (0x00, 0x01, 0x03, 0x0B, 0x0F, 0x10, 0x43, 0x80, 0xC1)

    def __init__(self, tmp_path):
        self.pc = PC(engine=ENGINE)
        self.port = SerialPort(COM1)
        self.pc.attach(self.port, irq=IRQ)

    def disturb(self, dice):
        self.port.receive(dice.randbytes(3), baud=dice.choice((38_400, 115_200)))

    def check(self):
        assert [self.pc.inb(0x3F8 + reg) for reg in (1, 2, 3, 4, 5)] == [0x00, 0x01, 0x00, 0x00, 0x60]
        # What the far end had begun before the reset may still come in.
        self.pc.delay(0.2)
        with Modem(Kernel(self.pc)) as modem:
            self.port.receive(b"after the reset", baud=9600)
            assert modem.read(15, seconds=0.1) == b"after the reset"
            before = len(self.port.sent)
            modem.write(b"and back", seconds=0.1)
            assert self.port.sent[before:] == b"and back"
            assert modem.counters.overruns == modem.counters.framing == 0


class FloppyDisk:
    ports = (0x3F0, 0x3F1, 0x3F2, 0x3F3, 0x3F4, 0x3F5, 0x3F5, 0x3F5, 0x3F5, 0x3F7)
    likely = (0x00, 0x01, 0x02, 0x03, 0x07, 0x08, 0x0F, 0x1C, 0x46, 0x45, 0x4A, 0x4D, 0xE6)

    def __init__(self, tmp_path):
        path = tmp_path / "disk.img"
        self.content = random.Random("floppy").randbytes(2880 * SECTOR)
        path.write_bytes(self.content)
        self.pc = PC(engine=ENGINE, floppy=path, write_protect=True, floppy_speed="full")

    def disturb(self, dice):
        for _ in range(dice.randrange(4)):
            self.pc.inb(0x3F5)

    def check(self):
        assert self.pc.inb(0x3F4) in (0x00, 0x80)
        with Floppy(Kernel(self.pc), dma=True) as floppy:
            assert floppy.read(17, 20) == self.content[17 * SECTOR : 37 * SECTOR]
            assert floppy.retries == 0


class Disk:
    ports = range(0x320, 0x330)
    likely = (0x00, 0x01, 0x02, 0x03)

    def __init__(self, tmp_path):
        self.pc = PC(engine=ENGINE)
        self.device = fastdisk.FastDisk(bytearray(64 * SECTOR), rate=1e6)
        self.pc.attach(self.device, dma=fastdisk.DMA, irq=fastdisk.IRQ)

    def disturb(self, dice):
        self.pc.outb(0x322, dice.choice((1, 2)))

    def check(self):
        assert [self.pc.inb(0x320 + reg) for reg in (2, 3, 8, 9, 10)] == [0, 0, 0, 0, 1]
        data = random.Random("disk").randbytes(8 * SECTOR)
        with FastDisk(Kernel(self.pc)) as disk:
            disk.write(3, data)
            assert disk.read(3, 8) == data


class HostAdapter:
    ports = (0x330, *[0x331] * 50, 0x332, 0x333)  # a reset now and then: most would keep it deaf
    #: Commands, a reset of the interrupt and of the SCSI bus; nothing on the disk is to change by chance.
    likely = (
        0x00,
        0x01,
        0x02,
        0x04,
        0x05,
        0x06,
        0x07,
        0x08,
        0x09,
        0x0B,
        0x0D,
        0x10,
        0x1A,
        0x1B,
        0x1D,
        0x1F,
        0x20,
        0x22,
    )

    def __init__(self, tmp_path):
        path = tmp_path / "disk.img"
        self.content = random.Random("scsi").randbytes(256 * SECTOR)
        path.write_bytes(self.content)
        self.pc = PC(engine=ENGINE)
        self.adapter = scsi.HostAdapter(scsi.ScsiDisk(path, write_protected=True))
        self.pc.attach(self.adapter)
        self.pc.memory[0:0x10000] = random.Random("memory").randbytes(0x10000)

    def disturb(self, dice):
        self.pc.outb(0xD6, dice.choice((0xC1, 0xC1, 0xC1, 0x41, 0x85)))  # channel 5: cascade, or not
        for _ in range(dice.randrange(4)):
            self.pc.inb(0x331)

    def check(self):
        assert self.pc.stats.master_clocks > 0
        assert self.pc.stats.conflicts[5] > 0
        with ScsiDriver(Kernel(self.pc)) as disk:
            assert disk.read(17, 20) == self.content[17 * SECTOR : 37 * SECTOR]
            assert disk.resets == 0


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", [Serial, FloppyDisk, Disk, HostAdapter])
def test_10000_random_port_writes_neither_hang_nor_crash_and_the_next_reset_restores_it(kind, seed, tmp_path):
    dice = random.Random(f"{kind.__name__} {seed}")
    bench = kind(tmp_path)
    pc = bench.pc
    try:
        # Every DMA channel answers, so that a command that asks for data gets somewhere; its data go to one page.
        for port, value in ((0x0B, 0x56), (0x81, 0x02), (0xD6, 0x57), (0x8A, 0x04), (0x0E, 0x00), (0xDC, 0x00)):
            pc.outb(port, value)
        for port in (0x21, 0xA1):
            pc.outb(port, 0x00)
        for _ in range(WRITES):
            value = dice.choice(bench.likely) if dice.random() < 0.7 else dice.randrange(256)
            pc.outb(dice.choice(bench.ports), value)
            if dice.random() < 0.1:
                bench.disturb(dice)
            pc.run(clocks=dice.choice((0, 0, 1, 10, 200, 5000)))
        pc.reset()
        bench.check()
    finally:
        pc.close()
