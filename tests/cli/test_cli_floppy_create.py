"""`isadma floppy create`: images of every format, with files and without, and what it will not overwrite."""

from __future__ import annotations

import hashlib

import pytest

from isadma_cli.fat12 import SECTOR, Volume

SIZES = {
    "160K": 163_840,
    "180K": 184_320,
    "320K": 327_680,
    "360K": 368_640,
    "720K": 737_280,
    "1.2M": 1_228_800,
    "1.44M": 1_474_560,
    "1.68M": 1_720_320,
    "1.72M": 1_763_328,
    "2.88M": 2_949_120,
}
EMPTY = b"\xf6" * SECTOR


@pytest.mark.parametrize("name", SIZES)
def test_each_format_has_its_size_and_is_empty(isadma, tmp_path, name):
    outcome = isadma("floppy", "create", tmp_path / "t.img", "--format", name)
    assert (outcome.status, outcome.err) == (0, "")
    data = (tmp_path / "t.img").read_bytes()
    assert data == EMPTY * (SIZES[name] // SECTOR)
    assert hashlib.sha256(data).hexdigest() in outcome.out


def test_what_create_makes_read_reads(isadma, tmp_path):
    assert isadma("floppy", "create", tmp_path / "t.img").status == 0
    outcome = isadma("floppy", "read", tmp_path / "t.img", "-o", tmp_path / "out", "-e", "reference")
    assert (outcome.status, outcome.err) == (0, "")
    assert (tmp_path / "out").read_bytes() == EMPTY


def test_dmf_is_another_name_of_the_168m_disk(isadma, tmp_path):
    assert isadma("floppy", "create", tmp_path / "t.img", "--format", "dmf").status == 0
    assert (tmp_path / "t.img").stat().st_size == 1_720_320


@pytest.mark.parametrize("name", SIZES)
def test_files_lie_on_a_fat12_volume_under_their_names(isadma, tmp_path, name):
    (tmp_path / "hello.txt").write_bytes(b"hello\r\n")
    (tmp_path / "Data.Bin").write_bytes(bytes(range(256)) * 9)
    words = (tmp_path / "t.img", tmp_path / "hello.txt", tmp_path / "Data.Bin", "--format", name)
    outcome = isadma("floppy", "create", *words)
    assert (outcome.status, outcome.err) == (0, "")
    image = (tmp_path / "t.img").read_bytes()
    assert len(image) == SIZES[name]
    volume = Volume(lambda lba, count: image[lba * SECTOR : (lba + count) * SECTOR])
    read = {entry.name: volume.read(entry) for entry in volume.files()}
    assert read == {"HELLO.TXT": b"hello\r\n", "DATA.BIN": bytes(range(256)) * 9}


def test_a_volume_without_files_is_asked_for(isadma, tmp_path):
    assert isadma("floppy", "create", tmp_path / "t.img", "--fat12").status == 0
    assert (tmp_path / "t.img").read_bytes()[510:512] == b"\x55\xaa"


def test_an_image_that_exists_stays_unless_forced(isadma, disk):
    before = disk.read_bytes()
    outcome = isadma("floppy", "create", disk)
    assert outcome.status == 2
    assert "--force" in outcome.complaint
    assert "disk.img" in outcome.complaint
    assert disk.read_bytes() == before
    assert isadma("floppy", "create", disk, "--force").status == 0
    assert disk.read_bytes() == EMPTY * 2880


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--format", "1.4M"], ["--format '1.4M'", "did you mean '1.44M'", "160K", "DMF"]),
        (["long-name-of.text"], ["LONG-NAME-OF.TEXT", "8.3"]),
        (["missing.txt"], ["no such file", "missing.txt"]),
        (["big.bin", "--format", "160K"], ["BIG.BIN", "clusters", "160K"]),
        (["a.txt", "sub/A.TXT"], ["A.TXT", "rename one"]),
        (["t.img"], ["IMAGE 't.img' is 't.img' itself"]),
    ],
)
def test_what_does_not_fit_is_one_line_and_leaves_no_image(isadma, tmp_path, monkeypatch, words, parts):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "big.bin").write_bytes(bytes(200_000))
    for name in ("long-name-of.text", "a.txt", "sub/A.TXT"):
        (tmp_path / name).write_bytes(b"x")
    outcome = isadma("floppy", "create", "t.img", *words)
    assert outcome.status == 2
    for part in parts:
        assert part in outcome.complaint
    assert not (tmp_path / "t.img").exists()
