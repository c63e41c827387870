"""Works for the sweeps: floppy controller, fast disk and EtherLink with a byte channel, and how each withdraws.

The bytes are 1, 2, 3 .. so that each tells its place; what is written out here are the devices' own registers.
"""

import pytest

from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.fastdisk import FastDisk
from isadma_sim.devices.floppy import FloppyController, Image

FILL = 0xEE
COUNT = 24
SEQUENCE = bytes(range(1, 201))
PAGES = {1: 0x83, 2: 0x81, 3: 0x82}


class Watched:
    """A device that remembers what it took by DMA: what made a number in it change, whatever it says it dropped."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.taken = bytearray()

    def dma_write(self, value):
        before = self.room()
        super().dma_write(value)
        if self.room() != before:
            self.taken.append(value)


class Work:
    """A byte channel between memory and a device."""

    def __init__(self, engine, device, channel, to_memory, mode, **wires):
        self.pc = PC(engine=engine) if isinstance(engine, str) else engine
        self.device, self.channel, self.to_memory, self.mode = device, channel, to_memory, mode
        self.pc.attach(device, **wires)
        self.sent = SEQUENCE
        self.at = 0x20000 | channel << 12

    def begin(self):
        self.pc.outb(0x08, 0)
        self.quiet()
        at = self.at
        self.pc.memory[at : at + 512] = bytes([FILL]) * 512 if self.to_memory else SEQUENCE.ljust(512, b"\0")
        channel = self.channel
        mode = {"single": 0x40, "demand": 0x00}[self.mode] | (0x04 if self.to_memory else 0x08) | channel
        for port, value in (
            *(
                (0x0A, 4 | channel),
                (0x0C, 0),
                (0x0B, mode),
                (2 * channel, 0),
                (2 * channel, channel << 4),
                (PAGES[channel], 2),
            ),
            *((2 * channel + 1, COUNT - 1), (2 * channel + 1, 0), (0x0A, channel)),
        ):
            self.pc.outb(port, value)
        self.device.taken.clear()
        self.dropped = self.device.dropped
        self.go()

    def arrived(self):
        return self.pc.memory[self.at : self.at + 512].rstrip(bytes([FILL])) if self.to_memory else self.device.taken

    def waiting(self):
        return 0

    def lost(self):
        return self.device.dropped - self.dropped

    def skipped(self):
        return 0

    def settle(self):
        self.pc.run(clocks=400)

    def mask(self, on):
        self.pc.outb(0x0A, 4 * on | self.channel)


class WatchedFloppy(Watched, FloppyController):
    """3F0h-3F7h."""

    def room(self):
        return self.host._allowance


class FloppyWork(Work):
    """READ DATA or WRITE DATA of cylinder 0, sector 1; 24 bytes, then TC."""

    def __init__(self, engine, to_memory, mode, speed):
        disk = SEQUENCE.ljust(512, b"\xff").ljust(1_474_560, b"\0")
        self.speed = speed
        self.blocks = []
        super().__init__(engine, WatchedFloppy([Image.from_bytes(disk)], speed=speed), 2, to_memory, mode, dma=2, irq=6)
        lines, blocks = self.device.lines, self.blocks
        start = lines.start_block

        def start_block(data, **how):
            blocks.append(data)
            start(data, **how)

        lines.start_block = start_block

    def send(self, *values):
        for value in values:
            for _ in range(400):
                if self.pc.inb(0x3F4) & 0xC0 == 0x80:
                    break
                self.pc.run(clocks=20)
            else:
                raise AssertionError(f"no RQM for {value:02X}h")
            self.pc.outb(0x3F5, value)

    def quiet(self):
        self.blocks.clear()
        if self.device.drives[0].image is None:
            self.device.insert(self.disk)
        image = self.device.drives[0].image
        image.write(image.track(0, 0)[0], SEQUENCE.ljust(512, b"\xff"))  # a write may have left something else
        self.pc.outb(0x3F2, 0x18)  # the motor stays on
        self.pc.outb(0x3F2, 0x1C)
        for _ in range(400):  # the interrupt of the reset
            if self.pc.inb(0x20) is not None and self.pc.inb(0x3F4) & 0xC0 == 0x80:
                break
            self.pc.run(clocks=20)
        self.pc.run(clocks=700)
        if self.speed == "real" and self.pc.clocks < 2_100_000:
            self.pc.run(clocks=2_100_000)
        for _ in range(4):
            self.send(0x08)
            self.pc.inb(0x3F5)
            self.pc.inb(0x3F5)
        self.send(0x03, 0x0F, 0x02)
        self.pc.outb(0x3F7, 0)

    def go(self):
        code = 0x46 if self.to_memory else 0x45
        self.send(code, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
        if self.speed == "real":  # 64 clocks a byte: up to the first request
            drive = self.device.drives[0]
            sector = drive.sectors(0, 500_000)[0]
            first = 64 * sector.data_start + 44 if self.to_memory else 64 * sector.id_end - 20
            now = self.pc.clocks
            due = drive.index_before(now, 4_000_000) + first
            self.pc.run(clocks=due - now if due > now else due + drive.revolution(4_000_000) - now)

    def arrived(self):
        return super().arrived() if self.to_memory else self.taken()

    def taken(self):
        """What went through blocks, and byte by byte after one was taken back."""
        return b"".join(bytes(block).rstrip(b"\0") for block in self.blocks) + bytes(self.device.taken)

    def skipped(self):
        return self.speed == "real"

    def settle(self):
        self.pc.run(clocks=2000 if self.speed == "real" else 400)


class WatchedDisk(Watched, FastDisk):
    """320h-32Fh."""

    def room(self):
        return self._flow and self._flow.left


class DiskWork(Work):
    """A sector at 250,000 bytes a second, 16 clocks a byte."""

    def __init__(self, engine, to_memory, mode):
        device = WatchedDisk(bytearray(SEQUENCE.ljust(512, b"\0")), rate=250_000, width=1)
        super().__init__(engine, device, 3, to_memory, mode, dma=3, irq=14)
        self.sent = SEQUENCE.ljust(512, b"\0")  # a long pause, and the end of the sector comes

    def quiet(self):
        self.pc.outb(0x322, 0)
        self.pc.outb(0x323, 0x01)
        self.device.data[:] = self.sent  # a write that was withdrawn left something else
        self.gone = self.device.lost

    def go(self):
        for port, value in ((0x324, 0), (0x327, 1), (0x32A, 1), (0x322, 1 if self.to_memory else 2)):
            self.pc.outb(port, value)

    def skipped(self):
        return self.device.lost - self.gone


class WatchedCard(Watched, EtherLink):
    """300h-30Fh."""

    def room(self):
        return self._gp


class CardWork(Work):
    """Bytes of the packet buffer, from its first on."""

    def __init__(self, engine, to_memory, mode):
        super().__init__(engine, WatchedCard(dma=1, irq=3), 1, to_memory, mode)

    def quiet(self):
        self.pc.outb(0x30E, 0x80)
        self.pc.outb(0x30E, 0x00)
        self.pc.outb(0x308, 0)
        self.pc.outb(0x309, 0)
        if self.to_memory:
            for value in SEQUENCE[:40]:
                self.pc.outb(0x30F, value)
            self.pc.outb(0x308, 0)
            self.pc.outb(0x309, 0)

    def go(self):
        self.device.taken.clear()
        self.dropped = self.device.dropped
        self.pc.outb(0x30E, 0x60)


def write(port, *values):
    return lambda work, out: [out(port, value) for value in values]


def resume(port, value):
    return lambda work: work.pc.outb(port, value)


@pytest.fixture(scope="module")
def ways(way_to_withdraw):
    common = (
        way_to_withdraw("mask", lambda work, out: work.mask(True), resume=lambda work: work.mask(False), outside=True),
        way_to_withdraw("disable the 8237A", write(0x08, 4), resume=resume(0x08, 0), outside=True),
        way_to_withdraw("master clear", write(0x0D, 0), outside=True),
    )
    return {
        "floppy": (
            *common,
            way_to_withdraw("close the gate", write(0x3F2, 0x14), resume=resume(0x3F2, 0x1C)),
            way_to_withdraw("DOR reset", write(0x3F2, 0x18, 0x1C), exact=False),
            way_to_withdraw("DOR zero", write(0x3F2, 0x00), exact=False),
            way_to_withdraw("DSR reset", write(0x3F4, 0x80), exact=False),
            way_to_withdraw("another data rate", write(0x3F7, 0x02)),
            way_to_withdraw("another drive", write(0x3F2, 0x1D), resume=resume(0x3F2, 0x1C), exact=False),
            way_to_withdraw("eject", lambda work, out: eject(work), resume=lambda work: insert(work), exact=False),
        ),
        "fast disk": (
            *common,
            way_to_withdraw("no DMA", write(0x323, 0x00), resume=resume(0x323, 0x01)),
            way_to_withdraw("abort", write(0x322, 0), exact=False),
            way_to_withdraw("reset", write(0x323, 0x80), exact=False),
        ),
        "etherlink": (
            *common,
            way_to_withdraw("no request", write(0x30E, 0x40), resume=resume(0x30E, 0x60)),
            way_to_withdraw("not enabled", write(0x30E, 0x20), resume=resume(0x30E, 0x60)),
            way_to_withdraw("software reset", write(0x30E, 0x80, 0x00)),
            way_to_withdraw("transmit", write(0x30E, 0x44), exact=False),
            way_to_withdraw("receive", write(0x30E, 0x48), exact=False),
        ),
    }


def eject(work):
    work.disk = work.device.eject(0)


def insert(work):
    if work.device.drives[0].image is None:
        work.device.insert(work.disk)


WORKS = {
    "floppy, real": lambda *how: FloppyWork(*how, "real"),
    "floppy, full": lambda *how: FloppyWork(*how, "full"),
    "fast disk": DiskWork,
    "etherlink": CardWork,
}


@pytest.fixture
def work_of():
    machines = []

    def make(name, *how):
        work = WORKS[name](*how)
        machines.append(work.pc)
        return work

    yield make
    for pc in machines:
        pc.close()


@pytest.fixture(scope="session")
def works():
    """The works by name: each takes an engine or a PC, `to_memory`, and the mode of the 8237A."""
    return WORKS
