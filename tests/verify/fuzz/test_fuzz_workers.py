"""Workers that are processes of this machine, and what is said of one that is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from subprocess import PIPE

import pytest

from isadma_verify.spread.workers import ClusterError, Processes


def test_each_piece_is_taken_once():
    taken = []
    Processes(2).play(abs, iter(range(-6, 0)), taken.append)
    assert sorted(taken) == [1, 2, 3, 4, 5, 6]


def test_a_worker_that_is_killed_is_one_line():
    with pytest.raises(ClusterError, match=r"one of 2 worker processes was killed; .* take fewer \(--jobs\)"):
        Processes(2).play(os._exit, iter([9, 9, 9]), lambda _: None)


#: Workers in the middle of long answers, from its first line on.
LONG = """
from isadma_verify.spread.workers import Processes

first = []


def take(answer):
    if not first:
        first.append(print("begun", flush=True))


if __name__ == "__main__":
    Processes(2).play(bytes, (8_000_000 for _ in range(100_000)), take)
"""


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["process", "group"])
def test_ctrl_c_in_the_middle_of_long_answers_ends_it(tmp_path, send):
    program = tmp_path / "program.py"
    program.write_text(LONG)
    dice = random.Random(send.__name__)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, program], stdout=PIPE, stderr=PIPE, text=True, start_new_session=True
        ) as running:
            assert running.stdout.readline() == "begun\n"
            time.sleep(dice.random() / 10)
            send(running.pid, signal.SIGINT)
            try:
                said = running.communicate(timeout=30)[1]
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                raise
        assert "KeyboardInterrupt" in said
