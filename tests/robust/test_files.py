"""Images and files as others leave them: pipes, two machines on one, and a file that goes away underneath."""

import os
import subprocess
import sys
import threading
import time

import pytest

from isadma_driver.errors import DmaError
from isadma_driver.floppy import Floppy
from isadma_driver.kernel import Kernel
from isadma_sim import PC
from isadma_sim.devices.ethernet.pcap import read_pcap
from isadma_sim.devices.floppy import Image
from isadma_sim.devices.scsi.codes import Sense
from isadma_sim.devices.scsi.disk import ScsiDisk
from isadma_sim.devices.scsi.image import BlockImage
from isadma_sim.devices.sound.samples import Tape
from isadma_tools.files import whole
from isadma_tools.files.whole import write_whole
from isadma_tools.messages.say import say

READERS = {"floppy": Image.open, "scsi": BlockImage, "wav": Tape.open, "pcap": read_pcap}
KINDS = {"pipe": os.mkfifo, "device": lambda path: path.symlink_to("/dev/zero"), "folder": lambda path: path.mkdir()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_at_once_by_whatever_reads(tmp_path, reader, kind):
    path = tmp_path / "thing"
    KINDS[kind](path)
    with pytest.raises(OSError, match=str(path)) as caught:
        READERS[reader](path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["image", "input"])
def test_the_command_refuses_a_pipe_at_once(in_a_process, disk, tmp_path, place):
    os.mkfifo(tmp_path / "pipe")
    files = {"image": ["pipe", disk], "input": [disk, "pipe"]}[place]
    done = in_a_process("floppy", "write", *files, "--lba", 0, "-e", "reference", timeout=60)
    assert (done.returncode, done.stderr) == (2, "isadma: 'pipe' is a pipe: name a regular file\n")


def test_an_output_pipe_is_written_when_its_reader_comes(in_a_process, disk, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    done = in_a_process("floppy", "read", disk, "--sectors", 3, "-o", pipe, "-e", "reference")
    reader.join(timeout=60)
    assert (done.returncode, got) == (0, [disk.read_bytes()[: 3 * 512]])


@pytest.mark.parametrize("reader", ["none", "asleep", "leaves"])
def test_an_output_pipe_that_nobody_reads_is_told_in_time(tmp_path, monkeypatch, reader):
    monkeypatch.setattr(whole, "PATIENCE", 0.3)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ends = {"none": "nobody read", "asleep": "its reader took nothing", "leaves": "its reader went away"}
    held = None if reader == "none" else os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    if reader == "leaves":
        threading.Timer(0.1, os.close, [held]).start()
    began = time.monotonic()
    with pytest.raises(OSError, match=ends[reader]):
        write_whole(pipe, bytes(1 << 20))
    assert time.monotonic() - began < 10
    if reader == "asleep":
        os.close(held)


# ---------------------------------------------------------------- two machines
HOLDER = """
import sys
from isadma_sim import PC
with PC(engine="reference", floppy=sys.argv[1], write_protect=sys.argv[2] == "r"):
    print("on", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def another_machine(disk):
    """Start a machine in another process that has the image; "w": to write, "r": to read."""
    started = []

    def start(mode):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(disk), mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "on\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=60)


@pytest.mark.parametrize(("first", "second"), [("w", "w"), ("w", "r"), ("r", "w")])
def test_the_second_machine_on_an_image_is_refused(disk, another_machine, first, second):
    process = another_machine(first)
    with pytest.raises(OSError, match=rf"^the floppy image {disk} is in use by another machine: close that one first$"):
        Image.open(disk, write_protected=second == "r")
    process.kill()  # and its lock goes with it
    process.wait(timeout=60)
    Image.open(disk, write_protected=second == "r").close()


def test_any_number_of_machines_may_read_one_image(disk, another_machine):
    another_machine("r")
    with Image.open(disk, True), Image.open(disk, True) as image:
        assert image.data == disk.read_bytes()


def test_the_command_refuses_an_image_in_use_in_one_line(in_a_process, disk, another_machine):
    another_machine("w")
    done = in_a_process("floppy", "read", disk, "-e", "reference")
    assert done.returncode == 1
    assert done.stderr == f"isadma: the floppy image {disk} is in use by another machine: close that one first\n"


def test_one_process_is_no_exception(disk):
    with Image.open(disk), pytest.raises(OSError, match="in use by another machine"):
        Image.open(disk)
    Image.open(disk).close()


# ---------------------------------------------------------------- gone underneath
def truncated(path):
    os.truncate(path, 1000)


def replaced(path):
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def removed(path):
    path.unlink()


def longer(path):
    os.truncate(path, path.stat().st_size + 512)


CHANGES = {"truncated": truncated, "replaced": replaced, "removed": removed, "made longer": longer}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("verb", ["read", "write"])
def test_a_floppy_image_that_goes_away_is_a_medium_error_and_said(disk, capsys, how, verb):
    say.cache_clear()
    with PC(engine="reference", floppy=disk, floppy_speed="full") as pc:
        kernel = Kernel(pc)
        with Floppy(kernel, "1.44M", dma=True) as floppy:
            floppy.read(0)
            CHANGES[how](disk)
            with pytest.raises(DmaError) as caught:
                floppy.read(40) if verb == "read" else floppy.write(40, bytes(512))
    assert "\n" not in str(caught.value)
    assert capsys.readouterr().err.splitlines() == [
        f"isadma: the floppy image '{disk}' was {how} while a machine ran on it: the medium is unreadable"
    ]
    if how == "replaced":
        assert disk.read_bytes()[40 * 512 : 41 * 512] == bytes([40, 0]) * 256


@pytest.mark.parametrize("how", CHANGES)
def test_a_hard_disks_image_that_goes_away_is_a_medium_error_and_said(tmp_path, capsys, how):
    say.cache_clear()
    path = tmp_path / "hard.img"
    path.write_bytes(bytes(64 * 512))
    disk = ScsiDisk(path)
    disk.execute(bytes(6))  # UNIT ATTENTION
    assert disk.execute(bytes([0x28, 0, 0, 0, 0, 1, 0, 0, 1, 0])).data == bytes(512)
    CHANGES[how](path)
    answer = disk.execute(bytes([0x28, 0, 0, 0, 0, 5, 0, 0, 1, 0]))
    assert answer.status == 2
    sense = disk.execute(bytes([3, 0, 0, 0, 18, 0])).data
    assert sense[2] & 0x0F == 3  # MEDIUM ERROR
    write = disk.execute(bytes([0x2A, 0, 0, 0, 0, 5, 0, 0, 1, 0]))
    assert write.take(bytes(512)) == 2
    assert disk.execute(bytes([3, 0, 0, 0, 18, 0])).data[2] & 0x0F == 3
    assert capsys.readouterr().err == (
        f"isadma: the disk image '{path}' was {how} while a machine ran on it: the medium is unreadable\n"
    )
    assert Sense.MEDIUM_ERROR_READ is not Sense.MEDIUM_ERROR_WRITE
    disk.close()


def test_a_file_that_only_others_read_is_not_touched_by_these_looks(disk):
    before = disk.stat().st_mtime_ns
    with (
        PC(engine="reference", floppy=disk, floppy_speed="full") as pc,
        Floppy(Kernel(pc), "1.44M", dma=True) as floppy,
    ):
        floppy.read(0)
    assert disk.stat().st_mtime_ns == before


def test_floppy_write_has_its_sectors_on_the_disk_when_it_says_so(disk, tmp_path, monkeypatch, capsys):
    from isadma_cli import floppy
    from isadma_cli.__main__ import run

    synced = []
    monkeypatch.setattr(floppy, "on_disk", lambda path: synced.append((path, disk.read_bytes()[512:1024])))
    (tmp_path / "sector").write_bytes(b"x" * 512)
    assert run(["floppy", "write", str(disk), str(tmp_path / "sector"), "--lba", "1", "-e", "reference"]) == 0
    assert synced == [(disk, b"x" * 512)]
