"""A floppy read through the driver: the same bytes, clocks and bus cycles on every engine."""

import hashlib
import random
import time

import pytest

from isadma_driver.floppy import Floppy
from isadma_driver.kernel import Kernel
from isadma_sim import PC

SECTOR = 512
TRACK_1440K, SIZE_1440K = 18, 2880 * SECTOR


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A 1.44M image of random bytes."""
    path = tmp_path_factory.mktemp("floppy") / "disk.img"
    path.write_bytes(random.Random(1440).randbytes(SIZE_1440K))
    return path


def told(engine, image, lba, sectors, speed="full"):
    """Everything that can be told of a read from the outside."""
    with PC(engine=engine, floppy=image, floppy_speed=speed) as pc:
        with Floppy(Kernel(pc), "1.44M", dma=True) as floppy:
            data = floppy.read(lba, sectors)
        return {
            "digest": hashlib.sha256(data).hexdigest(),
            "clocks": pc.clocks,
            "dma_clocks": pc.stats.dma_clocks,
            "transfers": pc.stats.transfers,
            "accesses": pc.stats.accesses,
            "registers": [pc.inb(port) for port in (0x08, 0x04, 0x04, 0x05, 0x05, 0x81)],
        }


def digest_of(image, lba, sectors):
    return hashlib.sha256(image.read_bytes()[lba * SECTOR : (lba + sectors) * SECTOR]).hexdigest()


@pytest.mark.parametrize("speed", ["full", "real"])
def test_a_track_and_the_next_are_the_same_on_the_compiled_rtl_and_the_golden_model(image, speed):
    native = told("native", image, 9, 2 * TRACK_1440K, speed)
    assert native == told("reference", image, 9, 2 * TRACK_1440K, speed)
    assert native["digest"] == digest_of(image, 9, 2 * TRACK_1440K)


@pytest.mark.long
def test_a_sector_is_the_same_in_amaranths_simulator(image):
    assert told("amaranth", image, 17, 1) == told("native", image, 17, 1)


@pytest.mark.long
def test_the_whole_floppy_is_the_same_on_the_compiled_rtl_and_the_golden_model(image):
    begun = time.process_time()
    native = told("native", image, 0, 2880)
    print(f"native: {time.process_time() - begun:.1f} s of CPU, {native['clocks']:,} clocks")
    assert native["digest"] == digest_of(image, 0, 2880)
    assert native == told("reference", image, 0, 2880)


@pytest.mark.long
def test_a_cylinder_is_the_same_in_amaranths_simulator(image):
    assert told("amaranth", image, 0, 2 * TRACK_1440K) == told("reference", image, 0, 2 * TRACK_1440K)
