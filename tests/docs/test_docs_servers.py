"""The commands of the documents that run until they are stopped, and those that talk to a board."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from isadma_sim.engines.native.compiler import missing


@contextmanager
def running(*words: str) -> Iterator[str]:
    """Start a command, give its first line, and end it by Ctrl-C, which is status 130."""
    command = [sys.executable, "-u", "-m", "isadma_cli", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130


def test_the_lab_is_served_until_ctrl_c():
    with running("lab", "--serve", "--port", "0") as line:
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        with urllib.request.urlopen(address[0], timeout=60) as page:
            assert b"<title>" in page.read()


@pytest.mark.skipif(missing() is not None, reason="no C++ compiler")
@pytest.mark.long
def test_the_commands_for_a_board_run_on_a_simulated_one(tmp_path, monkeypatch):
    disk = tmp_path / "disk.img"
    disk.write_bytes(bytes(range(256)) * 5760)
    with running("board", "simulate") as line:
        port = re.search(r"/dev/\S+", line)
        assert port, line
        monkeypatch.setenv("ISADMA_PORT", port[0])
        for words in (("board", "test", port[0]), ("floppy", "read", str(disk), "--engine", "uart")):
            command = [sys.executable, "-m", "isadma_cli", *words]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert "512 bytes" in done.stdout
