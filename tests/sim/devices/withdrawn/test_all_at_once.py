"""All devices at once, with pauses, stops and resets at random: every byte is accounted for."""

import collections
import random
from fractions import Fraction

import pytest

from isadma_driver import Kernel, ScsiDriver
from isadma_sim import PC
from isadma_sim.devices.scsi import HostAdapter
from isadma_sim.devices.serial import SerialPort
from isadma_sim.devices.sound import Format, SoundBlaster16, Tape


class Sequence(Tape):
    """A medium that gives one frame after the other, whatever the rate."""

    def next(self, form):
        return super().next(form.at(self.format.rate))


class Recorder:
    """A Sound Blaster 16 that records all the time, by auto-initialize into 4 KiB, on DMA 0."""

    RING, AT = 4096, 0x40000

    def __init__(self, pc, dice):
        self.pc, self.dice, self.resets = pc, dice, 0
        self.data = bytes(1 + frame * 37 % 251 for frame in range(900_000))
        self.card = SoundBlaster16(record_from=Sequence(self.data, Format(Fraction(22_050), 8, 1, False)))
        pc.attach(self.card)
        pc.outb(0x224, 0x81)
        pc.outb(0x225, 0x21)
        self.start()

    def start(self):
        pc = self.pc
        pc.memory[self.AT : self.AT + self.RING] = b"\xff" * self.RING
        for port, value in (
            *((0x0A, 4), (0x0C, 0), (0x0B, 0x54), (0, 0), (0, 0), (0x87, 4), (1, 0xFF), (1, 0x0F), (0x0A, 0)),
        ):
            pc.outb(port, value)
        self.before = pc.stats.bytes[0]
        self.dsp(0x42, 22_050 >> 8, 22_050 & 0xFF, 0xCE, 0x00, 0xFF, 0x0F)

    def reset(self):
        """Reset the DSP in the middle of it all: what was asked for is still fetched, and counted, and nothing more."""
        self.resets += 1
        counted = self.pc.stats.bytes[0]
        self.pc.outb(0x226, 1)
        self.pc.run(clocks=self.dice.randrange(12, 600))
        late = self.pc.stats.bytes[0] - counted
        assert late <= 1
        self.pc.outb(0x226, 0)
        self.pc.run(clocks=500)
        assert self.pc.stats.bytes[0] - counted == late
        assert self.pc.inb(0x22E) & 0x80
        assert self.pc.inb(0x22A) == 0xAA
        self.compare()
        self.start()

    def dsp(self, *values):
        for value in values:
            for _ in range(1000):
                if not self.pc.inb(0x22C) & 0x80:
                    break
            self.pc.outb(0x22C, value)

    def check(self):
        """Compare the ring with what was recorded, in a pause of random length."""
        self.dsp(0xD0)
        self.pc.run(clocks=self.dice.randrange(100, 2000))
        self.compare()
        self.dsp(0xD4)

    def compare(self):
        """See that as many bytes as the 8237A counted stand in the ring, one after the other as they were recorded."""
        counted = self.pc.stats.bytes[0] - self.before
        assert (self.card.dropped, self.card.overruns) == (0, 0)
        ring, at = self.pc.memory[self.AT : self.AT + self.RING], counted % self.RING
        last = min(counted, self.RING)
        if not last:
            return
        found = (ring + ring)[at + self.RING - last : at + self.RING]
        first = self.data.index(found[:1])  # 251 bytes differ, and come again
        assert found == self.data[first : first + last]
        assert ring[last:] == b"\xff" * (self.RING - last) or counted > self.RING


class Line:
    """A 16550A at 9600 baud, read and written by polling: what comes late is counted by the chip, and no other lost."""

    def __init__(self, pc, dice):
        self.pc, self.dice = pc, dice
        self.port = SerialPort(0x2F8)
        pc.attach(self.port, irq=4)
        for offset, value in ((3, 0x83), (0, 12), (1, 0), (3, 0x03), (2, 0x07), (4, 0x03)):
            pc.outb(0x2F8 + offset, value)
        self.came, self.gone, self.number = bytearray(), bytearray(), 0
        self.lost, self.cleared = 0, 0

    def talk(self):
        """Let up to 40 characters come, send a few, look into the FIFO, and clear it now and then."""
        data = bytes(self.number + n & 0xFF for n in range(self.dice.randrange(1, 60)))
        self.number += len(data)
        overruns = self.port.overruns
        self.came.clear()
        end = self.port.receive(data, baud=9600)
        sent = self.dice.randbytes(self.dice.randrange(1, 16))
        for _ in range(400):
            if self.pc.inb(0x2FD) & 0x20:
                break
            self.pc.run(clocks=500)
        for value in sent:
            self.pc.outb(0x2F8, value)
        self.gone += sent
        while self.pc.clocks < end:
            self.pc.run(clocks=self.dice.randrange(1, 100_000))
            self.drain()
        self.pc.run(clocks=5000)
        self.drain()
        assert len(self.came) + self.port.overruns - overruns == len(data)
        rest = iter(data)
        assert all(value in rest for value in self.came), f"{self.came.hex()} of {data.hex()}"
        for _ in range(400):
            if self.pc.inb(0x2FD) & 0x40:
                break
            self.pc.run(clocks=500)
        assert bytes(self.port.sent) == self.gone

    def drain(self):
        while self.pc.inb(0x2FD) & 0x01:
            self.came.append(self.pc.inb(0x2F8))


