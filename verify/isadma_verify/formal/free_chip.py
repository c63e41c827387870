"""An 8237A that does anything at all: what is proved of a board around it needs no proof of the chip."""

from amaranth.hdl import Fragment, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.i8237.bus import ChipPins


class FreeChip(wiring.Component):
    """The pins of an 8237A, and what `isadma.pc.chip.BoardChip` shows beside them; the proof drives its outputs."""

    def __init__(self) -> None:
        beside = {"served": In(2), "high": In(8), "strobing": In(1)}
        super().__init__({"clk_fall": In(1), "clk_rise": In(1), **beside, **ChipPins().members})

    def elaborate(self, platform: object) -> Module:
        """Do nothing."""
        return Module()


def unused(chip: wiring.Component) -> None:
    """Elaborate a chip that another one takes the place of, or Amaranth warns that it was never used."""
    Fragment.get(chip, None)
