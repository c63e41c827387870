"""Terminal count: whether the word count passes zero with this transfer."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (current word count register).
from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["TerminalCount"]


class TerminalCount(wiring.Component):
    """Looks at the word count while the register file shows it.

    After S1 that is in S2, in time for this transfer. Without S1 it comes too late for compressed timing, but then the
    transfer before saw the count already: one more is this one's.
    """

    clk_fall: In(1)
    q: In(16)
    #: `q` is the word count of this transfer.
    shown: In(1)
    #: It is so in S2, after S1.
    early: In(1)
    #: S4, and the next transfer of the service follows.
    onward: In(1)

    #: The count is 0000h; valid from S3 on, without S1 from S2 on.
    zero: Out(1)
    #: The same while it is shown.
    zero_now: Out(1)

    def elaborate(self, platform):
        m = Module()
        # One look-up table per nibble: left alone, tools build a chain to save one. The tree is cut where it is two
        # flip-flops wide, so that no path has all of it.
        nibbles = Signal(4, attrs={"keep": 1})
        above_now, one_now = Signal(), Signal()
        m.d.comb += [
            nibbles.eq(Cat(self.q.word_select(i, 4) == 0 for i in range(4))),
            above_now.eq(nibbles[1:].all()),
            one_now.eq(self.q[:4] == 1),
        ]
        above, zero, next_above, next_zero = (
            Signal(name=name, reset_less=True) for name in ("above", "zero", "next_above", "next_zero")
        )
        with m.If(self.clk_fall):
            with m.If(self.shown):
                m.d.sync += [next_above.eq(above_now), next_zero.eq(one_now)]
            with m.If(self.early):
                m.d.sync += [above.eq(above_now), zero.eq(nibbles[0])]
            # The next transfer's count is zero when this one's is one.
            with m.If(self.onward):
                m.d.sync += [
                    above.eq(Mux(self.shown, above_now, next_above)),
                    zero.eq(Mux(self.shown, one_now, next_zero)),
                ]
        m.d.comb += [
            self.zero.eq(above & zero),
            self.zero_now.eq(nibbles.all()),
        ]
        return m