class Crowd:
    """All devices on one PC with refresh, each with pauses, stops and resets at random."""

    def __init__(self, seed, path, works, ways, account):
        self.dice, self.account = random.Random(seed), account
        self.pc = PC(engine="native", refresh=True)
        self.recorder = Recorder(self.pc, self.dice)
        self.works = {
            "floppy": works["floppy, full"](self.pc, True, "single"),
            "fast disk": works["fast disk"](self.pc, True, "single"),
            "etherlink": works["etherlink"](self.pc, True, "single"),
        }
        self.ways = {name: [way for way in ways[name] if way.name != "master clear"] for name in self.works}
        self.line = Line(self.pc, self.dice)
        self.content = bytearray(self.dice.randbytes(256 * 512))
        path.write_bytes(self.content)
        self.pc.attach(HostAdapter(path, dma=6))
        self.scsi = ScsiDriver(Kernel(self.pc))
        self.before = {}
        self.tried = collections.Counter()

    def step(self):
        name = self.dice.choice([*self.works, *self.works, "scsi", "sound", "sound reset", "serial"])
        self.tried[name] += 1
        if name == "scsi":
            self.block()
        elif name == "sound":
            self.recorder.check()
        elif name == "sound reset":
            self.recorder.reset()
        elif name == "serial":
            self.line.talk()
        else:
            self.withdraw(name, self.works[name])

    def withdraw(self, name, work):
        """Begin a transfer, withdraw its request somewhere, go on or not, and account for every byte."""
        work.to_memory, work.mode = self.dice.random() < 0.5, self.dice.choice(["single", "demand"])
        work.begin()
        before, way = self.pc.stats.bytes[work.channel], self.dice.choice(self.ways[name])
        way.prepare(work)
        self.pc.run(clocks=self.dice.randrange(1, 300))
        way.withdraw(work, self.pc.outb)
        self.pc.run(clocks=self.dice.randrange(60, 1500))
        self.account(work, before, exact=way.exact)
        way.resume(work)
        work.settle()
        self.pc.run(clocks=self.dice.randrange(1, 3000))
        self.account(work, before, exact=way.exact)

    def block(self):
        """Write or read blocks, after a reset now and then."""
        if self.dice.random() < 0.1:
            self.pc.outb(0x330, self.dice.choice([0x80, 0x40, 0x10]))
            self.scsi._adapter.recover()
        lba, count = self.dice.randrange(250), self.dice.randrange(1, 6)
        if self.dice.random() < 0.5:
            data = self.dice.randbytes(512 * count)
            self.scsi.write(lba, data)
            self.content[512 * lba : 512 * (lba + count)] = data
        assert self.scsi.read(lba, count) == self.content[512 * lba : 512 * (lba + count)]


@pytest.mark.parametrize("clocks", [400_000, pytest.param(100_000_000, marks=pytest.mark.long)])
def test_all_devices_at_once_with_random_pauses_stops_and_resets_account_for_every_byte(
    withdrawals, works, ways, tmp_path, clocks, record_property
):
    seed = f"crowd {clocks}"
    print("seed", seed)
    crowd = Crowd(seed, tmp_path / "disk.img", works, ways, withdrawals.account)
    with crowd.pc:
        while crowd.pc.clocks < clocks:
            crowd.step()
        for name in (*crowd.works, "scsi", "sound", "sound reset", "serial"):
            assert crowd.tried[name] > 0
        told = {"clocks": crowd.pc.clocks, **crowd.tried, "bytes": crowd.pc.stats.bytes}
        record_property("crowd", str(told))
        print(told)
