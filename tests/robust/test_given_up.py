"""Commands that Ctrl-C meets at any time: status 130, one line, and nothing of theirs runs on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

#: What is given up, and how many seconds after its start at most.
COMMANDS = {
    "floppy": (["floppy", "read", "{image}", "--all", "-o", "{folder}/out.img", "--engine", "native"], 4),
    "prove": (["prove", "mask"], 12),
    "bench": (["bench", "native"], 12),
    "tour": (["tour", "--engine", "native"], 8),
}
SELDOM = {
    "synth": (["synth"], 20),
    "build": (["build", "icebreaker", "-o", "{folder}"], 20),
}


def of_session(session):
    found = []
    for stat in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"ISADMA_GIVEN_UP={session}".encode() in stat.read_bytes().split(b"\0"):
                found.append((stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def given_up(words, after, folder):
    """Start a command and send it SIGINT; returns status, seconds until its end, its errors, and what runs on."""
    image = folder / "disk.img"
    image.write_bytes(random.Random(1).randbytes(1_474_560))
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    words = [word.format(image=image, folder=folder) for word in words]
    child = subprocess.Popen(
        [sys.executable, "-m", "isadma_cli", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ISADMA_GIVEN_UP": mark},
    )
    try:
        _, errors = child.communicate(timeout=after)
        return child.returncode, 0.0, errors, of_session(mark)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, errors = child.communicate(timeout=60)
    took = time.monotonic() - begun
    return child.returncode, took, errors, of_session(mark)


def check(name, times, folder, seed):
    words, latest = {**COMMANDS, **SELDOM}[name]
    dice = random.Random(seed)
    slowest = 0.0
    for _ in range(times):
        status, took, errors, left = given_up(words, 1.0 + dice.random() * (latest - 1.0), folder)
        slowest = max(slowest, took)
        if status != 0:  # one that was through already
            assert status == 130, errors
            assert errors.strip().splitlines()[-1] == "isadma: interrupted"
            assert "Traceback" not in errors
        assert left == []
    print(f"{name}: {times} times, the slowest end took {slowest:.2f} s")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_given_up_ends_with_all_it_started(name, tmp_path):
    check(name, 1, tmp_path, 5)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize(("name", "times"), [("floppy", 100), *((name, 10) for name in [*COMMANDS, *SELDOM][1:])])
def test_a_command_that_is_given_up_many_times_ends_with_all_it_started(name, times, tmp_path):
    check(name, times, tmp_path, 77)
