"""The board's wait states: READY of the chips, from their own strobes and the bus's IOCHRDY."""

# Ref: Intel 8237A data sheet 231466-005, figure 13 (READY); IBM PC AT and PC/XT Technical Reference, system board
# (one wait state).

from amaranth import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["MAX_WAIT_STATES", "WaitStates"]

#: More would be a board that no one built, and most likely a slip.
MAX_WAIT_STATES = 7


class WaitStates(wiring.Component):
    """Hold READY low while a strobe passes a chain of flip-flops.

    A strobe falls in S2 and READY is sampled at the end of S3 first, so a chain of N + 1 gives N wait states in
    normal timing. In compressed timing READY is sampled at the end of S2, which makes N + 1 of them. The chain is
    cleared while all strobes are high.

    Parameters
    ----------
    states : int
        Wait states (SW) of every transfer in normal timing, 0 to 7; 0 has no chain, in compressed timing neither.
    """

    #: State boundary: the end of this clock is the chips' CLK falling edge.
    clk_fall: In(1)
    #: High while any of the DMA's four strobes is low, and in a verify transfer where one would be.
    strobe: In(1)
    #: I/O channel ready, low holds READY low. Not synchronized here.
    iochrdy: In(1)
    #: READY of both chips, high. Combinational in iochrdy. Low while nothing is transferred, where no chip looks at it.
    ready: Out(1)

    def __init__(self, states=1):
        if not isinstance(states, int) or not 0 <= states <= MAX_WAIT_STATES:
            raise ValueError(f"wait_states is {states!r}: give 0 to {MAX_WAIT_STATES}; the AT has 1")
        self.states = states
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        if self.states == 0:
            m.d.comb += self.ready.eq(self.iochrdy)
            return m
        chain = Signal(self.states + 1)
        with m.If(self.clk_fall):
            with m.If(self.strobe):
                m.d.sync += chain.eq(Cat(1, chain))
            with m.Else():
                m.d.sync += chain.eq(0)
        m.d.comb += self.ready.eq(chain[-1] & self.iochrdy)
        return m
