"""All devices with DMA at once, with pauses, stops and resets at random: every byte is accounted for."""

import collections
import random
from fractions import Fraction

import pytest

from isadma_driver import Kernel, ScsiDriver
from isadma_sim import PC
from isadma_sim.devices.scsi import HostAdapter
from isadma_sim.devices.sound import Format, SoundBlaster16, Tape


class Sequence(Tape):
    """A medium that gives one frame after the other, whatever the rate."""

    def next(self, form):
        return super().next(form.at(self.format.rate))


class Recorder:
    """A Sound Blaster 16 that records all the time, by auto-initialize into 4 KiB, on DMA 0."""

    RING = 4096

    def __init__(self, pc, dice):
        self.pc, self.dice = pc, dice
        self.data = bytes(1 + frame * 37 % 251 for frame in range(900_000))
        self.card = SoundBlaster16(record_from=Sequence(self.data, Format(Fraction(22_050), 8, 1, False)))
        pc.attach(self.card)
        pc.outb(0x224, 0x81)
        pc.outb(0x225, 0x21)
        for port, value in ((0x0C, 0), (0x0B, 0x54), (0, 0), (0, 0), (0x87, 4), (1, 0xFF), (1, 0x0F), (0x0A, 0)):
            pc.outb(port, value)
        self.dsp(0x42, 22_050 >> 8, 22_050 & 0xFF, 0xCE, 0x00, 0xFF, 0x0F)

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
        counted = self.pc.stats.bytes[0]
        assert (self.card.dropped, self.card.overruns) == (0, 0)
        ring, at = self.pc.memory[0x40000 : 0x40000 + self.RING], counted % self.RING
        last = min(counted, self.RING)
        assert (ring + ring)[at + self.RING - last : at + self.RING] == self.data[counted - last : counted]
        self.dsp(0xD4)


class Crowd:
    """All devices with DMA on one PC with refresh, each with pauses, stops and resets at random."""

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
        self.content = bytearray(self.dice.randbytes(256 * 512))
        path.write_bytes(self.content)
        self.pc.attach(HostAdapter(path, dma=6))
        self.scsi = ScsiDriver(Kernel(self.pc))
        self.before = {}
        self.tried = collections.Counter()

    def step(self):
        name = self.dice.choice([*self.works, *self.works, "scsi", "sound"])
        self.tried[name] += 1
        if name == "scsi":
            self.block()
        elif name == "sound":
            self.recorder.check()
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
        for name in (*crowd.works, "scsi", "sound"):
            assert crowd.tried[name] > 0
        told = {"clocks": crowd.pc.clocks, **crowd.tried, "bytes": crowd.pc.stats.bytes}
        record_property("crowd", str(told))
        print(told)
