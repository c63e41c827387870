"""Whatever software does to the ports, the controller neither hangs the machine nor forgets how to be reset."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isadma_sim.devices.floppy import Image

DOR, MSR, FIFO = 0x3F2, 0x3F4, 0x3F5
SECTOR = 512


@pytest.mark.parametrize("variant", ["82077AA", "uPD765A"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_thousand_random_writes_neither_hang_nor_crash_and_a_reset_restores_it(rig, disk, speed, variant, seed):
    dice = random.Random(seed)
    image = disk("360K")
    machine = rig(image, speed=speed, variant=variant, up=False)
    for _ in range(10_000):
        what = dice.random()
        if what < 0.65:
            # Mostly the data register, or few commands would ever be complete.
            machine.outb(FIFO, dice.choice((dice.randrange(256), dice.randrange(4), 0x46, 0x45, 0x4D, 0x4A, 0x0F)))
        elif what < 0.68:
            machine.outb(dice.randrange(0x3F0, 0x3F8), dice.randrange(256))
        elif what < 0.75:
            machine.outb(DOR, 0x1C)
        elif what < 0.97:
            machine.inb(dice.choice((FIFO, FIFO, FIFO, dice.randrange(0x3F0, 0x3F8))))
        else:
            machine.dma(dice.choice(("read", "write", "verify", None)), bytes(600))
        machine.run(dice.choice((1, 10, 1_000, 20_000)))
    machine.dma(None)
    machine.power_up(rate=2)
    machine.run(4_000_000)
    while machine.sense() != [0x80]:
        pass
    machine.send(0x07, 0)
    machine.wait_irq()
    assert machine.sense() == [0x20, 0]
    image.lay(0, 0, Image.from_bytes(bytes(368_640)).track(0, 0))  # a random FORMAT may have been here
    data, result = machine.read(0, 0, 1, 9, SECTOR)
    assert result == [0, 0, 0, 0, 0, 2, 2]
    assert data == image.data[:SECTOR]


# One machine serves all examples on purpose: what an earlier read left behind must not matter.
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_reads_of_any_range_equal_the_file(machines, data):
    machine, image = machines[data.draw(st.sampled_from(sorted(machines)))]
    known = image.geometry
    cylinder = data.draw(st.integers(0, known.cylinders - 1))
    head = data.draw(st.integers(0, known.heads - 1))
    first = data.draw(st.integers(1, known.sectors))
    multi = data.draw(st.booleans())
    last = known.sectors + (known.sectors if multi and head == 0 and known.heads == 2 else 0)
    count = data.draw(st.integers(1, (last - first + 1) * SECTOR))
    machine.seek(cylinder, head)
    got, result = machine.read(cylinder, head, first, known.sectors, count, first=0xC6 if multi else 0x46)
    at = known.lba(cylinder, head, first) * SECTOR
    assert got == image.data[at : at + count]
    assert result[:3] == [result[0] & 0x04, 0, 0]


@pytest.fixture
def machines(rig, disk):
    made = {}
    for name, rate in (("360K", 2), ("1.44M", 0)):
        image = disk(name)
        made[name] = (rig(image, rate=rate, speed="full"), image)
    return made


def test_random_writes_leave_what_a_plain_file_would(rig, disk):
    dice = random.Random(20)
    image = disk("360K")
    plain = bytearray(image.data)
    machine = rig(image, rate=2, speed="full")
    known = image.geometry
    for _ in range(60):
        lba = dice.randrange(known.total)
        cylinder, head, sector = known.chs(lba)
        data = dice.randbytes(dice.randrange(1, (known.sectors - sector + 1) * SECTOR + 1))
        machine.seek(cylinder, head)
        assert machine.write(cylinder, head, sector, known.sectors, data, first=0x45)[1:3] == [0, 0]
        padded = data + bytes(-len(data) % SECTOR)
        plain[lba * SECTOR : lba * SECTOR + len(padded)] = padded
    assert image.data == plain
