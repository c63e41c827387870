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
        super().__init__(
            {
                #: What is on the pin, in every clock.
                "i": In(i_width or width, init=idle),
                #: What the chip drives. Valid with `oe`.
                "o": Out(width),
                #: High: the chip drives the pin.
                "oe": Out(1),
            }
        )


class TriState(wiring.Signature):
    """A three-state output pin, seen from the chip."""

    def __init__(self, width=1):
        super().__init__(
            {
                #: What the chip drives. Valid with `oe`.
                "o": Out(width),
                #: High: the chip drives the pin.
                "oe": Out(1),
            }
        )


class OpenDrain(wiring.Signature):
    """An open-drain pin: `o` is always 0, `oe` = 1 pulls low, `i` is what the wire shows."""

    def __init__(self):
        super().__init__(
            {
                #: What the wire shows, in every clock: low when anybody pulls it.
                "i": In(1, init=1),
                #: Always 0.
                "o": Out(1),
                #: High pulls the wire low.
                "oe": Out(1),
            }
        )


class ChipPins(wiring.Signature):
    """All pins but CLK, from the chip's side, by the data sheet's names; active low ends in ``_n``.

    ``dack`` and ``dreq`` are pin levels: command bits 7 and 6 decide their polarity (after RESET: DACK low, DREQ high).
    """

    def __init__(self):
        super().__init__(
            {
                #: Reset, high. Acts at the end of each clock.
                "reset": In(1),
                #: Chip select, low: IOR# and IOW# are for this chip. Valid with either.
                "cs_n": In(1, init=1),
                #: Ready, high: low adds wait states. Sampled at the end of S3 and of every SW; of S2 when compressed.
                "ready": In(1, init=1),
                #: Hold acknowledge, high: sampled at mid-state; while it is high no strobe is an access.
                "hlda": In(1),
                #: DMA requests, high unless command bit 6 is set. Sampled at the end of SI, and from S2 on.
                "dreq": In(CHANNELS),
                #: Hold request, high. From the middle of the second SI to the middle of the last S4.
                "hrq": Out(1),
                #: DMA acknowledges, low unless command bit 7 is set. From S2 to the last S4, and all through a cascade.
                "dack": Out(CHANNELS, init=(1 << CHANNELS) - 1),
                #: Address enable, high. From S1 to the middle of the state after the last S4.
                "aen": Out(1),
                #: Address strobe, high: A8-A15 are on db. From the middle of S1 to the middle of S2.
                "adstb": Out(1),
                #: I/O read, low. In: the processor reads. Out: from the middle of S2 to the middle of S4.
                "ior_n": Out(BiPin(idle=1)),
                #: I/O write, low. In: the processor writes. Out: from the middle of S3, extended S2, to that of S4.
                "iow_n": Out(BiPin(idle=1)),
                #: Memory read, low. From the middle of S2 to the middle of S4.
                "memr_n": Out(TriState()),
                #: Memory write, low. From the middle of S3, extended S2, to the middle of S4.
                "memw_n": Out(TriState()),
                #: End of process, low. In: sampled as S2 begins. Out: terminal count, from mid-S3 to mid-S4.
                "eop_n": Out(OpenDrain()),
                #: Data bus: in with IOW#, out with IOR# and in the second half of memory-to-memory; A8-A15 with ADSTB.
                "db": Out(BiPin(8)),
                #: Address. In: A0-A3, with IOR# and IOW#. Out: A0-A7, from the middle of S1 to that of the last S4.
                "a": Out(BiPin(ADDRESS_PINS, i_width=4)),
            }
        )
