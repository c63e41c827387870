"""Terminal count: whether the word count passes zero with this transfer."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (current word count register).
from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .regs import REGISTER_BITS
from .service import Clocking

__all__ = ["TerminalCount"]


class TerminalCount(wiring.Component):
    """Looks at the word count while the register file shows it.

    After S1 that is in S2, in time for this transfer. Without S1 it comes too late for compressed timing, but then the
    transfer before saw the count already: one more is this one's.
    """

    #: The clock enables.
    clocking: In(Clocking())
    #: The word that the register file shows.
    q: In(REGISTER_BITS)
    #: High: `q` is the word count of this transfer.
    shown: In(1)
    #: High: it is so in S2, after S1.
    early: In(1)
    #: High: S4, and the next transfer of the service follows.
    onward: In(1)

    #: High: the count is 0000h. Valid from S3 on, without S1 from S2 on.
    zero: Out(1)
    #: The same, combinational in `q`. Valid with `shown`.
    zero_now: Out(1)

    def elaborate(self, platform):
        m = Module()
        # A tree of look-up tables with four inputs; left alone, tools build longer chains out of it to save one.
        nibbles = Signal(4, attrs={"keep": 1})
        one_now, above, last = (
            Signal(name=name, attrs={"keep": 1}) for name in ("nibble_one", "above_zero", "lowest_is_last")
        )
        m.d.comb += [
            nibbles.eq(Cat(self.q.word_select(i, 4) == 0 for i in range(4))),
            one_now.eq(self.q[:4] == 1),
            above.eq(nibbles[1:].all()),
            self.zero_now.eq(nibbles.all()),
        ]
        # The next transfer's count is zero when this one's is one.
        m.d.comb += last.eq(Mux(self.onward, one_now, nibbles[0]))
        zero, next_zero = (Signal(name=name, reset_less=True) for name in ("zero", "next_zero"))
        with m.If(self.clocking.clk_fall):
            with m.If(self.shown):
                m.d.sync += next_zero.eq(above & one_now)
            with m.If(self.early | self.onward):
                m.d.sync += zero.eq(Mux(self.onward & ~self.shown, next_zero, above & last))
        m.d.comb += self.zero.eq(zero)
        return m
