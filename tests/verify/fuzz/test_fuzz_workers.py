"""Workers that are processes of this machine, and what is said of one that is killed."""

import math
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
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


def test_what_a_piece_raises_comes_out_with_where_it_was_raised():
    with pytest.raises(ValueError, match="math domain error") as caught:
        Processes(2).play(math.sqrt, iter([-1.0]), lambda _: None)
    assert "in a worker process:" in caught.value.__notes__[0]


#: A worker that is killed while it sends a long answer: nobody reads meanwhile, and the other worker has work.
KILLED = """
import os
import signal
import subprocess
import threading
import time

from isadma_verify.spread.workers import ClusterError, Processes


def work(item):
    if item:
        time.sleep(600)
    subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {os.getppid()}"])
    os.kill(os.getppid(), signal.SIGSTOP)
    threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return bytes(8_000_000)


if __name__ == "__main__":
    try:
        Processes(2).play(work, iter([0, 1]), lambda answer: print(len(answer)))
    except ClusterError as error:
        print(error)
"""


def test_a_worker_that_is_killed_in_the_middle_of_a_long_answer_is_one_line(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(KILLED)
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(
        [sys.executable, program], stdout=PIPE, text=True, start_new_session=True, env=environment
    ) as running:
        try:
            said = running.communicate(timeout=30)[0].splitlines()
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    assert said[-1] == "one of 2 worker processes was killed; if memory was short, take fewer (--jobs)"
    assert said[:-1] in ([], ["8000000"])
    assert os.listdir(tmp_path / "tmp") == []


#: Workers in the middle of long answers, from its first line on.
LONG = """
from isadma_verify.spread.workers import ClusterError, Processes

first = []


def take(answer):
    if not first:
        first.append(print("begun", flush=True))


if __name__ == "__main__":
    try:
        Processes(2).play(bytes, (8_000_000 for _ in range(100_000)), take)
    except ClusterError as error:
        print(error)
"""


def workers_of(pid):
    """List the worker processes of a program: its children, but for the one that counts its semaphores."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.long
def test_a_worker_that_is_killed_at_any_moment_of_long_answers_is_one_line(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(LONG)
    for step in range(100):
        with subprocess.Popen([sys.executable, program], stdout=PIPE, text=True, start_new_session=True) as running:
            assert running.stdout.readline() == "begun\n"
            time.sleep(step / 1000)
            os.kill(workers_of(running.pid)[step % 2], signal.SIGKILL)
            try:
                said = running.communicate(timeout=30)[0]
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                raise
        assert said == "one of 2 worker processes was killed; if memory was short, take fewer (--jobs)\n"


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["process", "group"])
def test_ctrl_c_in_the_middle_of_long_answers_ends_it(tmp_path, send):
    program = tmp_path / "program.py"
    program.write_text(LONG)
    dice = random.Random(send.__name__)
    for _ in range(2):
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
