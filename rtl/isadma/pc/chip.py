"""The 8237A as a board of ours uses it: with a look at what its pins tell late, or two things by turns."""

# Ref: Intel 8237A data sheet 231466-005, figure 11 (DACK comes a state after the address).

from isadma.i8237 import I8237

__all__ = ["BoardChip"]


class BoardChip(I8237):
    """An 8237A whose latched channel can be seen, and A8-A15 apart from the data.

    On the board the DACK lines choose the page register, and DACK comes in S2, when the memory's read strobe falls. A
    page register in block RAM needs a clock more than that. So the board asks the chip itself.

    DB carries A8-A15 and data by turns; A8-A15 take a shorter way by themselves.
    """

    @property
    def served(self):
        """The channel whose service is next, under way, or was last (2 bits).

        It changes with the second SI of a service, and is channel 0 all through memory-to-memory.
        """
        return self.timing.service.channel

    @property
    def high(self):
        """A8-A15 (8 bits): DB while ADSTB is high."""
        return self.registers.q[8:]

    @property
    def strobing(self):
        """High (1 bit) as long as a strobe of the transfer is low, and in a verify transfer where one would be.

        READY is wanted soon, and which strobes a transfer has comes out of the mode registers, late.
        """
        return self.waveform.strobing
