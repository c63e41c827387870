"""A PC that is called from inside its devices, copied, or closed under way: one clear RuntimeError, never a crash."""

import copy
import pickle
from functools import partial

import pytest
from busy import busy, wounds

from isadma_sim import Costs, Device

#: Every call that could let clocks go by under a device's feet, or take the machine away from it.
CALLS = {
    "inb": lambda pc: pc.inb(0x87),
    "inb of a device": lambda pc: pc.inb(0x300),
    "inw": lambda pc: pc.inw(0x87),
    "outb": lambda pc: pc.outb(0x87, 1),
    "outb of a device": lambda pc: pc.outb(0x300, 1),
    "outw": lambda pc: pc.outw(0x86, 1),
    "run": lambda pc: pc.run(clocks=10),
    "run none": lambda pc: pc.run(clocks=0),
    "delay": lambda pc: pc.delay(1e-3),
    "wait_irq": lambda pc: pc.wait_irq(5, clocks=100),
    "serve": lambda pc: pc.serve(clocks=100),
    "reset": lambda pc: pc.reset(),
    "close": lambda pc: pc.close(),
    "with": lambda pc: pc.__exit__(None, None, None),
    "attach": lambda pc: pc.attach(Device()),
    "charge": lambda pc: pc.charge(Costs()),
    "trace": lambda pc: pc.trace(),
    "waves": lambda pc: pc.waves(None),
    "take_over": lambda pc: pc.take_over(),
}
CALLBACKS = ("event", "read", "dack", "tc", "in", "out")


class Meddler:
    """Makes a device's callback call the PC, once, and keeps what came of it."""

    def __init__(self, pc, whole, callback, call):
        self.error = None
        self._whole, self._callback, self._call, self._pc = whole, callback, call, pc
        self._work = whole._work
        whole._work = self.work

    def work(self, what):
        if what == self._callback and self.error is None:
            try:
                self._call(self._pc)
            except BaseException as error:
                self.error = error
            else:
                self.error = AssertionError("it was let in")
        self._work(what)


@pytest.mark.parametrize("callback", CALLBACKS)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_callback_may_not_call_its_pc(engine, callback):
    pc, whole, blocks = busy(engine)
    with pc:
        for name, call in CALLS.items():
            meddler = Meddler(pc, whole, callback, call)
            pc.inb(0x300)
            pc.outb(0x300, 0)
            for _ in range(120):
                if meddler.error is None:
                    pc.run(clocks=100)
            assert isinstance(meddler.error, RuntimeError), (name, meddler.error)
            assert "in the middle of a clock" in str(meddler.error), name
        assert wounds(pc, whole, blocks) == []


def test_a_callback_may_not_call_its_pc_in_amaranths_simulator_either():
    pc, whole, _ = busy("amaranth")
    with pc:
        for callback, name in zip(("event", "read", "dack", "in"), ("inb", "run", "reset", "close"), strict=True):
            meddler = Meddler(pc, whole, callback, CALLS[name])
            pc.run(clocks=60)
            pc.inb(0x300)
            assert "in the middle of a clock" in str(meddler.error)


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_what_a_callback_raises_for_it_surfaces_from_the_call(engine):
    pc, whole, blocks = busy(engine)
    with pc:
        whole.lines.after(3, pc.close)
        with pytest.raises(RuntimeError, match="in the middle of a clock"):
            pc.run(clocks=100)
        assert wounds(pc, whole, blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_callback_may_look_at_its_pc_and_use_another(engine):
    pc, whole, blocks = busy(engine)
    other, other_whole, other_blocks = busy(engine)
    with pc, other:
        seen = []

        def look():
            seen.append((pc.clocks, pc.stats.clocks, pc.memory[0x20000], pc.spurious, pc.acknowledged(6)))
            other.run(clocks=500)
            seen.append(other.inb(0x83))

        whole.lines.after(3, look)
        pc.run(clocks=100)
        assert len(seen) == 2
        assert wounds(pc, whole, blocks) == []
        assert wounds(other, other_whole, other_blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_an_interrupt_handler_is_program_and_may_call_the_pc(engine):
    pc, whole, blocks = busy(engine)
    with pc:
        irq = Device()
        pc.attach(irq, irq=5)
        pc.outb(0x21, pc.inb(0x21) & ~0x20)
        done = []

        def handler(interrupt):
            irq.lines.irq(False)
            pc.run(clocks=50)
            pc.outb(0x20, 0x20)
            done.append(pc.inb(0x83))

        pc.on_irq(5, handler)
        irq.lines.after(10, lambda: irq.lines.irq(True))
        pc.serve(clocks=1000)
        assert done == [2]
        assert wounds(pc, whole, blocks) == []


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_an_interrupt_handler_that_closes_the_pc_ends_the_wait(engine):
    pc, _, _ = busy(engine)
    irq = Device()
    pc.attach(irq, irq=5)
    pc.outb(0x21, pc.inb(0x21) & ~0x20)
    pc.on_irq(5, lambda interrupt: pc.close())
    irq.lines.after(10, lambda: irq.lines.irq(True))
    with pytest.raises(RuntimeError, match="this PC is closed"):
        pc.serve(clocks=1000)


@pytest.mark.parametrize("engine", ["native", "reference", "amaranth"])
def test_a_closed_pc_says_so_whatever_is_called(engine):
    pc, _, _ = busy(engine)
    pc.run(clocks=20)
    clocks, moved = pc.clocks, pc.stats.bytes[1]
    pc.close()
    pc.close()
    for name, call in CALLS.items():
        if name in ("close", "with"):
            call(pc)
        else:
            with pytest.raises(RuntimeError, match="this PC is closed"):
                call(pc)
    assert pc.clocks == clocks
    assert pc.stats.bytes[1] == moved


@pytest.mark.parametrize(
    "take",
    [copy.copy, copy.deepcopy, pickle.dumps, partial(pickle.dumps, protocol=2)],
    ids=["copy", "deep", "pickle", "old"],
)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_pc_and_what_holds_it_cannot_be_copied(engine, take):
    pc, whole, blocks = busy(engine)
    with pc:
        for thing in (pc, [pc], pc._engine, whole.lines, pc._world, {"pc": pc}):
            if take is copy.copy and isinstance(thing, list | dict):
                continue
            with pytest.raises(RuntimeError, match="cannot be copied"):
                take(thing)
        assert wounds(pc, whole, blocks) == []
