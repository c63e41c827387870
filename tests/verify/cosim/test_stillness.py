"""A core at whose pins nothing moves any more is waited for no longer; one that does something is."""

from collections import Counter
from types import SimpleNamespace

import pytest

from isadma_verify.cosim.common import stepping
from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.stepping import STILL, Stepper


class Core(Stepper):
    """A stepper whose fabric clocks show what it is told."""

    def __init__(self, *, journal: object | None, per_state: int = 1) -> None:
        self.clocking, self.journal, self.agents, self.last = Clocking(per_state), journal, [], None
        self._still, self._unknown, self._known, self.levels = 0, [], False, {}

    def clocks(self, many: int, **changes) -> None:
        for _ in range(many):
            inputs = dict.fromkeys(stepping._INPUTS, 0)
            self._watch(SimpleNamespace(**{"chip": "quiet", "ready": 1, **inputs, **changes}))
            self.see_whether_it_moves("HRQ")


JOURNAL = SimpleNamespace(saw=lambda sample: None, met=lambda *rules: Counter(rules))


@pytest.mark.parametrize("per_state", [1, 4])
def test_a_core_that_stands_still_is_given_up_and_it_is_said_so(per_state: int):
    core = Core(journal=JOURNAL, per_state=per_state)
    core.clocks(STILL * per_state)
    with pytest.raises(AssertionError, match=f"HRQ: no pin has moved for {STILL} states"):
        core.clocks(2)


@pytest.mark.parametrize("pin", [*stepping._INPUTS, "chip"])
def test_what_moves_is_waited_for(pin: str):
    core = Core(journal=JOURNAL)
    core.clocks(STILL)
    core.clocks(STILL, **{pin: 1})
    core.clocks(STILL)


def test_ready_alone_moves_nothing():
    core = Core(journal=JOURNAL)
    for ready in [0, 1] * (STILL // 2):
        core.clocks(1, ready=ready)
    with pytest.raises(AssertionError):
        core.clocks(2)


def test_a_bench_of_our_own_waits_as_long_as_it_says():
    core = Core(journal=None)
    core.clocks(3 * STILL)
