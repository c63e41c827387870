"""What is proved of the boards; and that what is wrong of them is not."""

import gc

import pytest
from amaranth.hdl import Assert

from isadma_verify.formal.at_address import AtAddressFormation
from isadma_verify.formal.at_rules import AtKeepsRules
from isadma_verify.formal.board_liveness import AtAnswers, XtAnswers
from isadma_verify.formal.boards import BOARD_PROPERTIES
from isadma_verify.formal.runner import Property, prove

# What takes long, or is like what stays, is part of `make test-long`; `isadma prove` proves all.
SLOW = {
    "at-rules-half",
    "at-answers",
    "xt-hold-state",
    "xt-hold-half",
    "wishbone-pipelined-master",
    "wishbone-pipelined-slave",
    "wishbone-burst-answers",
    "xt-address",
    "wishbone-master",
    "wishbone-bursts",
}


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=rule.name, marks=[pytest.mark.long] if rule.name in SLOW else [])
        for rule in BOARD_PROPERTIES
    ],
)
def test_board_keeps_promise(rule):
    verdict = prove(rule, timeout=300)
    assert verdict.proved, verdict.detail
    assert verdict.covered, verdict.detail


class BitZeroCounts(AtAddressFormation):
    """A wrong promise: page bit 0 is A16 of a word channel."""

    def promise(self, m, board):
        super().promise(m, board)
        with m.If(self.aen2 & (self.served2 == 1)):
            m.d.comb += Assert(board.isa.a.o[16] == board.pages.page[0])


def test_page_bit_0_as_an_address_bit_is_refuted():
    wrong = Property("wrong", "Page bit 0 counts.", lambda _: BitZeroCounts(), depth=3, why="as above", cover_depth=2)
    verdict = prove(wrong, timeout=300, cover=False)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail


class NoCascade(AtKeepsRules):
    """A program that puts channel 4 into any mode: then both chips drive the bus at once."""

    def assume_software(self, m):
        pass


def test_rules_of_the_bus_need_channel_4_in_cascade_mode():
    wrong = Property("wrong", "Any mode will do.", lambda _: NoCascade("state"), depth=3, why="as above", cover_depth=1)
    verdict = prove(wrong, timeout=300, cover=False)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_unknown_clocking_of_the_board_is_refused():
    with pytest.raises(ValueError, match="clocking 'quarter': take one of state, half"):
        AtKeepsRules("quarter")
    gc.collect()  # what was built before the error warns now, where it is expected


class SoonerAt(AtAnswers):
    """A wrong promise: the AT answers a state sooner than it does."""

    bound = AtAnswers.bound - 1


class SoonerXt(XtAnswers):
    """A wrong promise: the XT answers a state sooner than it does."""

    bound = XtAnswers.bound - 1


class NoFairProcessor(XtAnswers):
    """A processor that may keep the bus for as long as it likes."""

    def fair(self, m, busy):
        pass


@pytest.mark.parametrize(
    "world",
    [pytest.param(SoonerAt, marks=pytest.mark.long), SoonerXt, pytest.param(NoFairProcessor, marks=pytest.mark.long)],
    ids=lambda world: world.__name__,
)
def test_an_answer_sooner_or_without_a_fair_processor_is_refuted(world):
    wrong = Property("wrong", "Sooner.", lambda _: world("state"), depth=world.bound + 4, why="as above", cover_depth=1)
    verdict = prove(wrong, timeout=300, cover=False)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail
