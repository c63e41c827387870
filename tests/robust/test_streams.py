"""Standard output and error, the null device and the compiler's name as unlucky users have them."""

import os
import subprocess
import sys
import time

import pytest

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native import build, compiler, cpplibrary
from isadma_sim.engines.native.build import engine_library

PROC = [sys.executable, "-m", "isadma_cli", "proc", "--engine", "reference"]


def shell(line, **options):
    return subprocess.run(
        ["bash", "-c", line, "sh", *PROC],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
        **options,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("reader", ["true", "head -n 1", "head -c 1"])
def test_a_reader_that_goes_away_is_a_quiet_141(tmp_path, unbuffered, reader):
    line = f'( "$@"; echo "$?" > status ) | {reader}'
    if reader == "true":  # gone before anything is printed: left to itself it would only sometimes be
        line = '( while [ ! -e gone ]; do sleep 0.02; done; "$@"; echo "$?" > status ) | (exec <&-; touch gone)'
    done = shell(line, cwd=tmp_path, env={**os.environ, "PYTHONUNBUFFERED": unbuffered})
    assert done.stderr == ""
    end = time.monotonic() + 60
    while not (tmp_path / "status").exists() and time.monotonic() < end:
        time.sleep(0.02)
    status = (tmp_path / "status").read_text().strip()
    assert status == "141" if reader == "true" else status in ("0", "141")


@pytest.mark.parametrize(
    "words", [["--help"], ["proc", "--help"], ["--version"], ["proc", "--engine", "reference"]], ids=str
)
def test_so_it_is_whatever_is_printed(words):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*PROC[:3], *words], stdout=write, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_standard_output_is_one_line_and_nothing_is_done():
    done = shell('"$@" >&-')
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "isadma: standard output is closed: send it to /dev/null if it is not wanted\n"


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "<&- 2>&-"])
def test_the_other_streams_may_be_closed(closed):
    done = shell(f'"$@" {closed}')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("/proc/dma\n")


def test_with_all_of_them_closed_the_status_tells():
    assert shell('"$@" <&- >&- 2>&-').returncode == 1
    assert shell('"$@" nonsense 2>&-').returncode == 2


def test_no_file_gets_what_is_printed_in_a_closed_streams_place(disk):
    before = disk.read_bytes()
    line = f"exec {sys.executable} -m isadma_cli floppy read {disk} --lba 5000 2>&- <&-"
    assert subprocess.run(["bash", "-c", line], capture_output=True, timeout=120, check=False).returncode == 2
    assert disk.read_bytes() == before


@pytest.mark.parametrize("line", ['"$@" | true', '"$@" > /dev/full', '"$@" >&-', '"$@" 2>&- >&-'])
def test_a_null_device_that_cannot_be_written_is_no_traceback(line):
    if os.geteuid() != 0:
        pytest.skip("only root can give a process another null device")
    # Without its folder there is none at all.
    line = f"exec 4>/dev/full; mount -t tmpfs none /dev || exit 77; {line.replace('> /dev/full', '>&4')}"
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", line, "sh", *PROC],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("no mount namespaces here")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "internal error" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1


@pytest.mark.parametrize(
    ("cxx", "said"),
    [
        ('g++ "', "CXX='g++ \"' is no compiler that answers --version: set it to one, or unset it"),
        ("no-such-compiler -O2", "CXX='no-such-compiler -O2' is no compiler that answers"),
        ("/bin/false", "CXX='/bin/false' is no compiler that answers"),
        ("/", "CXX='/' is no compiler that answers"),
        ("'' x", "CXX=''' x' is no compiler that answers"),
        ("\udcff", "is no compiler that answers"),
    ],
)
def test_a_compiler_that_is_none_is_said_and_not_passed_over(in_a_process, disk, cxx, said):
    done = in_a_process("floppy", "read", disk, "-e", "native", env={"CXX": cxx}, errors="surrogateescape")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert said in line


def test_one_that_is_no_compiler_and_calls_everything_success_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", "/bin/true")
    monkeypatch.setenv("ISADMA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "_write_board", lambda rtlil, folder, chips: None)
    compiler.find_compiler.cache_clear()
    with pytest.raises(EngineError, match=r"^/bin/true made nothing of the native engine and called it success"):
        engine_library(lambda: "", "test", chips=[])
    compiler.find_compiler.cache_clear()


@pytest.mark.parametrize("hangs_at", ["--version", "the work"])
def test_a_compiler_that_hangs_is_told(tmp_path, monkeypatch, hangs_at):
    slow = tmp_path / "slow"
    answers = "" if hangs_at == "--version" else 'if [ "$1" = --version ]; then echo slow; exit; fi\n'
    slow.write_text(f"#!/bin/sh\n{answers}exec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("CXX", str(slow))
    monkeypatch.setenv("ISADMA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "_write_board", lambda rtlil, folder, chips: None)
    monkeypatch.setattr(compiler, "_PATIENCE", 0.5)
    monkeypatch.setattr(cpplibrary, "_TIMEOUT", 0.5)
    compiler.find_compiler.cache_clear()
    with pytest.raises(EngineError, match=r"is no compiler that answers|was not through with the native engine after"):
        engine_library(lambda: "", "test", chips=[])
    compiler.find_compiler.cache_clear()


def test_a_loop_of_links_is_one_line(in_a_process, disk, tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "a.vcd").symlink_to("a.vcd")
    for option, name in (("-o", "a"), ("-o", "a/x"), ("--waves", "a.vcd")):
        done = in_a_process("floppy", "read", disk, "-e", "reference", option, name)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"isadma: cannot write '{name}': ")


def test_names_of_any_bytes_are_printed(in_a_process, disk, tmp_path):
    odd = os.fsdecode(bytes(disk.parent) + b"/\xff\xfe.img")
    os.rename(disk, odd)
    done = in_a_process("floppy", "read", odd, "-e", "reference", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
