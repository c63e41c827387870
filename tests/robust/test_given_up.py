"""Commands met by Ctrl-C, SIGTERM or SIGHUP at any time: a status, one line, nothing runs on, nothing half-written."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isadma_sim.waves.fstblocks import is_complete

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")

DISK = random.Random(1).randbytes(1_474_560)
SECTORS = 64
BROKEN = Path(__file__).resolve().parents[2] / "docs" / "examples" / "broken8237.v"
#: What is given up, and how many seconds after its start at most.
COMMANDS = {
    "floppy": (["floppy", "read", "disk.img", "--all", "-o", "out.img", "--engine", "native"], 4),
    "prove": (["prove", "mask"], 12),
    "bench": (["bench", "native"], 12),
    "tour": (["tour", "--engine", "native"], 8),
}
SELDOM = {
    "synth": (["synth"], 20),
    "build": (["build", "icebreaker", "-o", "made"], 20),
    "fuzz": (["fuzz", "--jobs", "2", "-o", "made"], 12),
    "mutate": (["mutate", "--mutants", "20", "--jobs", "2"], 20),
    "waves": (["demo", "--waves", "out.fst"], 6),
    "create": (["floppy", "create", "out.img", "--fat12"], 1),
    "write": (["floppy", "write", "disk.img", "in.bin", "--lba", "0"], 3),
    "verilog": (["verilog", "-o", "out.v"], 8),
    "simulate": (["board", "simulate"], 12),
    "boot": (["boot", "--demo"], 4),
    "traced": (["floppy", "read", "disk.img", "--all", "--trace", "out.trace"], 4),
    "lab": (["lab", "-o", "out.html"], 10),
    "scenes": (["waves", "sector", "-o", "made"], 8),
    "embed": (["embed", "-o", "made"], 6),
    "vectors": (["vectors", "-o", "made", "--count", "2000", "--jobs", "2"], 10),
    "conform": (["conform", str(BROKEN), "--pins", str(BROKEN.with_suffix(".toml")), "-o", "made"], 40),
}
SIGNALS = {signal.SIGINT: "interrupted", signal.SIGTERM: "ended by SIGTERM", signal.SIGHUP: "ended by SIGHUP"}
#: What a command may say before it: an engine that no run has built yet, or that one of its own workers builds.
BUILDS = ("isadma: building the native engine, once", "isadma: another process builds ")
#: SHA-256 of files that commands which ran to their end left, by name of the command.
WHOLE = {"floppy": {hashlib.sha256(DISK).digest()}, "create": set(), "verilog": set(), "lab": set()}


def is_trace(path):
    told = [sys.executable, "-m", "isadma_cli", "timeline", path]
    return subprocess.run(told, capture_output=True, timeout=60, check=False).returncode == 0


#: What a command that was given up leaves whole of its run until then.
RECORDS = {"waves": is_complete, "traced": is_trace}


def of_session(session):
    found = []
    for stat in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"ISADMA_GIVEN_UP={session}".encode() in stat.read_bytes().split(b"\0"):
                found.append((stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def listens(child):
    """Wait until a process has handlers of its own: before that it has begun nothing."""
    for _ in range(3000):
        caught = next(line for line in Path(f"/proc/{child.pid}/status").read_text().splitlines() if "SigCgt" in line)
        if int(caught.split()[1], 16) >> signal.SIGTERM - 1 & 1:
            return
        time.sleep(0.01)
    raise AssertionError("it never listened")


def given_up(words, number, after, folder):
    """Start a command and send it a signal; returns status, seconds until its end, its errors, and what runs on."""
    (folder / "disk.img").write_bytes(DISK)
    (folder / "in.bin").write_bytes(bytes([0xA5]) * 512 * SECTORS)
    (folder / "tmp").mkdir(exist_ok=True)
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    child = subprocess.Popen(
        [sys.executable, "-m", "isadma_cli", *words],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ISADMA_GIVEN_UP": mark, "TMPDIR": str(folder / "tmp")},
    )
    listens(child)
    try:
        _, errors = child.communicate(timeout=after)
        return child.returncode, 0.0, errors, of_session(mark)
    except subprocess.TimeoutExpired:
        child.send_signal(number)
    begun = time.monotonic()
    _, errors = child.communicate(timeout=60)
    took = time.monotonic() - begun
    return child.returncode, took, errors, of_session(mark)


def check_files(name, folder, through):
    """Nothing of it under another name, and whole under its own."""
    assert os.listdir(folder / "tmp") == []
    assert {path.name for path in folder.iterdir()} <= {
        "disk.img",
        "in.bin",
        "tmp",
        "made",
        "out.img",
        "out.fst",
        "out.v",
        "out.gtkw",
        "out.html",
        "out.trace",
    }
    (folder / "out.gtkw").unlink(missing_ok=True)
    for path in folder.glob("out.*"):
        if name in RECORDS:  # up to where it was given up, and readable
            assert RECORDS[name](path)
            path.unlink()
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        if through and name != "floppy":
            WHOLE[name].add(digest)
        assert not WHOLE[name] or digest in WHOLE[name]
        path.unlink()
    assert not list(folder.glob("made/icebreaker.bin")) or through
    disk = (folder / "disk.img").read_bytes()
    sectors = [disk[at : at + 512] for at in range(0, 512 * SECTORS, 512)]
    assert all(sector in (DISK[512 * n : 512 * n + 512], bytes([0xA5]) * 512) for n, sector in enumerate(sectors))
    assert disk[512 * SECTORS :] == DISK[512 * SECTORS :]


def check(name, number, times, folder, seed):
    words, latest = {**COMMANDS, **SELDOM}[name]
    dice = random.Random(seed)
    slowest, met = 0.0, 0
    for _ in range(times):
        after = dice.random() * latest
        status, took, errors, left = given_up(words, number, after, folder)
        slowest = max(slowest, took)
        said = f"{name}, {after:.2f} s after its start: {errors}"
        if status != 0:  # one that was through already
            met += 1
            assert status == 128 + number, said
            lines = [line for line in errors.strip().splitlines() if not line.startswith(BUILDS)]
            assert lines == [f"isadma: {SIGNALS[number]}"], said
        assert left == [], said
        check_files(name, folder, status == 0)
    print(f"{name}, {number.name}: {times} times, met {met} times, the slowest end took {slowest:.2f} s")


@pytest.mark.parametrize(("name", "number"), [*zip(COMMANDS, [*SIGNALS, signal.SIGTERM], strict=True)])
def test_a_command_that_is_given_up_ends_with_all_it_started(name, number, tmp_path):
    check(name, number, 1, tmp_path, 5)


@pytest.mark.long
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", [*COMMANDS, *SELDOM])
def test_a_command_that_is_given_up_many_times_ends_with_all_it_started(name, number, tmp_path):
    times = 4 if number != signal.SIGINT else 100 if name == "floppy" else 10
    check(name, number, times, tmp_path, 77)


IGNORES = """
import os, signal, sys, time
from isadma_cli import __main__ as command

class Swallows:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(10_000):
            pass

def work(words):
    thing = Swallows()
    del thing  # Python ignores what is raised in there
    for _ in range(2000):
        time.sleep(0.01)
    return 0

command.run = work
command.main()
"""


def test_a_signal_that_meets_python_where_it_ignores_exceptions_is_not_lost():
    done = subprocess.run([sys.executable, "-c", IGNORES], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (130, "isadma: interrupted\n")


def test_a_signal_that_was_switched_off_stays_so():
    done = subprocess.run(
        ["sh", "-c", f"trap '' HUP; {sys.executable} -m isadma_cli proc & sleep 0.4; kill -HUP $!; wait $!"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "cascade" in done.stdout
