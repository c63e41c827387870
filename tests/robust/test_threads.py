"""A PC is for one thread of one process; a second is refused, by name, and never lets the machine crash."""

import os
import signal
import threading
import traceback

import pytest
from busy import busy, wounds
from test_reentry import CALLS

from isadma_driver import SharedMachine

#: What another thread may do while no clock goes by.
FREE = ("close", "with", "take_over")


def elsewhere(work, name="second"):
    """Do it in another thread; returns what it raised."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    thread.join()
    return raised[0] if raised else None


@pytest.mark.parametrize("engine", ["native", "reference", "amaranth"])
def test_a_second_thread_is_refused_and_named(engine):
    pc, whole, blocks = busy(engine)
    with pc:
        for name, call in CALLS.items():
            if name not in FREE:
                error = elsewhere(lambda call=call: call(pc))
                assert isinstance(error, RuntimeError), (name, error)
                assert "this PC is for one thread, 'MainThread', and 'second' calls it" in str(error)
        if engine != "amaranth":
            assert wounds(pc, whole, blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_pc_is_handed_over_and_back(engine):
    pc, whole, blocks = busy(engine)

    def work():
        pc.take_over()
        assert wounds(pc, whole, blocks) == []

    with pc:
        assert elsewhere(work) is None
        with pytest.raises(RuntimeError, match="for one thread, 'second', and 'MainThread' calls"):
            pc.inb(0x83)
        pc.take_over()
        assert wounds(pc, whole, blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_while_clocks_go_by_no_thread_gets_in(engine):
    pc, whole, blocks = busy(engine)
    with pc:
        for name, call in CALLS.items():
            came = []
            whole.lines.after(5, lambda call=call, came=came: came.append(elsewhere(lambda: call(pc))))
            pc.run(clocks=20)
            assert isinstance(came[0], RuntimeError), (name, came)
        assert wounds(pc, whole, blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_pc_is_closed_from_another_thread_when_no_clock_goes_by(engine):
    pc, _, _ = busy(engine)
    assert elsewhere(pc.close) is None
    with pytest.raises(RuntimeError, match="this PC is closed"):
        pc.run(clocks=1)


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_threads_that_all_want_in_at_once_crash_nothing(engine):
    pc, whole, blocks = busy(engine)
    stop = threading.Event()
    let_in, odd = [], []

    def hammer():
        calls = [call for name, call in CALLS.items() if name not in FREE]
        while not stop.is_set():
            for call in calls:
                try:
                    call(pc)
                    let_in.append(call)
                except RuntimeError:
                    pass
                except BaseException as error:
                    odd.append(error)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    with pc:
        for thread in threads:
            thread.start()
        for _ in range(300):
            pc.run(clocks=300)
            pc.inb(0x300)
            pc.inb(0x83)
        stop.set()
        for thread in threads:
            thread.join()
        assert let_in == odd == []
        assert wounds(pc, whole, blocks) == []


def test_a_shared_machine_is_for_as_many_threads_as_come():
    pc, whole, blocks = busy("native")
    machine = SharedMachine(pc)
    errors = []

    def work(port):
        for value in range(20):
            machine.outb(port, value & 0xF)
            if machine.inb(port) != value & 0xF:
                errors.append((port, value))

    threads = [threading.Thread(target=work, args=(port,)) for port in (0x84, 0x85, 0x86, 0x88)]
    with pc:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        pc.take_over()
        assert wounds(pc, whole, blocks) == []


def test_a_wait_for_a_shared_machine_that_a_signal_ends_holds_nobody_up():
    pc, _, _ = busy("native")
    machine = SharedMachine(pc)
    with pc:
        machine._turn.__enter__()
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            machine.inb(0x83)
        timer.join()
        machine._turn.__exit__()
        assert machine.inb(0x83) == 0x02


def in_a_child(work):
    """Do it in a child that fork made; returns its status: 0 when `work` returned True."""
    child = os.fork()
    if child == 0:
        status = 3
        try:
            status = 0 if work() else 1
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_child_that_fork_made_may_not_use_the_parents_pc_but_one_of_its_own(engine):
    pc, whole, blocks = busy(engine)
    me = os.getpid()

    def all_refused():
        for name, call in CALLS.items():
            try:
                call(pc)
            except RuntimeError as error:
                if f"this PC belongs to process {me}" not in str(error):
                    print(name, error)
                    return False
            else:
                print(name, "was let in")
                return False
        return True

    def own():
        mine, *parts = busy(engine)
        with mine:
            return wounds(mine, *parts) == []

    with pc:
        assert in_a_child(all_refused) == 0
        assert in_a_child(own) == 0
        came = []
        whole.lines.after(5, lambda: came.append(in_a_child(all_refused)))
        pc.run(clocks=20)
        assert came == [0]
        assert wounds(pc, whole, blocks) == []
