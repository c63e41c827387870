"""SIGKILL in the middle of writes: no torn sector, no file half-written under its final name, no lock left."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from isadma_sim.devices.floppy import Image
from isadma_sim.waves.fstblocks import is_complete

SECTOR = 512
SECTORS = 64

#: Writes sectors of one byte each through the machine, another byte each time, and says so when the first are written.
WRITER = """
import sys
from isadma_driver.floppy import Floppy
from isadma_driver.kernel import Kernel
from isadma_sim import PC
with PC(engine="reference", floppy=sys.argv[1], floppy_speed="full") as pc:
    with Floppy(Kernel(pc), "1.44M", dma=True) as drive:
        for turn in range(int(sys.argv[2]), 1_000_000):
            drive.write(0, bytes([turn & 0xFF]) * 512)
            if turn == int(sys.argv[2]):
                print("on", flush=True)
            drive.write(0, bytes([turn & 0xFF]) * 512 * 64)
"""
#: Writes three kinds of files whole, over and over, each of them one byte again and again.
WHOLE = """
import sys
from fractions import Fraction
from isadma_sim.devices.ethernet.pcap import Packet, write_pcap
from isadma_sim.devices.sound.samples import Format, Take
from isadma_tools.files.whole import write_whole
print("on", flush=True)
for turn in range(1_000_000):
    write_whole("out.bin", bytes([turn & 0xFF]) * 300_000)
    write_pcap("out.pcap", [Packet(Fraction(n), bytes([turn & 0xFF]) * 500) for n in range(200)])
    Take(Format(Fraction(8000), 8, 1, False), bytearray([turn & 0xFF]) * 100_000).save("out.wav")
"""
#: Dumps waveforms, over and over.
DUMPER = """
from isadma_sim import PC
print("on", flush=True)
for turn in range(1_000_000):
    for name in ("out.fst", "out.vcd"):
        with PC(engine="reference") as pc:
            pc.waves(name)
            pc.run(clocks=300)
            pc.outb(0x87, turn & 0xFF)
"""


def killed(program, folder, dice, *arguments, longest=0.25):
    """Run a program for a random time after it said that it is on, and kill it."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "on\n"
    time.sleep(dice.random() * longest)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


def torn(path):
    data = path.read_bytes()
    return [n for n in range(SECTORS) if len(set(data[n * SECTOR : (n + 1) * SECTOR])) != 1]


def kill_writers(disk, count, seed):
    dice = random.Random(seed)
    written = set()
    rest = hashlib.sha256(disk.read_bytes()[SECTORS * SECTOR :]).digest()
    disk_size = disk.stat().st_size
    for attempt in range(count):
        killed(WRITER, disk.parent, dice, disk, attempt + 1)
        assert torn(disk) == [], f"seed {seed}, kill {attempt}"
        assert disk.stat().st_size == disk_size
        Image.open(disk).close()  # the lock has gone with its holder
        written.update(disk.read_bytes()[: SECTORS * SECTOR : SECTOR])
    assert hashlib.sha256(disk.read_bytes()[SECTORS * SECTOR :]).digest() == rest
    assert len(written) > count // 4  # every process writes another byte, and has written it once when it is killed


def check_whole(folder):
    """Every file under its final name is whole, or not there."""
    for name, size in (("out.bin", 300_000), ("out.pcap", 24 + 200 * 516), ("out.wav", 44 + 100_000)):
        if (folder / name).exists():
            data = (folder / name).read_bytes()
            assert len(data) == size
            assert len(set(data[-400:])) == 1
            if name == "out.bin":
                assert len(set(data)) == 1


@pytest.fixture
def small_disk(disk):
    disk.write_bytes(bytes(1_474_560))
    return disk


def test_kills_tear_no_sector(small_disk):
    kill_writers(small_disk, 8, 1990)


def test_kills_leave_no_half_file(tmp_path):
    dice = random.Random(1991)
    for _ in range(8):
        killed(WHOLE, tmp_path, dice)
        check_whole(tmp_path)
    assert (tmp_path / "out.bin").exists()


@pytest.mark.long
def test_a_hundred_kills_tear_no_sector(small_disk):
    kill_writers(small_disk, 100, 1992)


@pytest.mark.long
def test_a_hundred_kills_leave_no_half_file(tmp_path):
    dice = random.Random(1993)
    for _ in range(100):
        killed(WHOLE, tmp_path, dice)
        check_whole(tmp_path)


@pytest.mark.long
def test_fifty_kills_leave_no_half_dump(tmp_path):
    dice = random.Random(1994)
    seen = 0
    for _ in range(50):
        killed(DUMPER, tmp_path, dice, longest=0.5)
        if (tmp_path / "out.fst").exists():
            seen += 1
            assert is_complete(tmp_path / "out.fst")
        if (tmp_path / "out.vcd").exists():
            text = (tmp_path / "out.vcd").read_text()
            assert text.endswith("\n")
            # The last time of every whole dump is the same: 300 clocks and an access.
            assert int(text[text.rindex("\n#") + 2 :].split()[0]) >= 300 * 250
    assert seen


def test_the_temporary_file_of_a_killed_writer_has_no_name_that_is_looked_for(tmp_path):
    dice = random.Random(1995)
    for _ in range(3):
        killed(WHOLE, tmp_path, dice)
    assert {name for name in os.listdir(tmp_path) if not name.startswith(".")} <= {"out.bin", "out.pcap", "out.wav"}
