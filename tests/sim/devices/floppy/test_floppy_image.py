"""Image files: which are disks, what is written when."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from isadma_sim.devices.floppy import Drive, FloppyController, Image

SIZES = [163_840, 184_320, 327_680, 368_640, 737_280, 1_228_800, 1_474_560, 1_720_320, 1_763_328, 2_949_120]
# Size, cylinders, heads, sectors, kbit/s.
GEOMETRIES = [
    (163_840, 40, 1, 8, 250),
    (184_320, 40, 1, 9, 250),
    (327_680, 40, 2, 8, 250),
    (368_640, 40, 2, 9, 250),
    (737_280, 80, 2, 9, 250),
    (1_228_800, 80, 2, 15, 500),
    (1_474_560, 80, 2, 18, 500),
    (1_720_320, 80, 2, 21, 500),
    (1_763_328, 82, 2, 21, 500),
    (2_949_120, 80, 2, 36, 1000),
]


@pytest.mark.parametrize(("size", "cylinders", "heads", "sectors", "kbps"), GEOMETRIES)
def test_the_size_decides_the_geometry(size, cylinders, heads, sectors, kbps):
    known = Image.from_bytes(bytes(size)).geometry
    assert (known.cylinders, known.heads, known.sectors, known.kbps) == (cylinders, heads, sectors, kbps)


@pytest.mark.parametrize("size", [0, 512, 1_474_559, 1_474_561, 2_949_121])
def test_a_size_that_is_no_floppys_is_refused_with_the_valid_ones(size):
    with pytest.raises(ValueError, match=f"^{size} bytes is no floppy's size") as caught:
        Image.from_bytes(bytes(size))
    message = str(caught.value)
    assert "\n" not in message
    assert all(str(valid) in message for valid in SIZES)


def test_a_file_of_a_wrong_size_is_named(tmp_path):
    file = tmp_path / "big.img"
    file.write_bytes(b"")
    os.truncate(file, 10_000_000)
    with pytest.raises(ValueError, match=r"big\.img: 10000000 bytes is no floppy's size"):
        Image.open(file)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^no floppy image .*none\.img: give the path"):
        Image.open(tmp_path / "none.img")


def test_a_directory_is_one_line(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a directory: give the path of a floppy image"):
        Image.open(tmp_path)


@pytest.mark.usefixtures("bound_by_modes")
def test_an_unreadable_file_is_one_line(tmp_path):
    file = tmp_path / "shut.img"
    file.write_bytes(bytes(368_640))
    file.chmod(0)
    with pytest.raises(PermissionError, match=r"may not read the floppy image .*shut\.img"):
        Image.open(file)


def test_a_read_only_file_is_a_write_protected_disk(tmp_path, rig):
    file = tmp_path / "notch.img"
    file.write_bytes(bytes(1_474_560))
    file.chmod(0o444)
    with Image.open(file) as image:
        assert image.write_protected
        assert rig(image, speed="full").write(0, 0, 1, 18, b"\xff" * 512)[:2] == [0x40, 0x02]
    assert file.read_bytes() == bytes(1_474_560)


def test_protection_can_be_asked_for(tmp_path):
    file = tmp_path / "disk.img"
    file.write_bytes(bytes(368_640))
    with Image.open(file, write_protected=True) as image:
        assert image.write_protected
    with Image.open(file) as image:
        assert not image.write_protected


def test_a_sector_written_is_in_the_file_at_once(tmp_path, rig, speed):
    file = tmp_path / "disk.img"
    file.write_bytes(bytes(1_474_560))
    with Image.open(file) as image:
        machine = rig(image, speed=speed)
        machine.write(0, 1, 3, 18, b"\x77" * 512)
        at = (18 + 2) * 512
        assert file.read_bytes() == bytes(at) + b"\x77" * 512 + bytes(1_474_560 - at - 512)


def test_a_machine_reset_in_the_middle_of_a_sector_leaves_it_untouched(tmp_path, rig):
    file = tmp_path / "disk.img"
    file.write_bytes(bytes(1_474_560))
    with Image.open(file) as image:
        machine = rig(image, speed="real")
        machine.dma("read", b"\xee" * 1024)
        machine.send(0x45, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
        machine.until(lambda: machine.moved == 800)
        machine.fdc.reset()
    assert file.read_bytes() == b"\xee" * 512 + bytes(1_474_560 - 512)


def test_a_program_killed_in_the_middle_leaves_whole_sectors(tmp_path):
    file = tmp_path / "disk.img"
    file.write_bytes(bytes(1_474_560))
    program = textwrap.dedent("""
        import sys
        from isadma_sim.devices.floppy import Image
        image = Image.open(sys.argv[1])
        print("ready", flush=True)
        turn = 0
        while True:
            turn = turn % 255 + 1
            for cylinder in range(80):
                for sector in image.track(cylinder, 0):
                    image.write(sector, bytes([turn]) * 512)
    """)
    child = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.2)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        child.stdout.close()
    data = file.read_bytes()
    assert len(data) == 1_474_560
    assert any(data)
    torn = [at for at in range(0, len(data), 512) if len(set(data[at : at + 512])) != 1]
    assert torn == []


def test_after_closing_the_disk_takes_no_writes(tmp_path, rig):
    file = tmp_path / "disk.img"
    file.write_bytes(bytes(1_474_560))
    image = Image.open(file)
    machine = rig(image, speed="full")
    image.close()
    assert machine.write(0, 0, 1, 18, b"\xff" * 512)[:2] == [0x40, 0x02]


def test_lba_and_chs_turn_into_each_other():
    known = Image.from_bytes(bytes(1_474_560)).geometry
    assert known.chs(0) == (0, 0, 1)
    assert known.chs(18) == (0, 1, 1)
    assert known.chs(2879) == (79, 1, 18)
    assert known.lba(79, 1, 18) == 2879
    with pytest.raises(ValueError, match=r"sector 2880 is not on a 1\.44M disk: use 0 to 2879"):
        known.chs(2880)


def test_a_disk_that_does_not_fit_is_refused(disk):
    with pytest.raises(ValueError, match=r"a 1\.2M disk does not go into a 1\.44M drive: it takes 720K, 1\.44M"):
        Drive("1.44M", disk("1.2M"))
    drive = Drive("1.44M", disk("720K"))
    with pytest.raises(ValueError, match="has a disk in it: eject it first"):
        drive.insert(disk())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FloppyController(speed="fast"), "no floppy speed 'fast': use real or full"),
        (lambda: FloppyController(variant="8272"), "no floppy controller '8272': use 82077AA or uPD765A"),
        (lambda: FloppyController([None] * 5), "5 drives on one floppy controller: 4 at most"),
        (lambda: FloppyController().eject(0), "no floppy drive 0: use FloppyController"),
        (lambda: FloppyController([Drive()]).eject(1), "no floppy drive 1: use 0"),
        (lambda: FloppyController([Drive()]).eject(-1), "no floppy drive -1: use 0"),
        (lambda: Drive("8 inch"), "no floppy drive '8 inch': use 360K, 1.2M, 720K, 1.44M, 2.88M"),
    ],
)
def test_bad_values_are_named_with_the_way_out(make, message):
    with pytest.raises(ValueError, match=message):
        make()
