"""The fast disk as a device: its registers, its rate, and what is lost when nobody comes.

Its interface is this project's own, so the literals here are those of the guide's table.
"""

import random

import pytest

from isadma_sim import PC
from isadma_sim.devices.fastdisk import FastDisk

DATA, DATA_HIGH, STATUS, CONTROL, LBA, COUNT, LOST, THRESHOLD, LEVEL, ID = 0, 1, 2, 3, 4, 7, 8, 10, 11, 12
COMMAND = 2
READ, WRITE, ABORT = 1, 2, 0
BUSY, REQUEST, DONE, LOSS, BAD = 0x01, 0x02, 0x04, 0x08, 0x10
BY_DMA, WITH_IRQ, RESET = 0x01, 0x02, 0x80
CONTENT = random.Random("disk").randbytes(8 * 512)


class Bench:
    """A PC with a fast disk at 320h; registers by their offsets."""

    def __init__(self, pc, **options):
        self.pc = pc
        self.disk = FastDisk(bytearray(CONTENT), **options)
        pc.attach(self.disk, dma=7 if self.disk.width == 2 else 3, irq=14)

    def inb(self, reg):
        return self.pc.inb(0x320 + reg)

    def outb(self, reg, value):
        self.pc.outb(0x320 + reg, value)

    def start(self, command, *, lba=0, sectors=1, control=0, threshold=1):
        self.outb(CONTROL, control)
        self.outb(LBA, lba)
        self.outb(COUNT, sectors)
        self.outb(THRESHOLD, threshold)
        self.outb(COMMAND, command)

    def lost(self):
        return self.inb(LOST) | self.inb(LOST + 1) << 8

    def word(self):
        return bytes((self.inb(DATA), self.inb(DATA_HIGH)))


@pytest.fixture
def bench():
    made = []

    def make(**options):
        made.append(PC(engine="reference"))
        return Bench(made[-1], **options)

    yield make
    for pc in made:
        pc.close()


def test_it_says_what_it_is_and_what_reset_leaves(bench):
    machine = bench()
    assert [machine.inb(reg) for reg in range(16)] == [
        *(0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00),
        *(0x00, 0x00, 0x01, 0x00, 0x46, 0x44, 0xFF, 0xFF),
    ]


def test_words_come_at_the_rate_that_was_set(bench):
    machine = bench(rate=8000)  # a word in 1,000 clocks of 4 MHz
    machine.start(READ)
    machine.pc.run(clocks=990)  # the last three clocks of the command's own cycle count, and the status read's first
    assert machine.inb(STATUS) == BUSY
    assert machine.inb(STATUS) == BUSY | REQUEST
    assert machine.word() == CONTENT[:2]
    assert machine.inb(STATUS) == BUSY


def test_a_sector_by_polling_is_whole(bench):
    machine = bench(rate=60_000)
    machine.start(READ, lba=3)
    data = b""
    for _ in range(100_000):
        status = machine.inb(STATUS)
        if status & DONE:
            break
        if status & REQUEST:
            data += machine.word()
    assert data == CONTENT[3 * 512 : 4 * 512]
    assert machine.lost() == machine.disk.lost == 0
    assert machine.inb(STATUS) == 0


def test_what_finds_the_fifo_full_is_lost_and_counted(bench):
    machine = bench(rate=80_000)  # a word in 100 clocks
    machine.start(READ)
    machine.pc.run(clocks=30_000)
    assert machine.inb(LEVEL) == 16
    assert machine.lost() == 256 - 16
    assert machine.inb(STATUS) == BUSY | REQUEST | LOSS
    assert b"".join(machine.word() for _ in range(16)) == CONTENT[:32]
    assert machine.inb(STATUS) == DONE | LOSS


def test_the_interrupt_comes_at_the_threshold_and_goes_below_it(bench):
    machine = bench(rate=80_000)
    machine.pc.outb(0x21, 0)
    machine.pc.outb(0xA1, 0)
    machine.start(READ, control=WITH_IRQ, threshold=8)
    start = machine.pc.clocks
    machine.pc.wait_irq(14, clocks=10_000)
    assert 790 <= machine.pc.clocks - start <= 801
    machine.word()
    machine.pc.outb(0xA0, 0x66)
    machine.pc.outb(0x20, 0x62)
    machine.pc.wait_irq(14, clocks=100)  # the eighth word is there again
    assert machine.inb(LEVEL) >= 8


