"""`isadma boot` with a person at a terminal, and with COM1 on a pseudo-terminal: both ends are real ones."""

import os
import re
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("unicorn", reason="Unicorn is not installed: pip install 'isadma[boot]'")
fcntl = pytest.importorskip("fcntl", reason="no pseudo-terminals here")
import pty  # noqa: E402
import termios  # noqa: E402

from isadma_cli.__main__ import run  # noqa: E402
from isadma_sim.boot.assembler import assembled  # noqa: E402

ECHO = Path(__file__).parents[1] / "sim" / "boot" / "asm" / "echo.s"
#: Seconds: the machine may be busy. No engine is built in them.
PATIENCE = 120


class Terminal:
    """The command at a terminal of 100 columns and 60 lines; its standard error is a pipe."""

    def __init__(self, *words):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 100, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "isadma_cli", "boot", *map(str, words)],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=os.environ | {"TERM": "xterm-256color"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # Ctrl-C comes to it
        )
        self.theirs = theirs
        self.seen = ""

    def read(self):
        if select.select([self.ours], [], [], 0.1)[0]:
            self.seen += os.read(self.ours, 65536).decode("utf-8", "replace")

    @property
    def shown(self):
        """What came, without the terminal's orders."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen)

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} has not come: {self.shown[-2000:]}"
            assert self.process.poll() is None, self.process.stderr.read()
            self.read()

    def type(self, text):
        self.seen = ""
        os.write(self.ours, text.encode())

    def end(self):
        """Return the status, and standard error."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.read()
        for _ in range(3):
            self.read()
        assert self.process.poll() is not None, "it does not end"
        return self.process.returncode, self.process.stderr.read().decode()


@pytest.fixture
def terminal(capsys, echo):
    # What is built before the first machine of a kind is built by now, and told to nobody's terminal.
    assert run(["boot", str(echo), "--bios", "builtin", "--until", "0.001"]) == 0, capsys.readouterr().err
    opened = []

    def start(*words):
        opened.append(Terminal(*words))
        return opened[-1]

    yield start
    for one in opened:
        one.process.kill()
        one.process.wait()
        one.process.stderr.close()
        os.close(one.ours)
        os.close(one.theirs)


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    path = tmp_path_factory.mktemp("echo") / "echo.img"
    path.write_bytes(assembled(ECHO, {}).ljust(1_474_560, b"\0"))
    return path


@pytest.mark.long
def test_a_person_types_looks_at_the_tables_talks_on_com1_and_leaves(terminal, echo):
    screen = terminal(echo, "--bios", "builtin", "--serial")
    line = screen.process.stderr.readline().decode()
    path = re.fullmatch(r"COM1 is (/dev/\S+)\n", line).group(1)
    com1 = os.open(path, os.O_RDWR | os.O_NOCTTY)
    screen.wait_for("ready>")
    screen.type("hi!")
    screen.wait_for("hi!")
    said = b""
    while len(said) < 3:
        assert select.select([com1], [], [], PATIENCE)[0]
        said += os.read(com1, 10)
    assert said == b"hi!"
    os.write(com1, b"y")
    screen.wait_for("hi!Y")
    os.close(com1)
    screen.type("\x14")
    screen.wait_for("DMA channels")
    screen.wait_for("who has it")
    screen.wait_for("port accesses")
    screen.wait_for("floppy")
    screen.type("\x14\x1d")
    status, error = screen.end()
    assert (status, error) == (0, "")
    assert "ready> hi!Y" in screen.shown
    assert "asked at" in screen.shown
    assert termios.tcgetattr(screen.theirs) == screen.before


def test_ctrl_c_ends_it_with_one_line_and_the_terminal_as_it_was(terminal, echo):
    screen = terminal(echo, "--bios", "builtin", "--watch")
    screen.wait_for("ready>")
    screen.wait_for("DMA channels")
    screen.type("\x03")
    status, error = screen.end()
    assert status == 130, error
    assert len(error.splitlines()) <= 1
    assert termios.tcgetattr(screen.theirs) == screen.before
    assert screen.seen.rstrip().endswith("\x1b[?25h") or "\x1b[?1049l" in screen.seen
