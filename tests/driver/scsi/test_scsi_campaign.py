"""Random reads and writes of random sizes against a plain file."""

import random

import pytest

from isadma_driver import Kernel, ScsiDriver, UserBuffer
from isadma_sim import PC
from isadma_sim.devices.scsi import HostAdapter


def _campaign(path, engine, steps, seed):
    """Random reads and writes of random sizes, the same on a plain file; returns both in the end."""
    dice = random.Random(seed)
    print("seed", seed)
    plain = bytearray(dice.randbytes(4096 * 512))
    path.write_bytes(plain)
    with PC(engine) as pc:
        pc.attach(HostAdapter(path))
        kernel = Kernel(pc)
        space = kernel.address_space("program")
        base = space.map_region(40 * 4096)
        with ScsiDriver(kernel) as disk:
            for _ in range(steps):
                count = int(2 ** dice.uniform(0, 8.2))
                lba = dice.randint(0, 4096 - count)
                at, size = lba * 512, count * 512
                buffer = UserBuffer(space, base + dice.randrange(4096), size)
                kind = dice.randrange(4)
                if kind == 0:
                    assert disk.read(lba, count) == plain[at : at + size]
                elif kind == 1:
                    disk.read_into(lba, buffer)
                    assert space.read(buffer.address, size) == plain[at : at + size]
                else:
                    plain[at : at + size] = data = dice.randbytes(size)
                    if kind == 2:
                        disk.write(lba, data)
                    else:
                        space.write(buffer.address, data)
                        disk.write_from(lba, buffer)
            assert (disk.resets, pc.stats.conflicts) == (0, [0] * 8)
    return bytes(plain), path.read_bytes()


def test_a_hundred_random_reads_and_writes_leave_the_image_as_a_plain_file(path):
    plain, image = _campaign(path, "native", 100, 7)
    assert image == plain


@pytest.mark.long
def test_a_thousand_random_reads_and_writes_leave_the_image_as_a_plain_file(path):
    plain, image = _campaign(path, "native", 1000, 8)
    assert image == plain
