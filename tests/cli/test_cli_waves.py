"""`--from`, `--until` and `--waves-limit`: the part of a run that its waveforms show."""

import re

import pytest

ENGINE = ("--engine", "reference")


def times(path):
    return [int(time) for time in re.findall(r"^#(\d+)$", path.read_text(), re.MULTILINE)]


def test_from_request_to_interrupt_shows_one_transfer(isadma, disk, tmp_path):
    waves = tmp_path / "t.vcd"
    read = isadma("floppy", "read", disk, *ENGINE, "--waves", waves, "--from", "dreq2", "--until", "tc")
    assert (read.status, read.err) == (0, "")
    # 512 bytes of 16 us each, less what the FIFO takes at first; and not the time of motor and heads before them.
    shown = times(waves)[1:]  # the first is that of power-up, when all is unknown
    assert 500 * 16_000 < shown[-1] - shown[0] < 513 * 16_000


def test_clocks_bound_the_waveforms(isadma, disk, tmp_path):
    waves = tmp_path / "t.vcd"
    read = isadma("floppy", "read", disk, *ENGINE, "--waves", waves, "--from", "1000", "--until", "1999")
    assert read.status == 0
    assert times(waves)[0] == 1000 * 250
    assert times(waves)[-1] <= 2000 * 250


def test_a_dump_that_reaches_its_limit_ends_and_the_user_is_told(isadma, disk, tmp_path):
    waves = tmp_path / "t.vcd"
    read = isadma("floppy", "read", disk, *ENGINE, "--waves", waves, "--waves-limit", "100K")
    assert read.status == 0
    assert waves.stat().st_size <= 100 << 10
    assert "the file is full" in read.err


def test_an_event_that_never_comes_is_told(isadma, disk, tmp_path):
    read = isadma("floppy", "read", disk, *ENGINE, "--waves", tmp_path / "t.vcd", "--from", "dreq7")
    assert read.status == 0
    assert read.err == "the waveforms are empty: --from dreq7 never came\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--from", "dreq4"), "--from: no line 'dreq4': use a clock number, dreqN"),
        (("--until", "soon"), "--until: no clock and no event 'soon'"),
        (("--from", "20", "--until", "10"), "--until 10 is before --from 20"),
        (("--waves-limit", "much"), "--waves-limit 'much' is no size: write 500K, 20M or bytes"),
        (("--waves-limit", "1K"), "--waves-limit 1K leaves no room for a dump: give 64K or more"),
    ],
)
def test_what_cannot_be_is_refused(isadma, disk, tmp_path, words, complaint):
    read = isadma("floppy", "read", disk, *ENGINE, "--waves", tmp_path / "t.vcd", *words)
    assert read.status == 2
    assert complaint in read.complaint
    assert not (tmp_path / "t.vcd").exists()


@pytest.mark.parametrize("words", [("--from", "tc"), ("--until", "tc"), ("--waves-limit", "1M")])
def test_a_window_without_waveforms_is_refused(isadma, disk, words):
    read = isadma("floppy", "read", disk, *ENGINE, *words)
    assert read.status == 2
    assert "name a file for them with --waves" in read.complaint
