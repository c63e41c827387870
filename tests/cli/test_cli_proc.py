"""`isadma proc`: who owns which channel and which memory."""

from __future__ import annotations

import json

import pytest


def test_floppy_driver_and_cascade_are_in_proc_dma_as_linux_prints_it(isadma):
    outcome = isadma("proc", "-e", "reference")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("/proc/dma\n 2: floppy\n 4: cascade\n\n/proc/iomem\n")


def test_each_driver_has_its_channel_and_its_memory(isadma):
    found = json.loads(isadma("proc", "floppy", "sound=1", "scsi=word", "net=byte", "--json", "-e", "reference").out)
    assert found["dma"] == {"0": "net", "1": "sound", "2": "floppy", "4": "cascade", "5": "scsi"}
    owners = [block["owner"] for block in found["iomem"]]
    assert {"floppy", "sound", "scsi", "net"} < set(owners)
    for block in found["iomem"]:
        if block["owner"] in {"sound", "net", "floppy"}:
            assert block["start"] >> 16 == block["end"] >> 16  # no 64K boundary inside


def test_all_seven_channels_can_be_taken(isadma):
    words = [f"d{channel}={channel}" for channel in (0, 1, 2, 3, 5, 6, 7)]
    found = json.loads(isadma("proc", *words, "--json", "-e", "reference").out)
    assert found["dma"] == {"4": "cascade"} | {word[3]: word[:2] for word in words}


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["floppy", "sound=2"], ["channel 2", "'sound'", "'floppy'", "jumper"]),
        (["bus=4"], ["channel 4", "'bus'", "'cascade'"]),
        (["a=5", "b=6", "c=7", "d=word"], ["word", "5 by 'a'", "7 by 'c'"]),
    ],
)
def test_channel_taken_twice_fails_naming_the_owner(isadma, words, parts):
    outcome = isadma("proc", *words, "-e", "reference")
    assert (outcome.status, outcome.out) == (1, "")
    for part in parts:
        assert part in outcome.complaint


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("sond", ["'sond'", "sound=1"]),
        ("sound=8", ["'8'", "0 to 7"]),
        ("sound=dword", ["'dword'", "byte or word"]),
        ("=3", ["'=3'"]),
    ],
)
def test_driver_that_is_none_is_wrong_usage(isadma, word, parts):
    outcome = isadma("proc", word, "-e", "reference")
    assert outcome.status == 2
    for part in parts:
        assert part in outcome.complaint
