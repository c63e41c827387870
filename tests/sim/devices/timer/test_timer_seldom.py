"""A counter goes through pulses in leaps; asked at every pulse, it says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isadma_sim.devices.timer import Pit8254
from isadma_sim.devices.timer.moment import Moment

WORDS = (0x10, 0x12, 0x14, 0x16, 0x18, 0x1A, 0x30, 0x36, 0x35, 0x21, 0x17)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 300)),
        st.tuples(st.just("program"), st.sampled_from(WORDS)),
        st.tuples(st.just("write"), st.sampled_from([0, 1, 2, 3, 4, 5, 7, 0x20, 0x99])),
        st.tuples(st.just("gate"), st.integers(0, 1)),
    ),
    min_size=3,
    max_size=25,
)


@given(actions=ACTIONS, highs=st.lists(st.booleans(), min_size=25, max_size=25))
def test_asked_seldom_a_counter_says_the_same_as_asked_every_pulse(actions, highs):
    lazy, eager, asleep = Pit8254(), Pit8254(), Pit8254()
    pulses = 0
    for (action, value), high in zip(actions, highs, strict=False):
        now = Moment(pulses, pulses + 1 + high)
        if action == "wait":
            counter = eager.counters[0]
            due = lazy.counters[0].change()
            for pulse in range(pulses + 1, pulses + value + 1):
                before = counter.out
                counter.advance(pulse)
                if counter.out != before and due is not None and pulse < due:
                    pytest.fail(f"OUT changed at pulse {pulse}, and {due} was foretold")
                if counter.out != before:
                    assert due is not None
                    lazy.counters[0].advance(due)
                if due is not None and pulse >= due:
                    lazy.counters[0].advance(due)
                    due = lazy.counters[0].change()
            pulses += value
            for pit in (lazy, asleep):
                pit.counters[0].advance(pulses)
        else:
            for pit in (lazy, eager, asleep):
                if action == "gate":
                    pit.counters[0].set_gate(bool(value), now)
                else:
                    pit.write(3 if action == "program" else 0, value, now)
        assert lazy.counters[0].out == eager.counters[0].out == asleep.counters[0].out
        assert lazy.counters[0].rises == eager.counters[0].rises == asleep.counters[0].rises
        now = Moment(pulses, pulses + 1)
        for pit in (lazy, eager):
            pit.write(3, 0xC2, now)
        assert [lazy.read(0, now) for _ in range(3)] == [eager.read(0, now) for _ in range(3)]
