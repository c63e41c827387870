"""What is proved of the boards; and that what is wrong of them is not."""

import gc

import pytest
from amaranth.hdl import Assert

from isadma_verify.formal.at_address import AtAddressFormation
from isadma_verify.formal.at_rules import AtKeepsRules
from isadma_verify.formal.boards import BOARD_PROPERTIES
from isadma_verify.formal.runner import Property, prove


# At several clocks to a state the rules take twice as long, and are part of `make test-long`.
@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=rule.name, marks=[pytest.mark.long] if rule.name == "at-rules-half" else [])
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
    verdict = prove(wrong, timeout=300)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail


class NoCascade(AtKeepsRules):
    """A program that puts channel 4 into any mode: then both chips drive the bus at once."""

    def assume_software(self, m):
        pass


def test_rules_of_the_bus_need_channel_4_in_cascade_mode():
    wrong = Property("wrong", "Any mode will do.", lambda _: NoCascade("state"), depth=3, why="as above", cover_depth=1)
    verdict = prove(wrong, timeout=300)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_unknown_clocking_of_the_board_is_refused():
    with pytest.raises(ValueError, match="clocking 'quarter': take one of state, half"):
        AtKeepsRules("quarter")
    gc.collect()  # what was built before the error warns now, where it is expected
