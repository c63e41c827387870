"""Workers that are processes of this machine, and what is said of one that is killed."""

import os

import pytest

from isadma_verify.spread.workers import ClusterError, Processes


def test_each_piece_is_taken_once():
    taken = []
    Processes(2).play(abs, iter(range(-6, 0)), taken.append)
    assert sorted(taken) == [1, 2, 3, 4, 5, 6]


def test_a_worker_that_is_killed_is_one_line():
    with pytest.raises(ClusterError, match=r"one of 2 worker processes was killed; .* take fewer \(--jobs\)"):
        Processes(2).play(os._exit, iter([9, 9, 9]), lambda _: None)
