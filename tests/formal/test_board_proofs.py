"""What is proved of the boards; and that what is wrong of them is not."""

import pytest
from amaranth.hdl import Assert

from isadma_sim.formal.at_address import AtAddressFormation
from isadma_sim.formal.boards import BOARD_PROPERTIES
from isadma_sim.formal.runner import Property, prove


@pytest.mark.parametrize("rule", BOARD_PROPERTIES, ids=[rule.name for rule in BOARD_PROPERTIES])
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
