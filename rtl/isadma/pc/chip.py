"""The 8237A as a board of ours uses it: with a look at the channel it serves, before DACK tells."""

# Ref: Intel 8237A data sheet 231466-005, figure 11 (DACK comes a state after the address).

from isadma.i8237 import I8237

__all__ = ["BoardChip"]


class BoardChip(I8237):
    """An 8237A whose latched channel can be seen.

    On the board the DACK lines choose the page register, and DACK comes in S2, when the memory's read strobe falls. A
    page register in block RAM needs a clock more than that. So the board asks the chip itself.
    """

    @property
    def served(self):
        """The channel whose service is next, under way, or was last (2 bits).

        It changes with the second SI of a service, and is channel 0 all through memory-to-memory.
        """
        return self.timing.channel
