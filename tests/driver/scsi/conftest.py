"""A PC with a host adapter and a disk of random bytes, for the SCSI driver's tests."""

import pytest

from isadma_driver import Kernel
from isadma_sim.devices.scsi import HostAdapter, ScsiDisk

BLOCKS = 1024


class Bench:
    """A PC with a host adapter and a disk of random bytes at target 0."""

    def __init__(self, pc, path, *, write_protected=False, **options):
        self.pc = pc
        self.path = path
        self.disk = ScsiDisk(path, write_protected=write_protected)
        self.adapter = HostAdapter(self.disk, **options)
        pc.attach(self.adapter)
        self.kernel = Kernel(pc)
        self.free = self.kernel.pages.reports()

    @property
    def image(self):
        return self.path.read_bytes()

    def blocks(self, lba, count):
        return self.image[lba * 512 : (lba + count) * 512]


@pytest.fixture
def path(tmp_path, rng):
    file = tmp_path / "disk.img"
    file.write_bytes(rng.randbytes(BLOCKS * 512))
    return file


@pytest.fixture
def make_bench(path):
    """Plug an adapter into a PC; options are the adapter's."""

    def make(pc, **options):
        return Bench(pc, path, **options)

    return make


@pytest.fixture
def bench(pc, make_bench):
    return make_bench(pc)
