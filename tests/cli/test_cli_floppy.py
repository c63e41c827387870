"""`isadma floppy` from end to end: what it reads, what it writes, and what it leaves alone."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECTOR = 512
# Issue a command of its own process where signals, pipes or a kill are the point.
COMMAND = [sys.executable, "-m", "isadma_cli"]


def sectors(first: int, count: int) -> bytes:
    """What the `disk` fixture holds there."""
    return b"".join(bytes([lba & 0xFF, lba >> 8]) * 256 for lba in range(first, first + count))


def test_sectors_read_are_the_images(isadma, disk, tmp_path):
    outcome = isadma("floppy", "read", disk, "--lba", 17, "--sectors", 3, "-o", tmp_path / "out.bin", "-e", "reference")
    assert (outcome.status, outcome.err) == (0, "")
    assert (tmp_path / "out.bin").read_bytes() == sectors(17, 3)


def test_report_has_bytes_clocks_engine_and_digest(isadma, disk):
    out = isadma("floppy", "read", disk, "--lba", 1, "-e", "reference").out
    assert "read sector 1 of" in out
    assert "512 bytes by DMA channel 2" in out
    assert re.search(r"[\d,]+ clocks .*bus held by DMA in 4,608; engine reference", out)  # 9 clocks a byte
    assert f"sha256 {hashlib.sha256(sectors(1, 1)).hexdigest()}" in out


def test_last_sector_can_be_read(isadma, disk, tmp_path):
    isadma("floppy", "read", disk, "--lba", "0xB3F", "-o", tmp_path / "out.bin", "-e", "reference")
    assert (tmp_path / "out.bin").read_bytes() == sectors(2879, 1)


def test_rtl_reads_the_same_bytes_at_the_same_clocks_as_the_model(isadma, disk, tmp_path):
    reports = []
    for engine in ("amaranth", "reference"):
        outcome = isadma("floppy", "read", disk, "--lba", 5, "-o", tmp_path / engine, "--engine", engine)
        assert outcome.status == 0, outcome.err
        assert (tmp_path / engine).read_bytes() == sectors(5, 1)
        reports.append(re.search(r"([\d,]+) clocks", outcome.out)[1])
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("size", "last"),
    [
        (163_840, 319),
        (184_320, 359),
        (327_680, 639),
        (368_640, 719),
        (737_280, 1439),
        (1_228_800, 2399),
        (1_720_320, 3359),
        (1_763_328, 3443),
        (2_949_120, 5759),
    ],
)
def test_every_format_reads_its_last_sector(isadma, tmp_path, size, last):
    image, out = tmp_path / "disk.img", tmp_path / "out.bin"
    image.write_bytes(bytes(size - SECTOR) + bytes(range(256)) * 2)
    outcome = isadma("floppy", "read", image, "--lba", last, "-o", out, "-e", "reference")
    assert outcome.status == 0, outcome.err
    assert out.read_bytes() == bytes(range(256)) * 2


@pytest.mark.long
def test_all_reads_the_whole_image(isadma, tmp_path):
    image, out = tmp_path / "disk.img", tmp_path / "out.bin"
    image.write_bytes(sectors(0, 720))
    assert isadma("floppy", "read", image, "--all", "-o", out, "-e", "reference").status == 0
    assert out.read_bytes() == image.read_bytes()


def test_read_leaves_the_image_untouched(isadma, disk):
    before = (disk.read_bytes(), disk.stat().st_mtime_ns)
    isadma("floppy", "read", disk, "-e", "reference")
    assert (disk.read_bytes(), disk.stat().st_mtime_ns) == before


def test_bytes_on_standard_output_come_without_the_report(disk):
    done = subprocess.run(
        [*COMMAND, "floppy", "read", str(disk), "--lba", "9", "-o", "-", "-e", "reference"],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == sectors(9, 1)
    assert b"sha256" in done.stderr


def test_pio_moves_the_same_bytes_without_dma(isadma, disk, tmp_path):
    outcome = isadma("floppy", "read", disk, "--lba", 2, "--pio", "-o", tmp_path / "out.bin", "-e", "reference")
    assert (tmp_path / "out.bin").read_bytes() == sectors(2, 1)
    assert "through the processor" in outcome.out
    assert "bus held by DMA in 0;" in outcome.out


def test_channel_owned_by_someone_else_fails_naming_the_owner(isadma, disk):
    outcome = isadma("floppy", "read", disk, "--taken", "2=sound", "-e", "reference")
    assert outcome.status == 1
    for part in ("DMA channel 2", "held by 'sound'", "--pio"):
        assert part in outcome.complaint


def test_cascade_channel_belongs_to_the_cascade(isadma, disk):
    outcome = isadma("floppy", "read", disk, "--taken", "4=sound", "-e", "reference")
    assert outcome.status == 1
    assert "'cascade'" in outcome.complaint


def test_channel_the_machine_does_not_have_is_wrong_usage(isadma, disk):
    outcome = isadma("floppy", "read", disk, "--taken", "9=sound", "-e", "reference")
    assert outcome.status == 2
    assert "9" in outcome.complaint
    assert "0 to 7" in outcome.complaint


@pytest.mark.parametrize("how", [[], ["--pio"]])
def test_write_changes_the_named_sectors_and_no_other_byte(isadma, disk, tmp_path, how):
    new = bytes(range(256)) * 6
    (tmp_path / "in.bin").write_bytes(new)
    outcome = isadma("floppy", "write", disk, "--lba", 17, tmp_path / "in.bin", "-e", "reference", *how)
    assert (outcome.status, outcome.err) == (0, "")
    assert disk.read_bytes() == sectors(0, 17) + new + sectors(20, 2860)
    assert hashlib.sha256(new).hexdigest() in outcome.out


def test_write_to_a_write_protected_image_fails_and_changes_nothing(isadma, disk, tmp_path):
    (tmp_path / "in.bin").write_bytes(bytes(512))
    disk.chmod(0o444)
    outcome = isadma("floppy", "write", disk, "--lba", 3, tmp_path / "in.bin", "-e", "reference")
    assert outcome.status == 1
    for part in ("disk.img", "write protected", "chmod u+w"):
        assert part in outcome.complaint
    assert disk.read_bytes() == sectors(0, 2880)


@pytest.mark.parametrize("fraction", [0.3, 0.6, 0.9])
def test_write_killed_in_the_middle_leaves_whole_sectors(disk, tmp_path, fraction):
    count = 36
    (tmp_path / "in.bin").write_bytes(b"\xa5" * SECTOR * count)
    words = [*COMMAND, "floppy", "write", str(disk), "--lba", "0", str(tmp_path / "in.bin"), "-e", "reference"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while disk.read_bytes()[int(count * fraction) * SECTOR] != 0xA5 and time.monotonic() < deadline:
        assert process.poll() is None, "the command ended before it could be killed"
        time.sleep(0.002)
    process.kill()
    process.wait(timeout=60)
    image = disk.read_bytes()
    new = sum(image[lba * SECTOR] == 0xA5 for lba in range(count))
    assert 0 < new < count
    assert image == b"\xa5" * SECTOR * new + sectors(new, 2880 - new)


def test_ctrl_c_leaves_one_line_and_status_130(disk, tmp_path):
    words = [*COMMAND, "floppy", "read", str(disk), "--sectors", "2000", "-e", "reference", "-o", str(tmp_path / "out")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "isadma: interrupted\n")
    assert not (tmp_path / "out").exists()


def test_reader_that_goes_away_is_no_error_of_ours(disk):
    words = [*COMMAND, "floppy", "read", str(disk), "-o", "-", "--sectors", "2", "-e", "reference"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("to_file", [True, False], ids=["-o", "stdout"])
def test_output_that_cannot_be_written_is_one_line_and_status_1(disk, to_file):
    words = [*COMMAND, "floppy", "read", str(disk), "-e", "reference", *(["-o", "/dev/full"] if to_file else [])]
    with Path("/dev/full").open("wb") as full:
        out = subprocess.DEVNULL if to_file else full
        done = subprocess.run(words, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize("ending", ["vcd", "fst"])
def test_waveforms_are_left_with_a_save_file_beside_them(isadma, disk, tmp_path, ending):
    outcome = isadma("floppy", "read", disk, "-e", "reference", "--waves", tmp_path / f"t.{ending}")
    assert outcome.status == 0
    assert (tmp_path / f"t.{ending}").stat().st_size > 1000
    assert f"t.{ending}" in outcome.out
    assert "t.gtkw" in outcome.out


def test_every_signal_of_the_save_file_is_in_the_waveform(isadma, disk, tmp_path):
    isadma("floppy", "read", disk, "-e", "reference", "--waves", tmp_path / "t.vcd")
    named = re.findall(r"^(pc\.[\w.]+)(?:\[\d+:\d+\])?$", (tmp_path / "t.gtkw").read_text(), re.MULTILINE)
    assert len(named) > 20
    assert set(named) <= signals(tmp_path / "t.vcd")


def signals(vcd: Path) -> set[str]:
    """Full names of the variables that a VCD declares."""
    scopes: list[str] = []
    found: set[str] = set()
    for line in vcd.read_text().splitlines():
        words = line.split()
        if words[:1] == ["$scope"]:
            scopes.append(words[2])
        elif words[:1] == ["$upscope"]:
            scopes.pop()
        elif words[:1] == ["$var"]:
            found.add(".".join([*scopes, words[4].split("[")[0]]))
        elif words[:1] == ["$enddefinitions"]:
            break
    return found
