"""Interrupt lines: owned, ended, waited for with a limit, and missed ones noticed."""

import pytest

from isadma_driver import Interrupts, RecordingMachine
from isadma_driver.errors import DmaError, DmaTimeoutError


@pytest.mark.parametrize(
    ("irq", "trace"), [(6, "20<66"), (0, "20<60"), (8, "a0<60 20<62"), (14, "a0<66 20<62"), (15, "a0<67 20<62")]
)
def test_the_end_of_interrupt_is_specific_and_the_slaves_goes_first(irq, trace):
    machine = RecordingMachine()
    Interrupts(machine).end_of_interrupt(irq)
    assert machine.trace() == trace


def test_a_line_is_unmasked_for_its_owner_and_masked_when_given_back():
    machine = RecordingMachine(answers={0x21: [0xB8, 0x98], 0xA1: [0xFF]})
    interrupts = Interrupts(machine)
    line = interrupts.request_irq(5, "sound")
    line.free()
    assert machine.trace() == "21>b8 21<98 21>98 21<b8"
    machine.clear()
    interrupts.request_irq(5, "other")
    interrupts.request_irq(14, "disk")
    assert machine.trace().endswith("a1>ff a1<bf")


def test_a_taken_line_is_refused_with_its_owner():
    interrupts = Interrupts(RecordingMachine())
    interrupts.request_irq(6, "floppy")
    with pytest.raises(DmaError, match="interrupt 6, wanted by 'tape', is held by 'floppy'"):
        interrupts.request_irq(6, "tape")
    with pytest.raises(DmaError, match="interrupt 2, wanted by 'tape', is held by 'cascade'"):
        interrupts.request_irq(2, "tape")


@pytest.mark.parametrize("irq", [-1, 16, True, "6", None])
def test_a_line_that_does_not_exist_is_a_value_error(irq):
    machine = RecordingMachine()
    with pytest.raises(ValueError, match=r"no interrupt .*: use 0 to 15"):
        Interrupts(machine).request_irq(irq, "x")
    with pytest.raises(ValueError, match="owner of interrupt 3, ' ': give a name"):
        Interrupts(machine).request_irq(3, " ")
    assert machine.trace() == ""


def test_a_stray_interrupt_does_not_end_the_wait():
    machine = RecordingMachine()
    line = Interrupts(machine).request_irq(6, "floppy")
    machine.clear()
    answers = iter([False, False, True])
    line.wait(seconds=1, done=lambda: next(answers), what="read")
    assert machine.trace() == "irq6 20<66 irq6 20<66 irq6 20<66"
    assert line.lost == 0


def test_a_wait_that_nothing_ends_says_what_was_waited_for(pc):
    line = Interrupts(pc).request_irq(5, "sound")
    before = pc.clocks
    with pytest.raises(DmaTimeoutError, match=r"playback: neither interrupt 5 nor its result within 0\.05 s"):
        line.wait(seconds=0.05, done=lambda: False, what="playback")
    assert 200_000 <= pc.clocks - before <= 201_000  # 0.05 s at 4 MHz
