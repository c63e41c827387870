"""`--board xt`: the same commands on a PC/XT, and what it refuses."""

from __future__ import annotations

import hashlib
import json

import pytest

KNOWN = "eb2fa7812a6eae56dfcbc0e8e5c11b8b7ca6ee7a83180da0f5f88597c941a376"


def test_the_demo_reads_its_file_on_a_pc_xt(isadma, tmp_path):
    outcome = isadma("demo", "--board", "xt", "--json", "--engine", "native", "--waves", tmp_path / "d.fst")
    assert outcome.status == 0
    report = json.loads(outcome.out)
    assert report["sha256"] == {"known": KNOWN, "read": KNOWN}
    assert (report["board"], report["clock_hz"]) == ("xt", 4_772_727)
    assert [line.split() for line in report["proc_dma"]] == [["0:", "refresh"], ["2:", "floppy"]]
    assert report["registers"]["after"]["page, as written"] == "0h"


def test_sectors_go_both_ways_on_a_pc_xt(isadma, disk, tmp_path):
    source, copy = tmp_path / "in.bin", tmp_path / "out.bin"
    source.write_bytes(bytes(range(256)) * 4)
    written = isadma("floppy", "write", disk, source, "--lba", 17, "--board", "xt", "-e", "native")
    assert (written.status, written.err) == (0, "")
    read = isadma("floppy", "read", disk, "--lba", 17, "--sectors", 2, "-o", copy, "-b", "xt", "-e", "native")
    assert read.status == 0
    assert hashlib.sha256(source.read_bytes()).hexdigest() in read.out
    assert copy.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("words", [["demo"], ["floppy", "read", "disk.img"], ["proc"]])
def test_an_unknown_board_is_refused_with_the_names_there_are(isadma, disk, monkeypatch, words):
    monkeypatch.chdir(disk.parent)
    outcome = isadma(*words, "--board", "xtt")
    assert outcome.status == 2
    assert outcome.complaint == "isadma: no board 'xtt' (did you mean 'xt'?); there are at, xt"


def test_a_pc_xt_has_no_word_channels_to_take(isadma, disk):
    outcome = isadma("floppy", "read", disk, "--board", "xt", "--taken", "5=sound")
    assert outcome.status == 2
    assert outcome.complaint == "isadma: --taken '5=sound': no DMA channel 5 on the PC/XT; use 0 to 3"


def test_channel_0_of_a_pc_xt_belongs_to_refresh(isadma, disk):
    outcome = isadma("floppy", "read", disk, "--board", "xt", "--taken", "0=sound", "-e", "reference")
    assert outcome.status == 1
    assert "refresh" in outcome.complaint


def test_proc_shows_the_channels_of_a_pc_xt(isadma):
    outcome = isadma("proc", "floppy", "sound=1", "net=byte", "--board", "xt", "-e", "reference")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("/proc/dma\n 0: refresh\n 1: sound\n 2: floppy\n 3: net\n\n")


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("scsi=5", "isadma: 'scsi=5': no channel '5' on the PC/XT; use 0 to 3, byte or word"),
        ("scsi=word", "isadma: no free word DMA channel on the PC/XT: none"),
    ],
)
def test_a_pc_xt_has_no_word_channels(isadma, word, complaint):
    assert isadma("proc", word, "--board", "xt", "-e", "reference").complaint == complaint