def test_it_waits_for_a_full_fifo_before_it_writes(bench):
    machine = bench(rate=80_000, depth=4)
    machine.start(WRITE)
    for value in range(3):
        machine.outb(DATA, value)
        machine.outb(DATA_HIGH, 0x10)
    machine.pc.run(clocks=10_000)
    assert machine.lost() == 0
    machine.outb(DATA, 3)
    machine.outb(DATA_HIGH, 0x10)
    machine.pc.run(clocks=30_000)
    assert machine.inb(STATUS) == DONE | LOSS
    assert machine.lost() == 252
    assert machine.disk.data[:512] == bytes((0, 16, 1, 16, 2, 16, 3, 16)) + bytes(504)


def test_a_unit_of_a_byte_disk_is_a_byte(bench):
    machine = bench(rate=20_000, width=1)
    machine.start(READ, lba=1)
    machine.pc.run(clocks=1000)
    assert [machine.inb(DATA), machine.inb(DATA)] == list(CONTENT[512:514])


@pytest.mark.parametrize(
    ("reg", "value"),
    [(COMMAND, 3), (LBA, 8), (LBA + 2, 1), (COUNT, 9), (COUNT, 0), (THRESHOLD, 0), (THRESHOLD, 17)],
    ids=["command", "sector", "far sector", "count", "256 sectors", "no threshold", "threshold"],
)
def test_what_it_cannot_do_is_bad_and_done(bench, reg, value):
    machine = bench()
    machine.outb(COUNT, 1)
    machine.outb(reg, value)
    if reg != COMMAND:
        machine.outb(COMMAND, READ)
    assert machine.inb(STATUS) == BAD | DONE
    assert machine.inb(STATUS) == BAD


def test_a_second_command_is_bad_and_the_first_goes_on(bench):
    machine = bench(rate=20_000)
    machine.start(READ)
    machine.outb(COMMAND, WRITE)
    assert machine.inb(STATUS) == BUSY | BAD
    machine.pc.run(clocks=1000)
    assert machine.word() == CONTENT[:2]


@pytest.mark.parametrize("way", ["abort", "control", "bus"])
def test_abort_and_reset_end_a_command(bench, way):
    machine = bench(rate=20_000)
    machine.start(READ, control=WITH_IRQ)
    machine.pc.run(clocks=1000)
    if way == "abort":
        machine.outb(COMMAND, ABORT)
    elif way == "control":
        machine.outb(CONTROL, RESET)
    else:
        machine.pc.reset()
    assert machine.inb(STATUS) == 0
    assert machine.inb(LEVEL) == 0
    machine.pc.run(clocks=10_000)
    assert machine.inb(STATUS) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": bytearray(100)}, "a disk of 100 bytes: give whole sectors of 512"),
        ({"rate": 0}, "a rate of 0: give bytes a second"),
        ({"width": 4}, "width 4: a unit is 1 or 2 bytes"),
        ({"depth": 1}, "depth 1: a FIFO holds 2 to 255 units"),
        ({"port": 0x10000}, "a fast disk at 65536: use a port"),
    ],
)
def test_wrong_parameters_are_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        FastDisk(**{"data": bytearray(512), **options})


def test_10000_random_port_writes_neither_hang_nor_crash_and_reset_restores(bench):
    machine = bench(rate=1e6)
    dice = random.Random("fast disk")
    for _ in range(10_000):
        # Now and then a command that really begins, and time for it to get somewhere.
        reg = dice.choice([dice.randrange(16), COMMAND])
        machine.outb(reg, dice.choice([dice.randrange(256), dice.randrange(4)]))
        if dice.random() < 0.1:
            machine.inb(dice.randrange(16))
    machine.pc.reset()
    assert machine.inb(STATUS) == machine.inb(CONTROL) == 0
    content = bytes(machine.disk.data)
    machine.disk.rate = 20_000
    machine.start(READ)
    machine.pc.run(clocks=1000)
    assert machine.word() == content[:2]
