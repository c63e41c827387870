"""The DMA lock: held by one thread, known to be held, and waited for with a limit."""

import threading

import pytest

from isadma_driver.channels.lock import DmaLock
from isadma_driver.errors import DmaTimeoutError, LockNotHeldError


def test_the_lock_knows_its_holder_and_may_be_taken_again_by_it():
    lock = DmaLock()
    assert not lock.held()
    with lock.acquire():
        with lock.acquire():
            assert lock.held()
        assert lock.held()
    assert not lock.held()


def test_a_lock_kept_too_long_is_reported_with_its_holder():
    lock = DmaLock(seconds=0.05)
    taken, done = threading.Event(), threading.Event()

    def keep():
        with lock.acquire():
            taken.set()
            done.wait(timeout=10)

    thread = threading.Thread(target=keep, name="sound driver")
    thread.start()
    assert taken.wait(timeout=10)
    with pytest.raises(DmaTimeoutError, match=r"held by thread 'sound driver' for over 0\.05 s"):
        lock.acquire()
    assert not lock.held()
    done.set()
    thread.join(timeout=10)
    lock.acquire().release()


def test_releasing_what_is_not_held_is_an_error():
    lock = DmaLock()
    with pytest.raises(LockNotHeldError, match="does not hold it"):
        lock.release()


def test_the_lock_is_given_back_by_an_exception():
    lock = DmaLock()

    def fail():
        with lock.acquire():
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    assert not lock.held()
