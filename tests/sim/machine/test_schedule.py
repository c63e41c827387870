"""Ordered calls: by clock, then by order; cancelled ones never happen."""

import pytest

from isadma_sim.machine.schedule import NEVER, Schedule


def test_events_come_by_clock_and_then_in_the_order_given():
    schedule, seen = Schedule(), []
    for clock, name in ((5, "a"), (3, "b"), (5, "c"), (3, "d")):
        schedule.at(clock, lambda name=name: seen.append(name))
    assert schedule.due == 3
    schedule.run(5)
    assert seen == ["b", "d", "a", "c"]
    assert schedule.due == NEVER


def test_an_event_is_not_made_before_its_clock():
    schedule, seen = Schedule(), []
    schedule.at(5, lambda: seen.append(5))
    schedule.run(4)
    assert seen == []


def test_a_cancelled_event_never_happens_and_is_never_due():
    schedule, seen = Schedule(), []
    first = schedule.at(5, lambda: seen.append(5))
    schedule.at(9, lambda: seen.append(9))
    schedule.cancel(first)
    assert schedule.due == 9
    schedule.run(9)
    schedule.cancel(first)
    assert seen == [9]


def test_an_event_may_order_another_for_the_same_clock():
    schedule, seen = Schedule(), []
    schedule.at(5, lambda: schedule.at(5, lambda: seen.append("second")))
    schedule.run(5)
    assert seen == ["second"]


def test_an_exception_in_one_event_leaves_the_others_in_place():
    schedule, seen = Schedule(), []
    schedule.at(5, lambda: 1 // 0)
    schedule.at(5, lambda: seen.append("after"))
    with pytest.raises(ZeroDivisionError):
        schedule.run(5)
    schedule.run(5)
    assert seen == ["after"]
