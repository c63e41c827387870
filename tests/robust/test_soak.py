"""The soak, for seconds in the quick suite and minutes in the long one; `make soak` goes on for an hour."""

import subprocess
import sys
from pathlib import Path

import pytest


def soaked(seconds):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("soak.py")), str(seconds)],
        capture_output=True,
        text=True,
        timeout=seconds + 300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("wrong: nothing")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
@pytest.mark.parametrize("seconds", [2, pytest.param(900, marks=pytest.mark.long)])
def test_signals_pauses_and_closes_at_random_leave_nothing_behind_and_nothing_wrong(seconds):
    soaked(seconds)
