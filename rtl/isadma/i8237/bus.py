"""The pins of the 8237A, split into input, output and output enable."""

# Ref: Intel 8237A data sheet, order no. 231466-005, table 1 (pin description).
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .regs import CHANNELS

__all__ = ["ADDRESS_PINS", "BiPin", "ChipPins", "OpenDrain", "TriState"]

#: A0-A7; A8-A15 go out on DB0-DB7 while ADSTB is high.
ADDRESS_PINS = 8


class BiPin(wiring.Signature):
    """A three-state pin that is also an input, seen from the chip.

    Parameters
    ----------
    width : int
        Bits driven.
    i_width : int or None
        Bits read; all of them unless told.
    idle : int
        What a simulator reads where nothing drives the pin.
    """

    def __init__(self, width=1, *, i_width=None, idle=0):
        super().__init__({"i": In(i_width or width, init=idle), "o": Out(width), "oe": Out(1)})


class TriState(wiring.Signature):
    """A three-state output pin, seen from the chip."""

    def __init__(self, width=1):
        super().__init__({"o": Out(width), "oe": Out(1)})


class OpenDrain(wiring.Signature):
    """An open-drain pin: `o` is always 0, `oe` = 1 pulls low, `i` is what the wire shows."""

    def __init__(self):
        super().__init__({"i": In(1, init=1), "o": Out(1), "oe": Out(1)})


class ChipPins(wiring.Signature):
    """All pins but CLK, from the chip's side, by the data sheet's names; active low ends in ``_n``.

    ``dack`` and ``dreq`` are pin levels: command bits 7 and 6 decide their polarity (after RESET: DACK low, DREQ high).
    """

    def __init__(self):
        super().__init__(
            {
                "reset": In(1),
                "cs_n": In(1, init=1),
                "ready": In(1, init=1),
                "hlda": In(1),
                "dreq": In(CHANNELS),
                "hrq": Out(1),
                "dack": Out(CHANNELS, init=(1 << CHANNELS) - 1),
                "aen": Out(1),
                "adstb": Out(1),
                "ior_n": Out(BiPin(idle=1)),
                "iow_n": Out(BiPin(idle=1)),
                "memr_n": Out(TriState()),
                "memw_n": Out(TriState()),
                "eop_n": Out(OpenDrain()),
                "db": Out(BiPin(8)),
                "a": Out(BiPin(ADDRESS_PINS, i_width=4)),
            }
        )
